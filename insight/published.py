"""Tables that leave the system: exactly the columns of their contract, checked, and no others."""

from collections.abc import Sequence

import pandas as pd

from insight.contract import Contract
from insight.errors import InsightError, MissingColumnsError
from insight.results import split_breakdowns


class OutputError(InsightError):
    """A table made for readers breaks its own contract: a fault of ours."""


def publishable(frame: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Return the columns that `contract` allows, in its order.

    Parameters
    ----------
    frame
        A table that may hold more than may leave.
    contract
        That of a published output.

    Raises
    ------
    MissingColumnsError
        If the table lacks a column of the contract.
    OutputError
        If a required column has blanks.
    """
    if missing := set(contract.column_names) - set(frame.columns):
        raise MissingColumnsError(missing, f"the table for {contract.name}")
    table = frame[list(contract.column_names)].reset_index(drop=True)
    blank = [
        column.name
        for column in contract.columns
        if column.required and table[column.name].isna().any()
    ]
    if blank:
        message = f"{contract.name}: {', '.join(blank)} must not be blank. Please report this."
        raise OutputError(message)
    return table


def figures_table(
    figures: pd.DataFrame, measures: Sequence[str], dimensions: Sequence[str]
) -> pd.DataFrame:
    """Return figures of `measures` with each of `dimensions` as a column, blank for the whole.

    Rows broken down by any other dimension are left out.
    """
    chosen = figures[figures["measure"].isin(measures)].reset_index(drop=True)
    cells = split_breakdowns(chosen["breakdown"])
    other = cells.drop(columns=list(dimensions), errors="ignore").notna().any(axis="columns")
    parts = cells.reindex(columns=list(dimensions))
    return pd.concat([chosen, parts], axis="columns")[~other].sort_values(
        ["measure", "service", "period", *dimensions], na_position="first", ignore_index=True
    )
