"""In which order of day and month refused dates can be read."""

from datetime import date

import pandas as pd

from insight.parsing import STYLES, parse_times

_MONTHS_IN_A_YEAR = 12
_NEARLY_ALL = 0.95  # a file in another order may have slips of its own


def likely_orders(
    written: pd.Series, *, but: str, timezone: str, latest: date | None = None
) -> dict[str, int]:
    """Return the orders, other than `but`, in which nearly all of `written` are dates.

    Parameters
    ----------
    written
        Dates as text (``string``), none missing.
    but
        The order they could not be read in.
    timezone
        Of times that carry none, as an IANA name.
    latest
        The last day that they may have; None for any.

    Returns
    -------
    dict of str
        ``day-first``, ``month-first`` or both, with how many are then dates; ``iso`` is read by
        either. None of nothing.

    Examples
    --------
    >>> text = pd.Series(["10/25/2026", "10/03/2026 14:05"], dtype="string")
    >>> likely_orders(text, but="day-first", timezone="Europe/London")
    {'month-first': 2}
    """
    if written.empty:
        return {}
    fitting = {}
    for style in STYLES:
        if style in {but, "iso"}:
            continue
        times = parse_times(written, style=style, timezone=timezone)
        days = times.dt.tz_convert(timezone).dt.tz_localize(None)
        if latest is not None:
            days = days.mask(days.gt(pd.Timestamp(latest) + pd.Timedelta(days=1)))
        if days.notna().mean() >= _NEARLY_ALL:
            fitting[style] = int(days.notna().sum())
    return fitting


def shows_its_order(accepted: pd.Series) -> bool:
    """Return whether accepted dates could only be read in the order they were read in.

    That is when one of them lies after the twelfth: no month has such a number, so the file as
    a whole isn't written in the other order.
    """
    return bool(accepted.dt.day.gt(_MONTHS_IN_A_YEAR).any())
