"""The season that counts from elsewhere show, for a council whose own reports are too few."""

import pandas as pd

from insight.errors import InsightError
from insight.patrols.times import season_elsewhere
from pipelines.edge.workspace import Workspace

MONTH = r"\d{4}-(?:0[1-9]|1[0-2])"


class SeasonError(InsightError):
    """A file of counts from elsewhere can't be used as it is."""


def season_from_file(workspace: Workspace) -> str:
    """Return what the settings' file of counts says of the season, blank without one.

    Raises
    ------
    SeasonError
        If the file can't be read, or holds no months and counts.
    """
    named = workspace.settings.patrols.season_file
    if named is None:
        return ""
    path = workspace.root / named
    try:
        table = pd.read_csv(path, dtype="string", encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise SeasonError(_advice(path.name, "can't be read")) from error
    if not {"month", "reports"} <= set(table.columns):
        raise SeasonError(_advice(path.name, "lacks one of the columns"))
    wanted = [category.casefold() for category in workspace.settings.hotspot_categories]
    if wanted and "category" in table:
        table = table[table["category"].str.casefold().isin(wanted)]
    number = pd.to_numeric(table["reports"], errors="coerce")
    if (number.isna() | number.lt(0) | ~table["month"].str.fullmatch(MONTH)).any():
        raise SeasonError(_advice(path.name, "has a row without a month or a number"))
    ours = None
    if workspace.areas is not None and "lsoa" in table:
        ours = int(number[table["lsoa"].isin(workspace.areas["area"])].sum())
    counts = pd.DataFrame({"month": table["month"], "reports": number.astype("int64")})
    return season_elsewhere(counts, path.stem, ours=ours)


def _advice(name: str, fault: str) -> str:
    return (
        f"The counts for the season in {name}: the file {fault}. Give a CSV with the columns "
        "month (such as 2018-11) and reports, or take season_file out of council.yaml."
    )
