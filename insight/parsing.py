"""Turn text into times, dates, numbers and truth values; what cannot be read is missing.

Nothing here guesses: a column is day-first or month-first because its mapping says so, and text
that does not fit is missing, so that the contract can send its row to quarantine.
"""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import InsightError
from insight.written_times import extract, is_any, trimmed, written_times

STYLES = ("day-first", "month-first", "iso", "epoch")
MISSING_WORDS = frozenset(
    {"", "-", "--", "n/a", "na", "#n/a", "nan", "nat", "none", "null", "<na>", "not applicable"}
)
TRUE_WORDS = frozenset({"yes", "y", "true", "t", "1"})
FALSE_WORDS = frozenset({"no", "n", "false", "f", "0"})

_ZONE_AT_END = r" ?(?:Z|[+-]\d{2}:?\d{2})$"
_NUMBER = (
    r"^(?P<open>\()?(?P<sign>[-+\x{2212}])?[£$€]? ?(?P<inner>[-+\x{2212}])?"
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?P<exponent>[eE][-+]?\d{1,3})?"
    r" ?(?P<percent>%)?(?P<close>\))?$"
)


class ParsingError(InsightError):
    """A style or time zone that a mapping names does not exist."""


def parse_times(text: pd.Series, *, style: str, timezone: str) -> pd.Series:
    """Return the moments that `text` names, in UTC.

    Parameters
    ----------
    text
        Dates with or without times (``string``), such as ``"03/04/2026 2.30pm"``.
    style
        ``"day-first"`` or ``"month-first"`` for numeric dates, either of which also reads
        ISO dates and months by name; ``"iso"`` for nothing else; ``"epoch"`` for seconds or
        milliseconds since 1970; or a strptime format.
    timezone
        Where the clocks of times without a zone hang, as an IANA name. ``Z``, ``UTC``, ``GMT``,
        ``BST`` (always British) and offsets such as ``+03:00`` in the text go before it.

    Returns
    -------
    pandas.Series
        ``datetime64[us, UTC]``, NaT where `text` is missing or does not fit.

    Raises
    ------
    ParsingError
        If `style` or `timezone` is unknown.

    Notes
    -----
    An hour that the clocks show twice is the first of the two (summer time). One that they skip
    becomes the moment they jump to. Years of two digits lie between 1969 and 2068.

    Examples
    --------
    >>> text = pd.Series(["03/07/2026 09:30", "31/13/2026"], dtype="string")
    >>> parse_times(text, style="day-first", timezone="Europe/London").astype("string").tolist()
    ['2026-07-03 08:30:00+00:00', <NA>]
    """
    _check_timezone(timezone)
    if _is_format(style):
        zoned = "%z" in style or "%Z" in style
        times = _strptime(text, style, utc=zoned)
        return times if zoned else _localised(times, timezone)
    if style == "epoch":
        return _since_1970(text)
    written = written_times(text, style)
    naive = _within_calendar(pd.Series(written.local, index=text.index, name=text.name))
    unzoned = _localised(naive.mask(written.zoned), timezone)
    return unzoned.mask(written.zoned, (naive - written.offset).dt.tz_localize("UTC"))


def parse_dates(text: pd.Series, *, style: str) -> pd.Series:
    """Return the dates that `text` names, as written there, at midnight and without a zone.

    `style` is as in `parse_times`. A time of day and a zone may follow the date; both are dropped.

    Raises
    ------
    ParsingError
        If `style` is unknown.

    Examples
    --------
    >>> parse_dates(pd.Series(["3 April 2026"], dtype="string"), style="day-first")[0]
    Timestamp('2026-04-03 00:00:00')
    """
    if _is_format(style):
        bare = text.astype("string")
        if "%z" in style:
            bare, style = bare.str.replace(_ZONE_AT_END, "", regex=True), style.replace("%z", "")
        times = _strptime(bare.str.strip(), style.strip(), utc=False)
    else:
        if style == "epoch":
            days: pd.Series = _since_1970(text).dt.tz_localize(None).dt.normalize()
            return days
        local = written_times(text, style).local
        times = pd.Series(local, index=text.index, name=text.name)
    dates: pd.Series = times.dt.normalize()
    return dates


def parse_numbers(text: pd.Series) -> pd.Series:
    """Return the numbers that `text` writes, as ``Float64``.

    Pound, dollar and euro signs and the commas of thousands are dropped, brackets mean minus,
    and a percentage becomes a proportion.

    Examples
    --------
    >>> text = pd.Series(["1,234.5", "£12.50", "45%", "(3)", "n/a"], dtype="string")
    >>> parse_numbers(text).tolist()
    [1234.5, 12.5, 0.45, -3.0, <NA>]
    """
    parts = extract(trimmed(text), _NUMBER)
    digits = pc.replace_substring(parts["digits"], ",", "")
    nothing = pa.scalar("", digits.type)
    written = pc.binary_join_element_wise(digits, parts["exponent"], nothing)
    size = pc.cast(written, pa.float64()).to_numpy(zero_copy_only=False)
    minus = [is_any(parts[name], "-", "\u2212") for name in ("sign", "inner")]
    bracketed = is_any(parts["open"], "("), is_any(parts["close"], ")")
    signs = sum(is_any(parts[name], "-", "+", "\u2212").astype(int) for name in ("sign", "inner"))
    # Both brackets or neither, and one sign at most, or the text is no number.
    sound = (bracketed[0] == bracketed[1]) & (signs + bracketed[0] <= 1) & np.isfinite(size)
    negative = minus[0] | minus[1] | bracketed[0]
    value = np.where(negative, -size, size) / np.where(is_any(parts["percent"], "%"), 100, 1)
    numbers = pd.array(np.where(sound, value, 0.0), dtype="Float64")
    numbers[~sound] = pd.NA
    return pd.Series(numbers, index=text.index, name=text.name)


def parse_booleans(text: pd.Series) -> pd.Series:
    """Return yes, y, true, t and 1 as True, their opposites as False (``boolean``).

    Examples
    --------
    >>> parse_booleans(pd.Series(["Yes", "n", "perhaps"], dtype="string")).tolist()
    [True, False, <NA>]
    """
    words = _plain(text)
    values = words.isin(TRUE_WORDS).astype("boolean")
    return values.where(words.isin(TRUE_WORDS | FALSE_WORDS), pd.NA)


def is_missing(text: pd.Series) -> pd.Series:
    """Return which values say that there is none: blank, a dash, ``n/a`` and the like.

    The other functions give a missing value for these as for text they cannot read; this tells
    the two apart.
    """
    return text.isna() | _plain(text).isin(MISSING_WORDS).astype(bool)


def _plain(text: pd.Series) -> pd.Series:
    return text.astype("string").str.strip().str.casefold()


def _is_format(style: str) -> bool:
    if style in STYLES:
        return False
    if "%" in style:
        return True
    raise ParsingError(
        f"Dates cannot be read as {style!r}. Use day-first, month-first, iso, epoch or a format "
        'such as "%d/%m/%Y %H:%M".'
    )


def _check_timezone(timezone: str) -> None:
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError) as error:
        raise ParsingError(
            f"There is no time zone {timezone!r}. Use a name such as Europe/London."
        ) from error


def _since_1970(text: pd.Series) -> pd.Series:
    """Return moments from seconds or, of twelve digits or more, milliseconds since 1970."""
    plain = text.astype("string").str.strip().str.replace(r"\.0+$", "", regex=True)
    numbers = plain.where(plain.str.fullmatch(r"-?\d{1,14}").fillna(value=False))
    whole = numbers.astype("Int64")
    milliseconds = whole.where(numbers.str.lstrip("-").str.len().ge(12), whole * 1000)
    times = pd.to_datetime(milliseconds, unit="ms", utc=True, errors="coerce")
    moments: pd.Series = times.dt.as_unit("us")
    return moments


def _strptime(text: pd.Series, style: str, *, utc: bool) -> pd.Series:
    try:
        times = pd.to_datetime(text.astype("string"), format=style, errors="coerce", utc=utc)
    except (ValueError, TypeError) as error:
        raise ParsingError(
            f"{style!r} is not a date format. Use one such as '%d/%m/%Y %H:%M'."
        ) from error
    return times.dt.as_unit("us")


def _localised(naive: pd.Series, timezone: str) -> pd.Series:
    summer = np.ones(len(naive), dtype=bool)
    local = _within_calendar(naive).dt.tz_localize(
        timezone, ambiguous=summer, nonexistent="shift_forward"
    )
    moments: pd.Series = local.dt.tz_convert("UTC")
    return moments


def _within_calendar(naive: pd.Series) -> pd.Series:
    """Drop the calendar's first and last day, which another zone would have outside it."""
    return naive.where(naive.between(pd.Timestamp("0001-01-02"), pd.Timestamp("9999-12-31")))
