"""The two-minute workbook in which wardens say where they have been and what they found."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.edge.patrol_map import ACTIONS
from pipelines.edge.sheets import Cell, Sheet, write_workbook

# What is filled in stands together. The last two are for the program that reads it back, and so
# wide that their text takes one line.
COLUMNS = (
    ("No.", 6), ("Place", 44), ("When", 13), ("Visited", 10), ("Found", 14), ("Done", 18),
    ("Minutes", 10), ("Reference", 120), ("Square", 120),
)  # fmt: skip
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
        xlsx with the headings of the mapping ``patrol-ticks``, and each place's number.
    """
    planned = [
        [
            stop["number"], stop["place"], stop["date"], "", "", "patrol", f"{minutes:g}",
            stop["reference"], stop["cell"],
        ]
        for stop in stops
    ]  # fmt: skip
    blank = [["", "", "", "", "", "patrol", f"{minutes:g}", "", ""]] * SPARE_ROWS
    sheet = Sheet(
        name="Visits",
        title=title,
        lines=(
            "Numbers are those of the sheet. For each place you went to choose Yes under Visited, "
            "and what you found.",
            "Under Done choose what else you did. Change the date if it was another day (such as "
            "07/12/2026).",
            "For other places use the blank rows at the end: place, date, Yes. Write no names of "
            "people.",
            "Then save this file and put it into inbox/ticked-patrols.",
        ),
        columns=COLUMNS,
        rows=[[Cell(str(text)) for text in row] for row in [*planned, *blank]],
        choices={
            "Visited": ("Yes", "No"),
            "Done": ("patrol", *ACTIONS),
            "Found": (finding, "nothing", "not looked"),
        },
        hidden=("Reference", "Square"),
    )
    return write_workbook([sheet], title=title, author=council, protected=False)
