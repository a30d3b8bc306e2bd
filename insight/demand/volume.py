"""How many people got in touch, and how.

Three sources say how many contacts there were: daily counts (a telephone switch, a reception
desk), single contacts (a CRM) and written enquiries (a mailbox). The same call is often in
two of them and nothing links the two, so they are never simply added up: see `contact_cells`.
"""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from insight.demand.monthly import as_category, monthly_sums, rows_of_months
from insight.errors import MissingColumnsError
from insight.periods import month_of
from insight.results import NOT_RECORDED, counts_of

_CELL = ["day", "channel", "service"]
_SOURCES = ("offered", "contacts", "enquiries")
RECORD_COLUMNS = (
    "at", "day", "period", "channel", "service", "customer", "reason", "outcome", "case_id",
    "text", "wait_seconds", "duration_seconds",
)  # fmt: skip


def contact_results(
    months: Sequence[date],
    *,
    contacts: pd.DataFrame | None = None,
    enquiries: pd.DataFrame | None = None,
    counts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Contacts of each month by service and channel, none of them counted twice.

    Parameters
    ----------
    months
        First days of the months wanted.
    contacts, enquiries, counts
        Rows of the contracts ``contacts``, ``enquiries`` and ``contact_counts``; any may be
        absent.

    Returns
    -------
    pandas.DataFrame
        Results ``contacts``: per service and for ``"all"``, whole and by ``channel``.
    """
    return cell_results(
        contact_cells(months, contacts=contacts, enquiries=enquiries, counts=counts)
    )


def cell_results(cells: pd.DataFrame) -> pd.DataFrame:
    """Add up the cells of `contact_cells` into results ``contacts``."""
    counted = cells.assign(count=cells["counted"], period=month_of(cells["day"]))
    parts = monthly_sums(counted, ["count"], dims=[["channel"]])
    return counts_of(parts, measure="contacts", period=parts["period"])


def contact_cells(
    months: Sequence[date],
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
        "offered": _daily(counts, "date", months, "offered"),
        "contacts": _daily(contacts, "contacted_at", months),
        "enquiries": _daily(enquiries, "received_at", months),
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
    frame: pd.DataFrame | None, time: str, months: Sequence[date], number: str | None = None
) -> pd.DataFrame:
    """Sum one source by day, channel and service; rows without a number say nothing."""
    if frame is None:
        frame = pd.DataFrame({time: pd.to_datetime([]), **({number: []} if number else {})})
    needed = {time} | ({number} if number else set())
    if missing := needed - set(frame.columns):
        raise MissingColumnsError(missing)
    rows = rows_of_months(frame, time, months)
    keys = [rows["day"]]
    for name in ("channel", "service"):
        given = rows[name] if name in rows else pd.Series(pd.NA, index=rows.index)
        keys.append(as_category(given).rename(name))
    ones = pd.Series(1.0, index=rows.index)
    numbers = ones if number is None else rows[number].astype("Float64")
    summed = numbers[numbers.notna()].astype("float64").groupby(keys, observed=True).sum()
    daily = summed.rename("number").reset_index()
    return daily.astype({"channel": "string", "service": "string"})


def single_records(
    months: Sequence[date],
    *,
    contacts: pd.DataFrame | None = None,
    enquiries: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Put single contacts and enquiries together, each message once.

    Where both sources have a day, channel and service, the larger one's rows are kept, as in
    `contact_cells`: an e-mail logged in the CRM is in the mailbox too.

    Returns
    -------
    pandas.DataFrame
        `RECORD_COLUMNS`: ``at`` is the time on the wall clock, ``channel`` and ``service`` are
        categories; what a source doesn't have is missing.
    """
    parts = [
        _records(frame, time, months, names)
        for frame, time, names in (
            (contacts, "contacted_at", {}),
            (enquiries, "received_at", {"sender": "customer"}),
        )
        if frame is not None and len(frame)
    ]
    if len(parts) < 2:
        return parts[0] if parts else _records(_nothing(), "contacted_at", months, {})
    both = pd.concat(
        [part.astype({"channel": "string", "service": "string"}) for part in parts],
        keys=[0, 1],
        names=["source"],
    ).reset_index(level="source")
    both = both.reset_index(drop=True)
    number = both.assign(mail=both["source"].eq(1)).groupby(_CELL)["mail"].agg(["sum", "size"])
    most_mail = number["sum"] > number["size"] - number["sum"]
    winner = most_mail.astype("int64").rename("winner")
    kept = both.join(winner, on=_CELL)
    kept = kept[kept["source"].eq(kept["winner"])].reset_index(drop=True)
    return kept[list(RECORD_COLUMNS)].astype(
        dict.fromkeys(["channel", "service", "period"], "category")
    )


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({"contacted_at": pd.to_datetime([])})


def _records(
    frame: pd.DataFrame, time: str, months: Sequence[date], names: dict[str, str]
) -> pd.DataFrame:
    rows = rows_of_months(frame, time, months).rename(columns=names)
    at = rows[time].dt.tz_localize(None) if rows[time].dt.tz is not None else rows[time]
    rows = rows.assign(at=at.astype("datetime64[us]")).reindex(columns=list(RECORD_COLUMNS))
    for name in ("channel", "service"):
        rows[name] = as_category(rows[name])
    texts = ["customer", "reason", "outcome", "case_id", "text"]
    return rows.astype(dict.fromkeys(texts, "string")).reset_index(drop=True)
