"""The mappings that come with us, for exports that many councils have."""

from importlib import resources
from pathlib import Path

_FOLDER = resources.files("pipelines") / "ready_mappings"


def ready_names() -> list[str]:
    """Return the names that a source or ``--mapping`` may give instead of a file."""
    return sorted(Path(file.name).stem for file in _FOLDER.iterdir() if file.name.endswith(".yaml"))


def ready_texts() -> dict[str, str]:
    """Return each ready-made mapping file's contents by its name."""
    return {name: (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8") for name in ready_names()}


def standing_for(path: Path) -> Path:
    """Return the file that `path` names: itself, the workspace's of that name, or ours.

    A bare name such as ``fixmystreet`` stands for ``mappings/fixmystreet.yaml`` below its folder.
    A file in the workspace goes before one of ours, so that people can adapt it.
    """
    if path.exists():
        return path
    bare = not path.suffix
    own = path.parent / "mappings" / f"{path.name}.yaml" if bare else path
    if own.exists():
        return own
    if (bare or path.parent.name == "mappings") and path.stem in ready_names():
        return Path(str(_FOLDER)) / f"{path.stem}.yaml"
    return own if bare else path
