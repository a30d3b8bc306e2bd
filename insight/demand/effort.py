"""Staff hours that contacts take, and what they cost where a council knows its own costs."""

import pandas as pd

from insight.demand.method import DemandMethod
from insight.intervals import poisson_interval
from insight.periods import month_of
from insight.results import ALL_SERVICES, as_results, join_results

_MINUTES_AN_HOUR = 60


def effort_results(cells: pd.DataFrame, method: DemandMethod) -> pd.DataFrame:
    """Hours and pounds of each month's contacts, by service and channel.

    Parameters
    ----------
    cells
        As `insight.demand.volume.contact_cells` gives.
    method
        Its ``minutes`` and ``pounds`` by channel. A channel without is left out of the sum.

    Returns
    -------
    pandas.DataFrame
        Results ``contact_hours`` and, only with the council's own costs, ``contact_pounds``.
        The bounds of hours are chance in the number of contacts; those of pounds are from the
        lowest cost of the least to the highest cost of the most.
    """
    low = {channel: ends[0] for channel, ends in method.pounds.items()}
    high = {channel: ends[1] for channel, ends in method.pounds.items()}
    hours = {channel: minutes / _MINUTES_AN_HOUR for channel, minutes in method.minutes.items()}
    return join_results(
        [
            _weighed(cells, hours, hours, "contact_hours"),
            _weighed(cells, low, high, "contact_pounds"),
        ]
    )


def unpriced_channels(cells: pd.DataFrame, method: DemandMethod) -> list[str]:
    """List the channels with contacts for which the settings give no minutes."""
    return sorted(set(cells.loc[cells["counted"].gt(0), "channel"]) - set(method.minutes))


def _weighed(
    cells: pd.DataFrame, low: dict[str, float], high: dict[str, float], measure: str
) -> pd.DataFrame:
    rows = cells[cells["channel"].isin(list(low)) & cells["counted"].gt(0)]
    if rows.empty:
        return join_results([])
    rows = rows.assign(period=month_of(rows["day"]))
    each = rows.groupby(["period", "service", "channel"])["counted"].sum().reset_index()
    total = each.groupby(["period", "channel"])["counted"].sum().reset_index()
    both = pd.concat([each, total.assign(service=ALL_SERVICES)], ignore_index=True)
    fewest, most = poisson_interval(both["counted"])
    low_cost, high_cost = both["channel"].map(low), both["channel"].map(high)
    both = both.assign(
        numerator=both["counted"] * (low_cost + high_cost) / 2,
        # Variances add, not widths: what deviates in one channel needn't in another.
        down=((both["counted"] - fewest) * low_cost) ** 2,
        up=((most - both["counted"]) * high_cost) ** 2,
        low=both["counted"] * low_cost,
        high=both["counted"] * high_cost,
        breakdown="channel=" + both["channel"],
    )
    whole = both.groupby(["period", "service"]).sum(numeric_only=True).reset_index()
    parts = pd.concat([both, whole.assign(breakdown="")], ignore_index=True)
    return as_results(
        parts.assign(
            measure=measure,
            value=parts["numerator"],
            lower=parts["low"] - parts["down"] ** 0.5,
            upper=parts["high"] + parts["up"] ** 0.5,
            base=parts["counted"].round(),
        )
    )
