"""The number a reader sees: one rounding for the colour, the page and the workbook.

Halves go away from nought, as in a spreadsheet, so that an officer who checks a figure by
hand gets the same one.
"""

import math

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

# A share such as 0.285 is 28.499999999999996 as a percentage; it must still show as 29%.
_SLIP = 1e-9
_MINUS = "\N{MINUS SIGN}"
_NOUNS = frozenset({"days", "seconds", "hours"})


def published_values(values: pd.Series, unit: ArrayLike, decimals: ArrayLike) -> pd.Series:
    """Round values to what is shown.

    Parameters
    ----------
    values
        Figures; shares are proportions.
    unit
        One unit, or one per value; a ``"share"`` is shown as a percentage's number.
    decimals
        Decimals of the number shown (of the percentage, for a share).

    Examples
    --------
    >>> published_values(pd.Series([0.9496, 0.285]), "share", 0).tolist()
    [95.0, 29.0]
    >>> published_values(pd.Series([-2.5, 12.25]), "days", [0, 1]).tolist()
    [-3.0, 12.3]
    """
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    shown = numbers * np.where(np.asarray(unit) == "share", 100.0, 1.0)
    scale = 10.0 ** np.asarray(decimals, dtype="float64")
    rounded = np.sign(shown) * np.floor(np.abs(shown) * scale + 0.5 + _SLIP) / scale
    return pd.Series(rounded, index=values.index)


def written(values: pd.Series, unit: ArrayLike, decimals: ArrayLike) -> pd.Series:
    """Write values as a reader sees them, missing where they are.

    Examples
    --------
    >>> written(pd.Series([0.285, 0.5]), "share", [0, 1]).tolist()
    ['29%', '50.0%']
    >>> written(pd.Series([1.0, 1450.0, 2.5]), ["days", "count", "pounds"], [0, 0, 2]).tolist()
    ['1 day', '1,450', '£2.50']
    """
    shown = published_values(values, unit, decimals)
    units = np.broadcast_to(np.asarray(unit, dtype="object"), shown.shape)
    places = np.broadcast_to(np.asarray(decimals, dtype="int64"), shown.shape)
    words = [_words(*each) for each in zip(shown.fillna(0), units, places, strict=True)]
    return pd.Series(words, index=values.index, dtype="string").mask(shown.isna())


def written_value(value: float, unit: str, decimals: int) -> str:
    """Write one value just as `written` writes many, without making a series of it.

    Examples
    --------
    >>> written_value(0.285, "share", 0), written_value(-2.5, "days", 0)
    ('29%', '\N{MINUS SIGN}3 days')
    """
    shown = value * 100.0 if unit == "share" else value
    scale = 10.0**decimals
    away = math.floor(abs(shown) * scale + 0.5 + _SLIP) / scale
    return _words(math.copysign(away, shown), unit, decimals)


def _words(shown: float, unit: str, places: int) -> str:
    number = f"{abs(shown):,.{places}f}"
    before = (_MINUS if shown < 0 else "") + ("\N{POUND SIGN}" if unit == "pounds" else "")
    after = "%" if unit == "share" else ""
    if unit in _NOUNS:
        after = f" {unit[:-1]}" if number == "1" else f" {unit}"
    return before + number + after
