"""Where the headings lie on a sheet that people made, and what a person may say of its layout.

What is left out above them is always said, and a mapping's layout has the last word.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

Row = Sequence[str | None]

LOOK_AT = 60
"""Rows from the first with anything in it in which the headings are looked for."""
_SEEN_BELOW = 12  # rows by which two rows of headings are told from one

NUMBER = re.compile(r"[-+(£$€]*\d[\d,. ]*%?\)?")
"""A cell that is a number, however it is dressed."""


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
        Which table, where blank rows part several on one sheet: its number from 1, or one of
        its headings.
    sheets
        ``all``, or the names of the sheets of a workbook to read as so many files; in a name,
        ``*`` stands for any signs.
    sheet_column
        Heading under which each row gets its sheet's name.
    totals
        ``drop`` leaves rows of totals out where they end a table, ``anywhere`` those between
        records too; ``keep`` reads them as records.
    records
        In JSON, the way to the list of records, such as ``data.requests``.
    serial_dates
        Which year Excel's numbers of days count from, 1900 or 1904; ``never`` reads no number as
        a date.
    """

    header_row: int | None = None
    heading_rows: int | None = None
    table: int | str = 1
    sheets: str | tuple[str, ...] | None = None
    sheet_column: str | None = None
    totals: str = "drop"
    records: str | None = None
    serial_dates: str | None = None


NO_LAYOUT = Layout()
"""A layout that leaves everything to be found out."""


def find_header(rows: Sequence[Row], expected: Collection[str] = ()) -> int | None:
    """Return the position of the row of headings; None if all is blank.

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
    first = next((number for number, row in enumerate(rows) if any(map(is_filled, row))), None)
    if first is None:
        return None
    # `LOOK_AT` rows are looked at, but the blank ones above them are passed over.
    filled: list[list[str]] = [[]] * first
    filled += [[cell for cell in row if cell and cell.strip()] for row in rows[first:][:LOOK_AT]]
    if expected:
        wanted = {plain_heading(name) for name in expected}
        hits = [len(wanted & {plain_heading(cell) for cell in row}) for row in filled]
        best = max(range(len(hits)), key=lambda number: hits[number], default=0)
        enough = min(len(wanted), len(filled[best]) if filled else 0)
        if hits and hits[best] * 2 >= enough and hits[best] >= min(2, len(wanted)):
            return best
    widest = max(len(row) for row in filled)
    for number in range(first, len(filled)):
        above = max((len(row) for row in filled[first:number]), default=0)
        wide = len(filled[number])
        if (
            wide * 2 > widest
            and wide >= 2 * above
            and all(is_word(cell) for cell in filled[number])
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


def heading_rows(rows: Sequence[Row], header: int) -> int:
    """Return how many rows the headings at `header` take, 1 or 2.

    They take two where the first has gaps, as merged cells leave them, over which the row below
    has words, and nothing but numbers follow there. A first row that is merely shorter is a title.

    Examples
    --------
    >>> heading_rows([["Ward", "2026", ""], ["", "Q1", "Q2"], ["North", "5", "7"]], 0)
    2
    """
    if header + 2 >= len(rows):
        return 1
    upper, lower, *body = rows[header : header + _SEEN_BELOW]
    body = [row for row in body if any(map(is_filled, row))]
    gaps = [
        place
        for place, cell in enumerate(lower)
        if is_filled(cell) and not is_filled(cell_at(upper, place))
    ]
    words = [cell for cell in lower if is_filled(cell)]
    if not gaps or len(words) < 2 or not all(is_word(str(cell)) for cell in words):
        return 1
    if len(upper) < len(lower):
        return 1
    held = [cell for place in gaps for row in body if is_filled(cell := cell_at(row, place))]
    return 2 if held and not any(is_word(str(cell)) for cell in held) else 1


def cell_at(row: Row, place: int) -> str | None:
    """Return the cell at `place`; None beyond the row's end."""
    return row[place] if place < len(row) else None


def is_filled(cell: str | None) -> bool:
    """Return whether there is anything but white space in a cell."""
    return bool(cell and cell.strip())


def is_word(cell: str) -> bool:
    """Return whether a cell is no number."""
    return not NUMBER.fullmatch(cell.strip())


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
