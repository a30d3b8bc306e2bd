"""Write the invented borough into a folder, as the files that a council would have."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from insight.borough.borough import INVENTED, Borough, make_borough
from insight.borough.plan import Plan
from insight.borough.surveys import panel_margins
from insight.errors import InsightError
from pipelines.edge.demo_inbox import write_inbox

TRUTHS = "truths.json"
"""Lies beside the settings, and tells a demo's folder from a council's."""

NOTES = {
    "council.yaml": "The council.",
    "services.yaml": "Services, who answers for them, and their numbers in the LGSL.",
    "sources.yaml": "Each source has a folder inbox/<name>; `contract` says what its files hold.",
    "measures.yaml": "Measures, entered or computed. Shares are proportions: 0.7 is 70%.",
    "topics.yaml": "What people write about, whose it is, and its form and page online.",
}


class DemoNotWrittenError(InsightError):
    """The demo's folder cannot be written, or is a council's own."""


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """What was written: the workspace, its inbox files and the truths."""

    folder: Path
    inbox: tuple[Path, ...]
    truths: Path

    def summary(self) -> str:
        """Return one line for whoever made it."""
        sources = len({path.parent for path in self.inbox})
        return f"{len(self.inbox)} files of {sources} sources."


def write_demo(
    folder: Path,
    *,
    last_month: date,
    months: int = 24,
    seed: int = 2026,
    reports_a_year: int = 300,
    tell: Callable[[str], None] | None = None,
) -> DemoFiles:
    """Write a workspace of the invented borough: settings, mappings, reference, inbox, truths.

    Parameters
    ----------
    folder
        Made if missing. Files of the same names are replaced; others stay.
    last_month
        The latest month, by its first day.
    months
        How many months of inputs, the latest included.
    seed
        Same seed, same bytes.
    reports_a_year
        Mean number of dog-fouling reports in the borough.
    tell
        Called with each part as it begins, to show that something happens.

    Raises
    ------
    DemoNotWrittenError
        If `folder` holds a council's own settings, or cannot be written.
    """
    if (folder / "settings").exists() and not (folder / TRUTHS).exists():
        message = f"{folder} is a council's own workspace. Name another folder for the demo."
        raise DemoNotWrittenError(message)
    told = tell or _say_nothing
    told("Inventing a borough")
    borough = make_borough(Plan(last_month, months, seed, reports_a_year))
    told("Writing its files")
    try:
        _write_reference(folder, borough)
        _write_yaml(folder, borough)
        inbox = write_inbox(folder / "inbox", borough)
        truths = folder / TRUTHS
        # Last: a folder without it is no finished demo.
        _write_text(truths, json.dumps(borough.truths, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        message = f"The demo cannot be written to {folder}: {error.strerror}. Name another folder."
        raise DemoNotWrittenError(message) from error
    return DemoFiles(folder, inbox, truths)


def _say_nothing(_: str) -> None:
    """Tell nobody."""


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_yaml(folder: Path, borough: Borough) -> None:
    for name, content in borough.settings.items():
        _write_text(folder / "settings" / name, _yaml(NOTES[name], content))
    for name, content in borough.mappings.items():
        note = f"How the files in inbox/{name} meet the contract {content['contract']}."
        _write_text(folder / "mappings" / f"{name}.yaml", _yaml(note, content))


class _Plain(yaml.SafeDumper):
    """Writes what is used twice in full twice: people read these files."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _yaml(note: str, content: dict[str, object]) -> str:
    dumped = yaml.dump(content, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
    return f"# {INVENTED}\n# {note}\n{dumped}"


def _write_reference(folder: Path, borough: Borough) -> None:
    reference = folder / "reference"
    for name in ("wards", "streets"):
        degrees = getattr(borough, name).to_crs("EPSG:4326")
        # Six decimals are a hand's breadth; more would be the projection's rounding.
        degrees.geometry = degrees.geometry.set_precision(1e-6, mode="pointwise")
        shapes = json.loads(degrees.to_json(drop_id=True))
        shapes = {"type": shapes["type"], "name": name, "description": INVENTED, **shapes}
        _write_text(reference / f"{name}.geojson", json.dumps(shapes, ensure_ascii=False) + "\n")
    margins = panel_margins().to_csv(index=False, lineterminator="\n")
    _write_text(reference / "population.csv", margins)
    _write_text(reference / "areas.csv", borough.areas.to_csv(index=False, lineterminator="\n"))
    _write_text(
        reference / "postcodes.csv", borough.postcodes.to_csv(index=False, lineterminator="\n")
    )
