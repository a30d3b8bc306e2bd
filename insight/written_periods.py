"""Periods as people and systems write them, in the spelling that the contract asks for."""

import re
from datetime import date

import pandas as pd

from insight.periods import add_months, canonical_period, month_key, quarter_key

_YEARS = r"(?:f\.?y\.? ?)?(?P<year>(?:19|20)\d{2}) ?[-/\u2013] ?(?P<next>\d{4}|\d{2})"
_QUARTER = r"(?:q|qtr\.? ?|quarter ?)(?P<quarter>[1-4])"
_BETWEEN = r"[\s;,:_()/-]*"
_YEAR_ONLY = r"(?P<year>(?:19|20)\d{2})"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(?P<name>[a-z]{3,9})\.?"
_TWO_YEARS = (f"{_YEARS}{_BETWEEN}{_QUARTER}\\)?", f"{_QUARTER}{_BETWEEN}{_YEARS}\\)?")
_ONE_YEAR = (f"{_YEAR_ONLY}{_BETWEEN}{_QUARTER}\\)?", f"{_QUARTER}{_BETWEEN}{_YEAR_ONLY}\\)?")
_MONTH = (
    rf"{_NAME}[\s,-]*(?P<year>(?:19|20)?\d{{2}})",
    rf"{_YEAR_ONLY}[\s-]*{_NAME}",
    rf"{_YEAR_ONLY}[-.]?(?P<month>0[1-9]|1[0-2])(?:[-.]?01)?(?:[t ]00:00(?::00(?:\.0+)?)?z?)?",
    rf"(?:0?1[-/.])?(?P<month>0?[1-9]|1[0-2])[-/.]{_YEAR_ONLY}(?: 00:00(?::00)?)?",
)
_FULL_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def written_periods(text: pd.Series, *, quarters: str = "financial") -> pd.Series:
    """Return periods as ``2026-10``, ``2026-27 Q2`` or ``2026-27``; what is none stays as it is.

    Parameters
    ----------
    text
        Such as ``Oct-26``, ``01/10/2026`` (a month's first day, always day-first), ``Q2 2026/27``,
        ``2026-27;Q2`` or ``FY 2026/2027``.
    quarters
        What ``Q3 2026`` means: ``financial``, where it can't be told and stays as it is, or
        ``calendar``, where it is July to September.

    Examples
    --------
    >>> written_periods(pd.Series(["2026-27;Q2", "Oct-26", "Q3 2026"], dtype="string")).tolist()
    ['2026-27 Q2', '2026-10', 'Q3 2026']
    >>> written_periods(pd.Series(["2026 Q1"], dtype="string"), quarters="calendar").tolist()
    ['2025-26 Q4']
    """
    given = text.astype("string")
    codes, spellings = pd.factorize(given)
    meant = [_period(str(each), calendar=quarters == "calendar") for each in spellings]
    return pd.Series(pd.array(meant, dtype="string").take(codes, allow_fill=True), given.index)


def _period(written: str, *, calendar: bool) -> str:
    plain = " ".join(written.casefold().split())
    if found := _first(_TWO_YEARS, plain):
        return _financial(written, f"{found['year']}-{found['next']} Q{found['quarter']}")
    if calendar and (found := _first(_ONE_YEAR, plain)):
        return quarter_key(date(int(found["year"]), 3 * int(found["quarter"]) - 2, 1))
    # "2009-10" names a month as well, and stays as it is: which one its measure says.
    if (found := _first(_MONTH, plain)) and (month := _month(found)):
        return month
    if found := re.fullmatch(_YEARS, plain):
        return _financial(written, f"{found['year']}-{found['next']}")
    return written


def _first(patterns: tuple[str, ...], plain: str) -> re.Match[str] | None:
    return next((found for each in patterns if (found := re.fullmatch(each, plain))), None)


def _financial(written: str, period: str) -> str:
    first, following = period.split(" ")[0].split("-")
    if int(following) not in {int(first) + 1, (int(first) + 1) % 100}:
        return written  # several years together
    kind = "quarterly" if " " in period else "annual"
    return canonical_period(period, kind)


def _month(found: re.Match[str]) -> str | None:
    parts = found.groupdict()
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    if parts.get("month"):
        return month_key(date(year, int(parts["month"]), 1))
    name = "sep" if parts["name"] == "sept" else parts["name"]
    if name not in (*_MONTHS, *_FULL_NAMES):
        return None
    return month_key(add_months(date(year, 1, 1), _MONTHS.index(name[:3])))
