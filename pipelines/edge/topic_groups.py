"""What groups of new topics are made of, kept month by month so that they keep their names."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from insight.errors import InsightError
from insight.periods import add_months, month_key
from insight.topics.discovery import Discovery

REMEMBERED_MONTHS = 12


class TopicGroupsError(InsightError):
    """The groups of new topics can't be kept."""


def read_groups(folder: Path, month: date) -> tuple[pd.DataFrame | None, dict[str, str]]:
    """Return what the groups of the year before `month` were made of, and when each began.

    Returns
    -------
    pandas.DataFrame or None, dict
        One row a group as it was last seen, one column a word; and the first month of each group,
        as its key such as ``"2026-10"``. A month that was never run, or whose file is damaged, is
        passed over.
    """
    profiles: list[pd.DataFrame] = []
    since: dict[str, str] = {}
    for back in range(1, REMEMBERED_MONTHS + 1):
        key = month_key(add_months(month, -back))
        found = _read(folder / f"{key}.json")
        if found is None:
            continue
        profiles.append(found[~found.index.isin(list(since))])
        since |= dict.fromkeys(map(str, found.index), key)
    if not profiles:
        return None, {}
    return pd.concat(profiles).fillna(0.0), since


def _read(path: Path) -> pd.DataFrame | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return pd.DataFrame(kept["weights"], index=kept["groups"], columns=kept["words"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_groups(folder: Path, month: date, found: Discovery) -> None:
    """Keep what the groups of `month` are made of.

    Raises
    ------
    TopicGroupsError
        If the folder can't be written.
    """
    used = found.profiles.loc[:, (found.profiles > 0).any()]
    kept = {
        "groups": used.index.tolist(),
        "words": used.columns.tolist(),
        "weights": np.round(used.to_numpy(), 6).tolist(),
    }
    path = folder / f"{month_key(month)}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.unfinished")
        unfinished.write_text(json.dumps(kept), encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise TopicGroupsError(
            f"The groups of new topics can't be kept in {folder} ({error.strerror}). Check that "
            "the folder may be written."
        ) from error
