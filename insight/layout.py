"""Where the table lies on a sheet that people made: below a title, above its totals and notes.

What is left out here is always said, and never guessed: rows above the headings, rows of totals and
notes below the last record, repeated headings, and a further table below a blank row.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

Row = Sequence[str | None]

LOOK_AT = 60
"""Rows from the top in which the headings are looked for."""

_TOTAL = re.compile(r"(?:(?:grand|sub|overall)[ -]?)?totals?(?: .{0,40})?:?|sum:?", re.IGNORECASE)
_NOTE = re.compile(
    r"(?:(?:notes?|source|key|nb|report (?:run|ran|date))\b|n\.b\.|[*†]).*", re.IGNORECASE
)
_NUMBER = re.compile(r"[-+(£$€]*\d[\d,. ]*%?\)?")
_HAS_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a file's table lies, as far as a person had to say it.

    Parameters
    ----------
    header_row
        Row of the headings, counted from 1; found out when absent.
    heading_rows
        How many rows they take: with 2, ``2026`` over ``Q1`` is ``2026 Q1``.
    table
        Which table, counted from 1, where blank rows part several on one sheet.
    sheets
        ``all``, or the names of the sheets of a workbook to read as so many files.
    sheet_column
        Heading under which each row gets its sheet's name.
    totals
        ``drop`` leaves rows of totals out where they end a table; ``keep`` reads them as records.
    """

    header_row: int | None = None
    heading_rows: int | None = None
    table: int = 1
    sheets: str | tuple[str, ...] | None = None
    sheet_column: str | None = None
    totals: str = "drop"


NO_LAYOUT = Layout()
"""A layout that leaves everything to be found out."""


def find_header(rows: Sequence[Row], expected: Collection[str] = ()) -> int | None:
    """Return the position of the row of headings among the first `LOOK_AT`; None if all is blank.

    Parameters
    ----------
    rows
        The sheet's first rows; None or ``""`` for an empty cell.
    expected
        Headings that the mapping or the contract names. The row that has most of them is the
        header, whatever stands above it, if they are two and half of these or of its cells.

    Notes
    -----
    Otherwise it is the first row with anything in it, unless that row and those after it look
    like a title: each has at most half as many cells as the row below them has, which is all words.

    Examples
    --------
    >>> rows = [["Calls in May", None, None], [], ["Day", "Calls", "Answered"], ["1/5", "9", "8"]]
    >>> find_header(rows)
    2
    """
    top = rows[:LOOK_AT]
    filled = [[cell for cell in row if cell and cell.strip()] for row in top]
    if expected:
        wanted = {plain_heading(name) for name in expected}
        hits = [len(wanted & {plain_heading(cell) for cell in row}) for row in filled]
        best = max(range(len(hits)), key=lambda number: hits[number], default=0)
        enough = min(len(wanted), len(filled[best]) if filled else 0)
        if hits and hits[best] * 2 >= enough and hits[best] >= min(2, len(wanted)):
            return best
    first = next((number for number, row in enumerate(filled) if row), None)
    if first is None:
        return None
    widest = max(len(row) for row in filled)
    for number in range(first, len(filled)):
        above = max((len(row) for row in filled[first:number]), default=0)
        wide = len(filled[number])
        if (
            wide * 2 > widest
            and wide >= 2 * above
            and all(_is_word(cell) for cell in filled[number])
        ):
            return number if number == first or wide > 2 else first
        if wide * 2 > widest:
            break  # a row of records: the headings are above it, or there are none
    return first


def plain_heading(text: str) -> str:
    r"""Return a heading without what people vary: capitals, punctuation, kinds of space.

    Examples
    --------
    >>> plain_heading(" Received\u00a0at:\n")
    'received_at'
    """
    return "_".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def joined_headings(upper: Row, lower: Row) -> list[str]:
    """Return two rows of headings as one; an upper one counts for the blank cells to its right.

    Examples
    --------
    >>> joined_headings(["", "2025", None, "2026"], ["Ward", "Q1", "Q2", "Q1"])
    ['Ward', '2025 Q1', '2025 Q2', '2026 Q1']
    """
    joined: list[str] = []
    over = ""
    for place, below in enumerate(lower):
        above = (upper[place] or "").strip() if place < len(upper) else ""
        over = above or over
        joined.append(" ".join(part for part in (over, (below or "").strip()) if part))
    return joined


def unique_headings(headings: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the headings with the second of two equal ones called ``Name (2)``; and which.

    Examples
    --------
    >>> unique_headings(["Year", "Late", "Late", ""])
    (['Year', 'Late', 'Late (2)', ''], ['Late (2)'])
    """
    names = [heading.strip() for heading in headings]
    taken = set(names)
    seen: Counter[str] = Counter()
    unique, renamed = [], []
    for name in names:
        seen[name] += 1
        if not name or seen[name] == 1:
            unique.append(name)
            continue
        number = seen[name]
        while (other := f"{name} ({number})") in taken:
            number += 1
        taken.add(other)
        unique.append(other)
        renamed.append(other)
    return unique, renamed


def is_total(row: Row) -> bool:
    """Return whether a row's first filled cell calls it a total, and its others are numbers."""
    cells = [cell.strip() for cell in row if cell and cell.strip()]
    if len(cells) < 2 or not _TOTAL.fullmatch(cells[0]):
        return False
    return all(_NUMBER.fullmatch(cell) for cell in cells[1:])


def is_note(row: Row) -> bool:
    """Return whether a row's first cell begins as a note does."""
    return bool(_NOTE.fullmatch((row[0] or "").strip()))


@dataclass(frozen=True, slots=True)
class Ending:
    """Positions, among the rows given, of totals and notes below a table's last record."""

    totals: tuple[int, ...]
    notes: tuple[int, ...]


def find_end(rows: Sequence[Row], numbers: Sequence[int], width: int) -> Ending:
    """Return which of a table's last rows are no records.

    Parameters
    ----------
    rows
        The last rows that are not blank, the very last one last.
    numbers
        Their row numbers; a gap between two means that blank rows part them.
    width
        Columns of the table.

    Notes
    -----
    A note is a row of one cell that says so or that a blank row parts from the table; a total is a
    row that calls itself one and otherwise holds numbers. The first row from below that is neither
    is a record.
    """
    totals: list[int] = []
    notes: list[int] = []
    lone = [width > 2 and sum(map(_is_filled, row)) == 1 for row in rows]
    for place in range(len(rows) - 1, -1, -1):
        run = place
        while run > 0 and lone[run] and numbers[run] - numbers[run - 1] == 1 and lone[run - 1]:
            run -= 1
        parted = run > 0 and numbers[run] - numbers[run - 1] > 1
        if lone[place] and (parted or is_note(rows[place])):
            notes.append(place)
        elif is_total(rows[place]):
            totals.append(place)
        else:
            break
    return Ending(tuple(reversed(totals)), tuple(reversed(notes)))


def begins_table(row: Row, above: Sequence[Row], below: Sequence[Row]) -> bool:
    """Return whether `row`, the first below a blank one, is the headings of another table.

    That is so if it is words alone, two or more and all different, and one of them stands where
    the rows `above`, three or more, all have a digit and so have those `below`.
    """
    cells = [place for place, cell in enumerate(row) if _is_filled(cell)]
    words = [str(row[place]).strip() for place in cells]
    if len(set(words)) < max(len(words), 2) or len(above) < FEWEST_ABOVE or not below:
        return False
    if any(_HAS_DIGIT.search(word) for word in words):
        return False
    return any(_has_digits(above, place) and _has_digits(below, place) for place in cells)


FEWEST_ABOVE = 3
"""A table of fewer rows is too short to tell a heading from a record by."""


def _has_digits(rows: Sequence[Row], place: int) -> bool:
    held = [cell for row in rows if (cell := _at(row, place))]
    return bool(held) and all(_HAS_DIGIT.search(cell) for cell in held)


def heading_rows(rows: Sequence[Row], header: int) -> int:
    """Return how many rows the headings at `header` take, 1 or 2.

    They take two where the first has gaps, as merged cells leave them, that the row below fills
    with words, and numbers follow.
    """
    if header + 2 >= len(rows):
        return 1
    upper, lower, body = rows[header], rows[header + 1], rows[header + 2]
    gaps = [n for n, cell in enumerate(lower) if _is_filled(cell) and not _is_filled(_at(upper, n))]
    words = [cell for cell in lower if _is_filled(cell)]
    if not gaps or len(words) < 2 or not all(_is_word(str(cell)) for cell in words):
        return 1
    return 2 if any(cell and _NUMBER.fullmatch(cell.strip()) for cell in body) else 1


def _at(row: Row, place: int) -> str | None:
    return row[place] if place < len(row) else None


def _is_filled(cell: str | None) -> bool:
    return bool(cell and cell.strip())


def _is_word(cell: str) -> bool:
    return not _NUMBER.fullmatch(cell.strip())


def spans(numbers: Sequence[int]) -> str:
    """Return numbers as people say them.

    Examples
    --------
    >>> spans([7, 1, 2, 3])
    '1 to 3, 7'
    """
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][-1] + 1:
            found[-1] = [found[-1][0], number]
        else:
            found.append([number, number])
    return ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in found)
