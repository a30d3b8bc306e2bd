"""Digital take-up by the GOV.UK definition, and online forms completed."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from insight.demand.method import DemandMethod
from insight.demand.monthly import monthly_sums, rows_of_months
from insight.results import join_results, shares_of


def form_completion_results(web_counts: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Share of online forms started in each month that were completed, by service and page."""
    rows = _web(web_counts, months)
    rows = rows[rows["form_completions"].notna() & rows["form_starts"].gt(0)]
    if rows.empty:
        return join_results([])
    starts = rows["form_starts"]
    summed = rows.assign(
        numerator=rows["form_completions"], denominator=starts, squares=starts, base=starts
    )
    sums = ["numerator", "denominator", "squares", "base"]
    parts = monthly_sums(summed, sums, dims=[["page"]])
    return shares_of(parts, measure="form_completion_share", period=parts["period"])


def take_up_results(
    records: pd.DataFrame,
    web_counts: pd.DataFrame | None,
    months: Sequence[date],
    method: DemandMethod,
) -> pd.DataFrame:
    """Share of completed transactions that were completed online (``digital_take_up_share``).

    Completed online: forms sent, or contacts logged under a digital channel, whichever is more
    for a service and month, because the CRM often logs the forms too. Completed otherwise:
    contacts in other channels whose outcome says that they were dealt with. Assisted digital,
    where staff fill in the form for somebody, is digital: its form is among those sent, and the
    contact is no second transaction.

    Services without a single form sent or digital contact in any month have no figure: nobody
    can tell whether they have no online service or no count of it.

    Source: GOV.UK Service Manual, "Measuring digital take-up".
    """
    outcome = records["outcome"].str.strip().str.casefold()
    digital = records["channel"].isin(method.digital_channels)
    done = outcome.isin(method.resolved) & ~digital
    logged = _sums(records.assign(logged=digital, other=done), ["logged", "other"])
    sent = _sums(_web(web_counts, months), ["form_completions"])
    cells = logged.join(sent, how="outer").fillna(0.0)
    online = cells[["logged", "form_completions"]].max(axis=1)
    counts = online.groupby(level="service").transform("sum").gt(0)
    cells = cells.assign(numerator=online, denominator=online + cells["other"])[counts]
    cells = cells[cells["denominator"].gt(0)].reset_index()
    if cells.empty:
        return join_results([])
    cells = cells.assign(squares=cells["denominator"], base=cells["denominator"])
    parts = monthly_sums(cells, ["numerator", "denominator", "squares", "base"])
    return shares_of(parts, measure="digital_take_up_share", period=parts["period"])


def _web(web_counts: pd.DataFrame | None, months: Sequence[date]) -> pd.DataFrame:
    frame = pd.DataFrame({"date": pd.to_datetime([])}) if web_counts is None else web_counts
    rows = rows_of_months(frame, "date", months)
    names = ["period", "service", "page", "form_starts", "form_completions"]
    rows = rows.reindex(columns=names)
    return rows.astype(dict.fromkeys(names[3:], "Float64")).astype(
        dict.fromkeys(names[3:], "float64")
    )


def _sums(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    keys = [rows["period"].astype("string"), rows["service"].astype("string")]
    return rows[names].astype("float64").groupby(keys).sum()
