"""Where a table ends on a sheet that people made: totals, notes, and another table below it.

Nothing is left out unless it is sure to be no record: a total calls itself one and otherwise holds
numbers, and a note is a single cell.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from insight.layout import NUMBER, Row, cell_at, is_filled

FEWEST_ABOVE = 3
"""A table of fewer rows is too short to tell a heading from a record by."""

TOTAL_WORDS = r"(?:(?:grand|sub|overall)[ -]?)?totals?:?|sum:?"
_TOTAL = re.compile(TOTAL_WORDS, re.IGNORECASE)
_TOTAL_OF = re.compile(r"(?:(?:grand|sub|overall)[ -]?)?totals? .{1,60}|.{1,60} totals?:?", re.I)
_MEAN = re.compile(r"(?:(?:overall|daily|monthly)[ -]?)?(?:average|mean)s?:?", re.IGNORECASE)
_NOTE = re.compile(
    r"(?:(?:notes?|source|key|nb|report (?:run|ran|date))\b|n\.b\.|[*†]).*", re.IGNORECASE
)
_NOTHING = re.compile(r"-+|n/?a", re.IGNORECASE)
_HAS_DIGIT = re.compile(r"\d")


def is_total(row: Row, filled_above: int = 0) -> bool:
    """Return whether a row calls itself a total, and otherwise holds numbers.

    A row that names what it is the total of, such as ``Total May``, is one only if it leaves
    cells blank: it has fewer than the `filled_above` that the records have. Otherwise it may be a
    record, such as a measure called ``Total contacts``.

    Examples
    --------
    >>> is_total(["Total", None, "21", "95%"])
    True
    >>> is_total(["Total contacts", "21"], filled_above=2)
    False
    """
    cells = [cell.strip() for cell in row if cell and cell.strip()]
    if len(cells) < 2 or not all(map(_is_figure, cells[1:])):
        return False
    if _TOTAL.fullmatch(cells[0]):
        return True
    return len(cells) < filled_above and bool(_TOTAL_OF.fullmatch(cells[0]))


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
    A note is a row of one cell that says so or that a blank row parts from the table. Averages
    count as totals if they stand below one. The first row from below that is neither is a record.
    """
    totals: list[int] = []
    notes: list[int] = []
    means: list[int] = []  # below a total or not: known once the row above them is
    filled = [sum(map(is_filled, row)) for row in rows]
    usual = sorted(filled)[len(filled) // 2] if filled else 0
    lone = [width > 1 and number == 1 for number in filled]
    for place in range(len(rows) - 1, -1, -1):
        run = place
        while run > 0 and lone[run] and numbers[run] - numbers[run - 1] == 1 and lone[run - 1]:
            run -= 1
        parted = run > 0 and numbers[run] - numbers[run - 1] > 1
        signs = parted + is_note(rows[place])
        # In a table of two columns, a lone cell may be a record whose other value is missing.
        if lone[place] and signs > (width == 2) and not means:
            notes.append(place)
        elif is_total(rows[place], usual):
            totals += [*means, place]
            means = []
        elif _is_mean(rows[place]):
            means.append(place)
        else:
            break
    return Ending(tuple(sorted(totals)), tuple(sorted(notes)))


def begins_table(row: Row, above: Sequence[Row], below: Sequence[Row]) -> bool:
    """Return whether `row`, the first below a blank one, is the headings of another table.

    That is so if it is words alone, two or more and all different, and one of them stands where
    the rows `above`, three or more, all have a digit; and either those `below` have one there too,
    or they fill just the columns that it fills, which none above does.
    """
    cells = _filled(row)
    words = [str(row[place]).strip() for place in cells]
    if len(set(words)) < max(len(words), 2) or len(above) < FEWEST_ABOVE or not below:
        return False
    if any(_HAS_DIGIT.search(word) for word in words):
        return False
    if any(_has_digits(above, place) and _has_digits(below, place) for place in cells):
        return True
    return (
        any(_has_digits(above, place) for place in cells)
        and all(_filled(other) == cells for other in below)
        and not any(_filled(other) == cells for other in above)
    )


def _filled(row: Row) -> list[int]:
    return [place for place, cell in enumerate(row) if is_filled(cell)]


def _has_digits(rows: Sequence[Row], place: int) -> bool:
    held = [cell for row in rows if (cell := cell_at(row, place))]
    return bool(held) and all(_HAS_DIGIT.search(cell) for cell in held)


def _is_figure(cell: str) -> bool:
    return bool(NUMBER.fullmatch(cell) or _NOTHING.fullmatch(cell))


def _is_mean(row: Row) -> bool:
    cells = [cell.strip() for cell in row if cell and cell.strip()]
    return len(cells) > 1 and bool(_MEAN.fullmatch(cells[0])) and all(map(_is_figure, cells[1:]))
