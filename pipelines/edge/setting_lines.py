"""The exact lines to paste into a workspace's settings and mappings for suggested changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from insight.suggestions import HowRead, Setting

COUNCIL = "settings/council.yaml"
SOURCES = "settings/sources.yaml"


@dataclass(frozen=True, slots=True)
class Lines:
    """Text to paste: into which file, and in place of what."""

    file: str
    where: str
    text: str


def lines_to_paste(root: Path, changes: Iterable[tuple[HowRead, Setting]]) -> list[Lines]:
    """Return what to paste where, so that all of `changes` are made and nothing else is lost.

    A key's whole block is given, with what stands in it today, because a key that is there twice
    would silently count once. A mapping that a source has none of yet is given whole, with the
    source's line.
    """
    by_file: dict[str, list[tuple[HowRead, Setting]]] = {}
    for how, setting in changes:
        by_file.setdefault(setting.file, []).append((how, setting))
    lines: list[Lines] = []
    for file, wanted in by_file.items():
        content = _content(root / file)
        how = wanted[0][0]
        new = file != COUNCIL and not how.mapping_file
        if new:
            content = {"contract": how.contract.name}
            if any(setting.keys[0] == "columns" for _, setting in wanted):
                content["columns"] = dict(how.columns)
        for _, setting in wanted:
            _put(content, setting)
        if new:
            lines += [Lines(file, "as a new file", _yaml(content)), _source_line(root, how)]
            continue
        before = _content(root / file)
        for key in dict.fromkeys(setting.keys[0] for _, setting in wanted):
            place = f"in place of all of its `{key}:`" if key in before else "at the end"
            lines.append(Lines(file, place, _yaml({key: content[key]})))
    return lines


def _source_line(root: Path, how: HowRead) -> Lines:
    sources = _content(root / SOURCES).get("sources") or []
    known = next((one for one in sources if one.get("name") == how.source), None)
    line = {**(known or {"name": how.source, "contract": how.contract.name})}
    line["mapping"] = how.mapping
    text = yaml.safe_dump([line], default_flow_style=None, sort_keys=False, allow_unicode=True)
    return Lines(SOURCES, f"in place of the line of {how.source}", f"  {text}")


def _content(path: Path) -> dict[str, Any]:
    """Return the file's keys, every value the text that is written there."""
    try:
        content = yaml.BaseLoader(path.read_text(encoding="utf-8-sig")).get_single_data()
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return content if isinstance(content, dict) else {}


def _put(content: dict[str, Any], setting: Setting) -> None:
    place = content
    *path, last = setting.keys
    for key in path:
        if not isinstance(place.get(key), dict):
            place[key] = {}
        place = place[key]
    if not setting.add:
        place[last] = setting.value
        return
    held = place.get(last)
    held = list(held) if isinstance(held, list) else []
    place[last] = held if setting.value in held else [*held, setting.value]


def _yaml(content: dict[str, Any]) -> str:
    # Key by key, so that the outermost are one to a line as in the files that come with us.
    return "".join(
        yaml.safe_dump(
            {key: value},
            default_flow_style=None if isinstance(value, dict | list) else False,
            sort_keys=False,
            allow_unicode=True,
            width=1000,
        )
        for key, value in content.items()
    )
