"""Today's rounds, which a plan is compared with: from a file, or from the patrols on record."""

from datetime import date
from pathlib import Path

import pandas as pd

from insight.patrols.today import RoundsError, visits_made
from pipelines.edge.files import ReadError, read_rows
from pipelines.edge.workspace import Workspace

RECENT_DAYS = 91
FROM_PATROLS = 30  # patrols on record in the last 13 weeks that make today's rounds known
COLUMNS = ("place", "visits_a_week")


def todays_rounds(
    workspace: Workspace, places: pd.DataFrame, patrols: pd.DataFrame, until: date
) -> tuple[pd.DataFrame | None, str]:
    """Return today's rounds and, in words, where they are from; nothing where they aren't known.

    Parameters
    ----------
    places
        Those of the plan; patrols on record are counted by them.
    patrols
        As the store has them.
    until
        Patrols of the 13 weeks before this day count.

    Raises
    ------
    RoundsError
        If the file that the settings name can't be used.
    """
    named = workspace.settings.patrols.rounds_file
    if named is not None:
        return rounds_file(workspace.root / named), f"today's rounds in {named}"
    began = patrols["started_at"].dt.tz_localize(None)
    recent = patrols[began >= pd.Timestamp(until) - pd.Timedelta(days=RECENT_DAYS)]
    if len(recent) < FROM_PATROLS:
        return None, "the same visits spread equally over all places"
    weekly, _ = visits_made(places, recent, weeks=RECENT_DAYS / 7)
    if not weekly.any():
        return None, "the same visits spread equally, as no patrol on record is at a place"
    rounds = pd.DataFrame({"place": places["cell"], "visits_a_week": weekly})
    return rounds, f"the {len(recent)} patrols on record in the last 13 weeks"


def rounds_file(path: Path) -> pd.DataFrame:
    """Read a file of rounds: CSV or Excel, with `COLUMNS`, indexed by the file's row numbers.

    Raises
    ------
    RoundsError
        If it can't be read, has not both columns, or no row.
    """
    advice = (
        "Give a CSV or Excel file with the columns place (a street, or a grid reference as on the "
        "sheet) and visits_a_week, or take rounds_file out of council.yaml."
    )
    try:
        table = read_rows(path)
    except ReadError as error:
        raise RoundsError(f"Today's rounds: {error} {advice}") from error
    rounds = table.frame.set_axis(table.row_numbers.to_numpy())
    rounds.columns = rounds.columns.str.strip().str.casefold().str.replace(r"\W+", "_", regex=True)
    if absent := [name for name in COLUMNS if name not in rounds]:
        raise RoundsError(
            f"Today's rounds: {path.name} has no column {' and no column '.join(absent)}. {advice}"
        )
    if rounds.empty:
        raise RoundsError(f"Today's rounds: {path.name} has no rows. {advice}")
    return rounds[list(COLUMNS)]
