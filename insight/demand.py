"""How many people got in touch, how, and whether they got through.

Three sources say how many contacts there were: daily counts (a telephone switch, a reception
desk), single contacts (a CRM) and written enquiries (a mailbox). The same call is often in
two of them and nothing links the two, so they are never simply added up: see `contact_cells`.
"""

from datetime import date

import pandas as pd

from insight.errors import MissingColumnsError
from insight.periods import in_month, local_dates, month_key
from insight.results import (
    NOT_RECORDED,
    count_results,
    counts_of,
    join_results,
    share_results,
    sum_parts,
)

_CELL = ["day", "channel", "service"]
_SOURCES = ("offered", "contacts", "enquiries")


def contact_results(
    month: date,
    *,
    contacts: pd.DataFrame | None = None,
    enquiries: pd.DataFrame | None = None,
    counts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Contacts of the month by service and channel, none of them counted twice.

    Parameters
    ----------
    month
        First of the month.
    contacts, enquiries, counts
        Rows of the contracts ``contacts``, ``enquiries`` and ``contact_counts``; any may be
        absent.

    Returns
    -------
    pandas.DataFrame
        Results ``contacts``: per service and for ``"all"``, whole and by ``channel``.
    """
    cells = contact_cells(month, contacts=contacts, enquiries=enquiries, counts=counts)
    parts = sum_parts(cells.assign(count=cells["counted"]), ["count"], dims=[["channel"]])
    return counts_of(parts, measure="contacts", period=month_key(month))


def contact_cells(
    month: date,
    *,
    contacts: pd.DataFrame | None = None,
    enquiries: pd.DataFrame | None = None,
    counts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Contacts per day, channel and service, with what each source said.

    Returns
    -------
    pandas.DataFrame
        ``day``, ``channel``, ``service``, the sources' own numbers ``offered``, ``contacts``
        and ``enquiries`` (missing where a source has nothing), and ``counted``.

    Notes
    -----
    For one day, channel and service the daily count wins: it is complete, single records
    often aren't. Without one, the larger of contacts and enquiries is taken, the number of
    people who can't have been fewer. A daily count that names no service covers every service
    of its channel: single records take their share of it, and what is left is "not recorded".
    """
    sources = {
        "offered": _daily(counts, "date", month, "offered"),
        "contacts": _daily(contacts, "contacted_at", month),
        "enquiries": _daily(enquiries, "received_at", month),
    }
    cells = pd.concat(
        [daily.assign(source=name) for name, daily in sources.items()], ignore_index=True
    ).pivot_table(index=_CELL, columns="source", values="number", aggfunc="sum", observed=True)
    cells = cells.reindex(columns=list(_SOURCES)).astype("float64").reset_index()
    singles = cells[["contacts", "enquiries"]].max(axis=1).fillna(0)
    counted = cells["offered"].fillna(singles)
    nameless = cells["service"].eq(NOT_RECORDED) & cells["offered"].notna()
    within = singles.where(cells["offered"].isna(), 0)
    taken = within.groupby([cells["day"], cells["channel"]]).transform("sum")
    counted = counted.mask(nameless, (cells["offered"] - taken).clip(lower=0))
    return cells.assign(counted=counted)


def contact_account(cells: pd.DataFrame) -> pd.DataFrame:
    """Say how far each source went into the contacts counted.

    Returns
    -------
    pandas.DataFrame
        Per ``source``: ``read``, and ``set_aside``, those in a day, channel and service that
        a daily count or a larger source covers.
    """
    larger = cells[["contacts", "enquiries"]].max(axis=1)
    alone = cells["offered"].isna()
    contacts_used = alone & cells["contacts"].eq(larger)
    aside = {
        "offered": (cells["offered"] - cells["counted"]).sum(),
        "contacts": cells["contacts"].mask(contacts_used).sum(),
        "enquiries": cells["enquiries"].mask(alone & ~contacts_used).sum(),
    }
    read = {name: cells[name].sum() for name in _SOURCES}
    return pd.DataFrame({"read": read, "set_aside": aside}).rename_axis("source").reset_index()


def _daily(
    frame: pd.DataFrame | None, time: str, month: date, number: str | None = None
) -> pd.DataFrame:
    """Sum one source by day, channel and service; rows without a number say nothing."""
    if frame is None:
        frame = pd.DataFrame({time: pd.to_datetime([]), **({number: []} if number else {})})
    needed = {time} | ({number} if number else set())
    if missing := needed - set(frame.columns):
        raise MissingColumnsError(missing)
    rows = frame[in_month(frame[time], month)]
    cells = pd.DataFrame({"day": local_dates(rows[time]).astype("datetime64[us]")})
    for name in ("channel", "service"):
        given = rows[name] if name in rows else pd.Series(pd.NA, index=rows.index)
        cells[name] = given.astype("string").fillna(NOT_RECORDED)
    cells["number"] = 1.0 if number is None else rows[number].astype("Float64")
    return cells.dropna(subset="number").astype({"number": "float64"})


def enquiry_results(enquiries: pd.DataFrame, month: date) -> pd.DataFrame:
    """Written enquiries of the month by service and channel (results ``enquiries``)."""
    rows = enquiries[in_month(enquiries["received_at"], month)]
    rows = rows.reindex(columns=list(dict.fromkeys([*rows.columns, "service", "channel"])))
    return count_results(rows, measure="enquiries", period=month_key(month), dims=[["channel"]])


def calls_answered_results(counts: pd.DataFrame, month: date) -> pd.DataFrame:
    """Share of the month's calls offered that were answered, by service.

    Days where either number is missing leave the base. Sums are divided, not daily shares
    averaged, so that a busy day counts for what it was.
    """
    rows = counts[in_month(counts["date"], month) & counts["channel"].eq("phone")]
    return _ratio(rows, "calls_answered_share", "answered", "offered", month)


def form_completion_results(web_counts: pd.DataFrame, month: date) -> pd.DataFrame:
    """Share of online forms started in the month that were completed, by service and page."""
    rows = web_counts[in_month(web_counts["date"], month)]
    return _ratio(
        rows, "form_completion_share", "form_completions", "form_starts", month, by="page"
    )


def _ratio(
    rows: pd.DataFrame, measure: str, over: str, under: str, month: date, *, by: str = ""
) -> pd.DataFrame:
    rows = rows.reindex(columns=list(dict.fromkeys([*rows.columns, "service", over, under])))
    known = rows[rows[over].notna() & rows[under].notna()]
    results = share_results(
        known,
        measure=measure,
        period=month_key(month),
        numerator=over,
        denominator=under,
        dims=[[by]] if by else [],
    )
    return results[results["denominator"].gt(0)].reset_index(drop=True)


def demand_results(
    month: date,
    *,
    contacts: pd.DataFrame | None = None,
    enquiries: pd.DataFrame | None = None,
    counts: pd.DataFrame | None = None,
    web_counts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """All demand figures that the given sources allow; see each function for its rules.

    ``enquiries`` add to ``contacts`` here; their own figures are `enquiry_results`.
    """
    parts = [contact_results(month, contacts=contacts, enquiries=enquiries, counts=counts)]
    if counts is not None:
        parts.append(calls_answered_results(counts, month))
    if web_counts is not None:
        parts.append(form_completion_results(web_counts, month))
    return join_results(parts)
