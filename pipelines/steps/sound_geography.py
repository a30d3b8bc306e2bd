"""Go on with the month where a file of boundaries or streets can't be used."""

from dataclasses import replace

from insight.errors import InsightError
from pipelines.edge.workspace import Workspace

SETTINGS = {"wards": "wards_file", "streets": "streets_file", "areas": "areas"}


def with_sound_geography(workspace: Workspace) -> tuple[Workspace, list[str]]:
    """Leave out the wards, streets or small areas that can't be read, and say why of each.

    Everybody else's pages don't need them, and reports that are stored have their place.
    """
    faults = []
    for part, setting in SETTINGS.items():
        try:
            getattr(workspace, part)
        except InsightError as error:
            faults.append(f"Made without {part} ({setting} in council.yaml): {error}")
            settings = workspace.settings.model_copy(update={setting: None})
            workspace = replace(workspace, settings=settings)
    return workspace, faults
