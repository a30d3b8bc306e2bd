"""Read JSON: a record a line, a list of records, or an object that holds one such list."""

import json
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from insight.layout import NO_LAYOUT, Layout
from pipelines.edge.raw_table import (
    TEXT,
    DamagedFileError,
    EmptyFileError,
    FileContent,
    FileTooLargeError,
    LayoutError,
    NotATableError,
    RawTable,
    raw_table,
)
from pipelines.edge.text_encoding import decode

Object = dict[str, object]

MOST_CELLS = 50_000_000
DEEPEST = 5
"""Levels of objects in a record that become columns; what lies deeper stays JSON."""
_PLAIN_KEY = re.compile(r"[A-Za-z_][\w:-]{0,39}")


def read_json(content: FileContent, *, layout: Layout = NO_LAYOUT) -> RawTable:
    """Return records as text; a field ``b`` of an object ``a`` in one is column ``a.b``.

    Numbers keep the digits they are written with; lists stay JSON. A GeoJSON point ``p`` is columns
    ``p.longitude`` and ``p.latitude``.

    Raises
    ------
    ReadError
        If it is not JSON, or has no list of records, or more than one and `layout` names none.
    """
    decoded = decode(content)
    numbers: list[int] = []
    rows: list[Object] = []
    notes: list[str] = list(decoded.notes)
    headings: dict[str, None] = {}
    for number, record in _records(content, decoded.text, layout, notes):
        if not isinstance(record, dict):
            raise NotATableError(
                content.name, f"has no JSON object as record {number}; write one object a line."
            )
        row = _flat(record)
        headings.update(dict.fromkeys(row))
        rows.append(row)
        numbers.append(number)
        if len(headings) * len(rows) > MOST_CELLS:
            raise FileTooLargeError(
                content.name, "has too many different fields for a table; split it by its kinds."
            )
    if not headings:
        raise EmptyFileError(content.name, "holds no values; export it again.")
    columns = [
        pd.Series([_json_text(row.get(name)) for row in rows], dtype=TEXT) for name in headings
    ]
    return raw_table(
        content,
        [_sound(name) for name in headings],
        columns,
        np.asarray(numbers, dtype=np.int64),
        encoding=decoded.encoding,
        notes=notes,
    )


def _records(
    content: FileContent, text: str, layout: Layout, notes: list[str]
) -> Iterator[tuple[int, object]]:
    # Digits stay as they are written: 1.50 is not 1.5, and a long reference is no float.
    decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_constant)
    number = 1
    try:
        if text.lstrip().startswith("[") and layout.records is None:
            yield from enumerate(decoder.decode(text.strip()), start=1)
            return
        whole = _one_object(decoder, text) if layout.records is None else decoder.decode(text)
        if whole is not None:
            yield from enumerate(_list_in(content, whole, layout, notes), start=1)
            return
        for number, line in enumerate(text.split("\n"), start=1):
            if stripped := line.strip():
                yield number, decoder.decode(stripped)
    except (ValueError, RecursionError) as error:
        raise DamagedFileError(
            content.name,
            f"is not valid JSON in line {number}; write one object a line, or one array of them.",
        ) from error


def _one_object(decoder: json.JSONDecoder, text: str) -> Object | None:
    """Return the object that the whole text is; None where each line is a record."""
    stripped = text.strip()
    first, _, rest = stripped.partition("\n")
    try:
        line = decoder.decode(first)
    except (ValueError, RecursionError):
        line = None
    if isinstance(line, dict) and (rest.strip() or not _lists(line)):
        return None  # it goes on after the first record, or that is all
    try:
        whole = line if line is not None and not rest else decoder.decode(stripped)
    except (ValueError, RecursionError):
        return None  # the first line that is wrong will be named
    return whole if isinstance(whole, dict) else None


def _list_in(content: FileContent, whole: object, layout: Layout, notes: list[str]) -> list[object]:
    """Return the one list of records in `whole`, or the one that the layout names."""
    if layout.records is not None:
        return _named_list(content, whole, layout.records)
    found = _lists(whole)
    if len(found) == 1:
        ((path, records),) = found.items()
        told = f"its list {path}" if _is_plain(path) else "the one list in it"
        notes.append(f"The file is one JSON object; its records were taken from {told}.")
        return records
    if not found:
        raise NotATableError(
            content.name, "is one JSON object with no list of records; write one object a line."
        )
    plain = [path for path in found if _is_plain(path)]
    told = f": {', '.join(plain[:10])}" if plain else ""
    raise NotATableError(
        content.name,
        f"has {len(found)} lists of records{told}; name one with layout: {{records: NAME}} in the "
        "mapping.",
    )


def _is_plain(path: str) -> bool:
    # Keys may be anything, somebody's name too; only what looks like a field's name is repeated.
    return all(map(_PLAIN_KEY.fullmatch, path.split(".")))


def _named_list(content: FileContent, whole: object, path: str) -> list[object]:
    place = whole
    for key in path.split("."):
        while isinstance(place, list) and len(place) == 1:
            place = place[0]
        place = place.get(key) if isinstance(place, dict) else None
    if isinstance(place, list):
        return place
    raise LayoutError(
        content.name,
        f"has no list {path!r}, which the mapping's layout names as its records; correct it.",
    )


def _lists(whole: object, path: str = "", depth: int = 0) -> dict[str, list[object]]:
    """Return the lists of objects in an object by their way to them.

    A list of one object that itself has nothing but such a list is its wrapping.
    """
    if not isinstance(whole, dict) or depth > DEEPEST:
        return {}
    found: dict[str, list[object]] = {}
    for key, value in whole.items():
        way = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            found |= _lists(value, way, depth + 1)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            inner = _lists(value[0], way, depth + 1) if len(value) == len(value[0]) == 1 else {}
            found |= inner or {way: value}
    return found


def _flat(record: Object, prefix: str = "", depth: int = 1) -> Object:
    """Return the record's fields with those of objects in it as ``object.field``."""
    row: Object = {}
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value and depth < DEEPEST:
            inside = _point(value, name) or _flat(value, f"{name}.", depth + 1)
            for inner, held in inside.items():
                # A field that is called so already keeps its own value.
                row.setdefault(inner if inner not in record else f"{inner} (nested)", held)
        else:
            row[name] = value
    return row


def _point(value: Object, name: str) -> Object:
    match value:
        case {"type": "Point", "coordinates": [str(longitude), str(latitude), *_]}:
            return {f"{name}.longitude": longitude, f"{name}.latitude": latitude}
    return {}


def _constant(name: str) -> str | None:
    return None if name == "NaN" else name


def _json_text(value: object) -> str | None:
    if value is None or value == "" or value == {}:
        return None
    if isinstance(value, str):
        return _sound(value)
    return _sound(json.dumps(value, ensure_ascii=False))


def _sound(text: str) -> str:
    """Return `text` with halves of surrogate pairs, which JSON can write, replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
