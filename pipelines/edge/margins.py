"""Reads a survey's margins: how the population that it stands for is made up."""

from pathlib import Path

import pandas as pd

from insight.errors import InsightError
from insight.satisfaction.weighting import check_margins


def read_margins(path: Path) -> pd.DataFrame:
    """Read a file of margins: comma-separated ``dimension``, ``group`` and ``people``.

    Raises
    ------
    InsightError
        If it is missing, no table, or a row is wrong; the message says which and what to do.
    """
    try:
        raw = pd.read_csv(path, dtype="string", encoding="utf-8-sig")
    except FileNotFoundError:
        message = (
            f"There is no {path.name} beside the workspace's other reference files. Put it there, "
            "or take it out of surveys: margins in council.yaml."
        )
        raise InsightError(message) from None
    except (OSError, ValueError):
        message = (
            f"{path.name} can't be read as a table. Save it from Excel as CSV UTF-8 with the "
            "columns dimension, group and people."
        )
        raise InsightError(message) from None
    try:
        return check_margins(raw.rename(columns=lambda name: str(name).strip().casefold()))
    except InsightError as error:
        raise InsightError(f"{path.name}: {error}") from error
