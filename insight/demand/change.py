"""Before and after a change: whether fewer people chase since applicants are told."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.special import ndtri

from insight.demand.monthly import clustered_shares
from insight.errors import InsightError
from insight.intervals import effective_base, newcombe, wilson

_Z = float(ndtri(0.975))


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Chasing before and after a day: shares of contacts, their difference, contacts a week.

    ``difference`` is in proportion points, ``relative`` over the share before; both with 95%
    bounds. ``real`` says whether the difference's bounds leave nought outside.
    """

    service: str
    changed: date
    days: int
    before: tuple[float, float, float]
    after: tuple[float, float, float]
    base_before: int
    base_after: int
    difference: tuple[float, float, float]
    relative: tuple[float, float, float]
    a_week_before: float
    a_week_after: float
    real: bool


def before_and_after(
    links: pd.DataFrame, service: str, changed: date, *, days: int = 182
) -> BeforeAfter:
    """Compare chasing in as many days before a change as after it.

    Parameters
    ----------
    links
        What `insight.demand.chasing.link_contacts` gives.
    service
        Code of the service, or "all".
    changed
        First day on which things were done the new way.
    days
        How far to look each way; shortened, both ways alike, to what is on record.

    Raises
    ------
    InsightError
        If the service has no contacts on one side.

    Notes
    -----
    Newcombe's interval on bases cut for people who came more than once; the ratio's bounds are
    Katz's on the log scale with the same bases. It compares two times: what else changed then is
    in it too.
    """
    mine = links if service == "all" else links[links["service"].eq(service)]
    at = pd.Timestamp(changed)
    if mine.empty or not (mine["day"].lt(at).any() and mine["day"].ge(at).any()):
        message = f"There are no contacts of {service} on both sides of {changed:%d/%m/%Y}: "
        message += "nothing to compare. `insight demand show` lists what is on record."
        raise InsightError(message)
    first, last = links["day"].min(), links["day"].max()
    reach = int(min(days, (at - first).days, (last - at).days + 1))
    span = pd.Timedelta(days=reach)
    near = mine[mine["day"].ge(at - span) & mine["day"].lt(at + span)]
    side = near["day"].ge(at).map({True: "after", False: "before"})
    near = near.assign(period=side, service="one")
    parts = clustered_shares(near, near["chasing"], near["person"])
    parts = parts[parts["service"].eq("one")].set_index("period").reindex(["before", "after"])
    k, n = parts["numerator"].fillna(0), parts["denominator"].fillna(0)
    if (n == 0).any():
        raise InsightError(
            f"{service} has no contacts within {reach} days on one side of {changed:%d/%m/%Y}; "
            "look further with --days."
        )
    share = k / n
    worth = pd.Series(effective_base(n, parts["squares"]), index=n.index)
    low, high = wilson(share, worth)
    bounds = newcombe(share["after"], worth["after"], share["before"], worth["before"])
    lower, upper = (float(bound) for bound in bounds)
    ratio = share["after"] / share["before"] if share["before"] > 0 else np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = float(np.sqrt(((1 - share) / (share * worth)).sum()))
        factor = np.exp(_Z * spread)
    return BeforeAfter(
        service=service,
        changed=changed,
        days=reach,
        before=(float(share["before"]), float(low[0]), float(high[0])),
        after=(float(share["after"]), float(low[1]), float(high[1])),
        base_before=int(n["before"]),
        base_after=int(n["after"]),
        difference=(float(share["after"] - share["before"]), lower, upper),
        relative=(float(ratio - 1), float(ratio / factor - 1), float(ratio * factor - 1)),
        a_week_before=float(7 * k["before"] / reach),
        a_week_after=float(7 * k["after"] / reach),
        real=bool(lower > 0 or upper < 0),
    )
