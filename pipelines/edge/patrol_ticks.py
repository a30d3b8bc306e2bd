"""The two-minute workbook in which wardens say where they have been and what they found."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.edge.patrol_map import ACTIONS, COLUMNS
from pipelines.edge.sheets import Cell, Sheet, write_workbook

WIDTHS = (18, 10, 18, 44, 18, 10, 18, 14)
SPARE_ROWS = 10


def ticks_workbook(
    stops: Sequence[Mapping[str, Any]], *, title: str, council: str, minutes: float, finding: str
) -> bytes:
    """Write a row per planned visit and some spare ones.

    Parameters
    ----------
    stops
        As for `pipelines.edge.patrol_map.patrol_page`, with ``date`` ("07/12/2026").
    title
        For A1.
    minutes
        Time planned for one visit.
    finding
        What a warden who found what was reported says, such as "litter".

    Returns
    -------
    bytes
        xlsx whose headings are those of the mapping ``patrol-ticks``, as the CSV's are.
    """
    planned = [
        [
            stop["reference"], "", stop["date"], stop["place"], stop["cell"], f"{minutes:g}",
            "patrol", "",
        ]
        for stop in stops
    ]  # fmt: skip
    blank = [["", "", "", "", "", f"{minutes:g}", "patrol", ""]] * SPARE_ROWS
    sheet = Sheet(
        name="Visits",
        title=title,
        lines=(
            "For each place you went to choose Yes, and what you found. Change the date if it was "
            "another day. For other places use the blank rows: date, place, Yes.",
            "Then put this file into inbox/ticked-patrols. Write no names of people.",
        ),
        columns=tuple(zip(COLUMNS, WIDTHS, strict=True)),
        rows=[[Cell(text) for text in row] for row in [*planned, *blank]],
        choices={
            "Visited": ("Yes", "No"),
            "Done": ("patrol", *ACTIONS),
            "Found": (finding, "nothing", "not looked"),
        },
        hidden=("Square",),
    )
    return write_workbook([sheet], title=title, author=council, protected=False)
