"""Contract columns that a file doesn't hold as such: several joined to one, a point taken apart."""

import re

import pandas as pd

_PART = re.compile(r"\{([^{}]+)\}")
_NUMBER = r"[-+]?\d{1,8}(?:\.\d+)?"
_BETWEEN = r"\s*[,; ]\s*"
_LONGITUDE_FIRST = (
    rf"(?i)^(?:SRID=4326;\s*)?POINT\s*(?:Z\s*)?\(\s*(?P<longitude>{_NUMBER})\s+"
    rf"(?P<latitude>{_NUMBER})(?:\s+{_NUMBER})?\s*\)$",
    rf'(?i)"coordinates"\s*:\s*\[\s*(?P<longitude>{_NUMBER})\s*,\s*(?P<latitude>{_NUMBER})',
)
_LATITUDE_FIRST = (
    rf"(?:^|\n)[(\[]?\s*(?P<latitude>{_NUMBER}){_BETWEEN}(?P<longitude>{_NUMBER})\s*[)\]]?$",
    rf"""(?i)['"]latitude['"]\s*:\s*['"]?(?P<latitude>{_NUMBER})['"]?.*?"""
    rf"""['"]longitude['"]\s*:\s*['"]?(?P<longitude>{_NUMBER})""",
    rf"""(?i)['"]longitude['"]\s*:\s*['"]?(?P<longitude>{_NUMBER})['"]?.*?"""
    rf"""['"]latitude['"]\s*:\s*['"]?(?P<latitude>{_NUMBER})""",
)


def headings_in(recipe: str) -> tuple[str, ...]:
    """Return the headings that a recipe such as ``"{Year}-{Month}"`` names.

    Examples
    --------
    >>> headings_in("{Year} Q{Quarter}")
    ('Year', 'Quarter')
    """
    return tuple(dict.fromkeys(_PART.findall(recipe)))


def joined(frame: pd.DataFrame, recipe: str) -> pd.Series:
    """Return the text that `recipe` makes of each row, each ``{Heading}`` replaced by its value.

    Missing where one of the values is: half a date is none.

    Examples
    --------
    >>> frame = pd.DataFrame({"Year": ["2026", "2026"], "Month": ["4", None]}, dtype="string")
    >>> joined(frame, "{Year}-{Month}-01").tolist()
    ['2026-4-01', <NA>]
    """
    pieces = _PART.split(recipe)
    made = pd.Series(pieces[0], index=frame.index, dtype="string")
    for heading, after in zip(pieces[1::2], pieces[2::2], strict=True):
        value = frame[heading].astype("string").str.strip()
        made = made + value.mask(value.eq("")) + after
    return made.rename(None)


def degrees_in(points: pd.Series) -> pd.DataFrame:
    """Return ``latitude`` and ``longitude`` of points that are written in one column, as text.

    Parameters
    ----------
    points
        ``POINT (-1.1 52.6)`` or GeoJSON, in both of which the longitude is first; or ``(52.6,
        -1.1)``, also without brackets or below an address, with the latitude first; or an object
        that names both.

    Returns
    -------
    pandas.DataFrame
        Missing where a value is blank. Where it is no such point, `latitude` is the value itself,
        so that the contract says it is no number.

    Examples
    --------
    >>> degrees_in(pd.Series(["POINT (-1.1 52.6)", "(52.6, -1.1)"], dtype="string"))
      latitude longitude
    0     52.6      -1.1
    1     52.6      -1.1
    """
    text = points.astype("string").str.strip()
    found = pd.DataFrame({"latitude": text, "longitude": pd.NA}, dtype="string")
    rest = text.notna()
    for pattern in (*_LONGITUDE_FIRST, *_LATITUDE_FIRST):
        if not rest.any():
            break
        read = text[rest].str.extract(pattern)[["latitude", "longitude"]].astype("string")
        read = read[read["latitude"].notna()]
        found.loc[read.index] = read
        rest &= ~rest.index.isin(read.index)
    return found
