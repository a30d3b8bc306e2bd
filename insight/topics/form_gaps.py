"""What to build, mend and rewrite online, ranked by the contacts that it could save."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import MissingColumnsError
from insight.intervals import poisson_interval, wilson

BUILD, MEND, REWRITE = "build", "mend", "rewrite"
LEAST_STARTS = 20
LEAST_SAVED = 1.0
COLUMNS = (
    "list", "rank", "service", "topic", "enquiries", "views", "form_starts", "form_completions",
    "given_up", "given_up_lower", "given_up_upper", "saved", "saved_lower", "saved_upper",
    "hours", "hours_lower", "hours_upper", "pounds", "pounds_lower", "pounds_upper", "words",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SavingMethod:
    """What a change online is assumed to save; assumptions, printed beside every list.

    Parameters
    ----------
    take_up
        Share of a topic's enquiries that a new form would take over (low, middle, high); a
        council that has measured its own puts it here.
    mended
        Share of those who write though a form exists that a mended form would take over.
    answered
        Share of enquiries that a page which answers the question would make needless.
    much_given_up
        A form is in need of mending where even the lower end of the interval of the share
        given up half-way lies above this.
    least_saved
        Enquiries a year that a new form must save even at the low end: it has to be built, tested
        and kept up, and where so few write a year says little of the next.
    """

    take_up: tuple[float, float, float] = (0.2, 0.4, 0.6)
    mended: tuple[float, float, float] = (0.1, 0.25, 0.4)
    answered: tuple[float, float, float] = (0.1, 0.2, 0.35)
    much_given_up: float = 0.3
    least_saved: float = 12.0


def form_gaps(
    volumes: pd.DataFrame,
    catalogue: pd.DataFrame,
    web: pd.DataFrame,
    minutes: dict[str, float],
    *,
    pounds: Mapping[str, tuple[float, float]] | None = None,
    method: SavingMethod | None = None,
    months: int = 12,
) -> pd.DataFrame:
    """Rank topics by what an online form or a better page could save.

    Parameters
    ----------
    volumes
        ``service``, ``topic``, ``channel`` and ``enquiries`` of a year (or less), one row each,
        from which e-mails, calls and visits could be saved.
    catalogue
        ``topic``, ``form`` and ``page``: what exists online, as named in `web`; missing where
        nothing does. Topics that aren't in it have neither.
    web
        ``page``, ``views``, ``form_starts``, ``form_completions`` over the same time.
    minutes
        Staff minutes of one enquiry by channel; those without are counted, not timed.
    pounds
        What one enquiry costs by channel, from and to, where the council knows its own.
    method
        The assumptions.
    months
        How many months the volumes are of.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`: ``list`` is *build* (no form, and one surely saves enough), *mend* (a form
        exists, and people still write or give up half-way) or *rewrite* (a page is read, and the
        question still comes); ranked within each. Topics where the low end of the saving is less
        than `SavingMethod.least_saved` a year, or to mend and rewrite less than one, are left
        out: too few write to say. ``saved`` are enquiries over the same time, from the
        low to the high assumption, widened by chance (Poisson, 95%); ``hours`` the same in
        staff hours. ``words`` says it, with its base and the assumption.

    Raises
    ------
    MissingColumnsError
        If a frame lacks a column.
    """
    for frame, needed, name in (
        (volumes, {"service", "topic", "channel", "enquiries"}, "the volumes"),
        (catalogue, {"topic", "form", "page"}, "the online catalogue"),
        (web, {"page", "views", "form_starts", "form_completions"}, "the web counts"),
    ):
        if missing := needed - set(frame.columns):
            raise MissingColumnsError(missing, name)
    chosen = method or SavingMethod()
    timed = volumes.assign(
        minutes=volumes["enquiries"] * volumes["channel"].map(minutes).fillna(0.0),
        cheap=volumes["enquiries"] * _cost(volumes["channel"], pounds or {}, 0),
        dear=volumes["enquiries"] * _cost(volumes["channel"], pounds or {}, 1),
    )
    sums = ["enquiries", "minutes", "cheap", "dear"]
    topics = timed.groupby(["service", "topic"], as_index=False)[sums].sum()
    topics = topics[topics["enquiries"] > 0]
    online = catalogue.drop_duplicates("topic")
    known = topics.merge(online, on="topic", how="left")
    counts = web.groupby("page")[["views", "form_starts", "form_completions"]].sum(min_count=1)
    forms = counts.reindex(known["form"]).set_axis(known.index)
    pages = counts["views"].reindex(known["page"]).set_axis(known.index)
    known = known.assign(
        views=pages,
        form_starts=forms["form_starts"],
        form_completions=forms["form_completions"],
    )
    parts = [
        _listed(
            known[known["form"].isna()], BUILD, chosen.take_up, chosen.least_saved * months / 12
        ),
        _listed(_to_mend(known, chosen), MEND, chosen.mended, LEAST_SAVED * months / 12),
        _listed(
            known[known["page"].notna() & known["views"].gt(0)],
            REWRITE,
            chosen.answered,
            LEAST_SAVED * months / 12,
        ),
    ]
    found = pd.concat(parts, ignore_index=True)
    return found.reindex(columns=list(COLUMNS))


def _cost(channels: pd.Series, pounds: Mapping[str, tuple[float, float]], end: int) -> pd.Series:
    return channels.map({name: ends[end] for name, ends in pounds.items()}).fillna(0.0)


def _given_up(known: pd.DataFrame) -> pd.DataFrame:
    """Return the share of started forms that were not sent, with its interval."""
    starts = known["form_starts"].astype("float64")
    share = (1 - known["form_completions"] / starts).where(starts >= LEAST_STARTS)
    share = share.clip(0, 1)
    lower, upper = wilson(share.fillna(0), starts.fillna(0))
    few = share.isna()
    return pd.DataFrame(
        {
            "given_up": share,
            "given_up_lower": pd.Series(lower, index=known.index).mask(few),
            "given_up_upper": pd.Series(upper, index=known.index).mask(few),
        }
    )


def _to_mend(known: pd.DataFrame, method: SavingMethod) -> pd.DataFrame:
    """Return topics with a form that people give up, or write rather than use."""
    having = known[known["form"].notna()]
    having = having.join(_given_up(having))
    # More letters than forms sent, beyond chance: the form isn't where people go.
    both = having["enquiries"] + having["form_completions"].astype("float64").fillna(0)
    avoided = np.asarray(wilson(having["enquiries"] / both, both)[0]) > 1 / 2
    given_up = having["given_up_lower"].gt(method.much_given_up)
    return having[avoided | given_up]


def _listed(
    rows: pd.DataFrame, name: str, shares: tuple[float, float, float], least: float
) -> pd.DataFrame:
    low, middle, high = shares
    rows = rows[np.asarray(poisson_interval(rows["enquiries"])[0]) * low >= least]
    if rows.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    fewest, most = poisson_interval(rows["enquiries"])
    each = (rows["minutes"] / 60 / rows["enquiries"]).replace(0, np.nan)
    cheap, dear = (
        (rows[end] / rows["enquiries"]).mask(rows["dear"].eq(0)) for end in ("cheap", "dear")
    )
    cost = {"": (cheap + dear) / 2, "_lower": cheap, "_upper": dear}
    listed = rows.assign(
        list=name,
        saved=rows["enquiries"] * middle,
        saved_lower=np.asarray(fewest) * low,
        saved_upper=np.asarray(most) * high,
    )
    for end in ("", "_lower", "_upper"):
        listed[f"hours{end}"] = listed[f"saved{end}"] * each
        listed[f"pounds{end}"] = listed[f"saved{end}"] * cost[end]
    listed = listed.sort_values(["saved", "topic"], ascending=[False, True], ignore_index=True)
    listed["rank"] = np.arange(1, len(listed) + 1)
    listed["words"] = _words(listed, name, shares)
    return listed


def _words(rows: pd.DataFrame, name: str, shares: tuple[float, float, float]) -> pd.Series:
    count = rows["enquiries"].map("{:,.0f}".format).astype("string")
    fewest, most = (rows[f"saved_{end}"].map("{:,.0f}".format) for end in ("lower", "upper"))
    saved = (fewest + " to " + most).astype("string")
    hours = (
        " (" + rows["hours_lower"].map("{:,.0f}".format) + " to "
        + rows["hours_upper"].map("{:,.0f}".format) + " staff hours)"
    ).astype("string")  # fmt: skip
    hours = hours.mask(rows["hours"].isna(), "")
    begins = {
        BUILD: count + " enquiries and no form",
        MEND: count + " enquiries though there is a form",
        REWRITE: count + " enquiries though the page was read "
        + rows["views"].map("{:,.0f}".format).astype("string") + " times",
    }[name]  # fmt: skip
    if name == MEND:
        share = rows["given_up"].map("{:.0%}".format).astype("string")
        starts = rows["form_starts"].map("{:,.0f}".format).astype("string")
        given_up = ", given up half-way in " + share + " of " + starts + " starts"
        begins = begins + given_up.mask(rows["given_up"].isna(), "")
    assumed = f"assuming that {shares[0]:.0%} to {shares[2]:.0%} of them would no longer be written"
    money = (
        ", \N{POUND SIGN}" + rows["pounds_lower"].map("{:,.0f}".format) + " to \N{POUND SIGN}"
        + rows["pounds_upper"].map("{:,.0f}".format) + " by the council's own costs"
    ).astype("string")  # fmt: skip
    money = money.mask(rows["pounds"].isna(), "")
    return begins + ": could save " + saved + hours + money + ", " + assumed + "."
