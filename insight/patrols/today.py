"""Today's rounds: how often each place is visited now, from a file or as equal effort."""

import pandas as pd

from insight.errors import InsightError, MissingColumnsError

MOST_A_WEEK = 21


class RoundsError(InsightError):
    """A file of today's rounds can't be used as it is."""


def visits_today(
    places: pd.DataFrame, rounds: pd.DataFrame | None, *, visits: int
) -> tuple[pd.Series, pd.Series]:
    """Return how often each place is visited now.

    Parameters
    ----------
    places
        ``cell`` and ``place`` (a street's name may be followed by a grid reference in brackets).
    rounds
        ``place`` (a street, a cell, or a grid reference) and ``visits_a_week``, indexed by the
        file's row numbers; or nothing, and then the same `visits` are taken to be spread equally
        over all `places`.
    visits
        Visits in a week where there is no file.

    Returns
    -------
    tuple
        Visits a week of each of `places`, and the names in `rounds` that match no place.

    Raises
    ------
    MissingColumnsError
        If a column is absent.
    RoundsError
        If a number of visits isn't one.
    """
    unknown = pd.Series(dtype="string")
    if rounds is None:
        equal = visits / max(len(places), 1)
        return pd.Series(equal, index=places.index, dtype="float64"), unknown
    if missing := {"place", "visits_a_week"} - set(rounds.columns):
        raise MissingColumnsError(missing, "the file of today's rounds")
    numbers = pd.to_numeric(rounds["visits_a_week"], errors="coerce")
    wrong = numbers.isna() | ~numbers.between(0, MOST_A_WEEK)
    if wrong.any():
        raise RoundsError(
            f"Today's rounds, row {wrong.idxmax()}: visits_a_week has to be a number from 0 to "
            f"{MOST_A_WEEK}; put it right and run the plan again."
        )
    named = rounds.assign(key=_key(rounds["place"]), number=numbers)
    weekly = named.groupby("key")["number"].sum()
    keys = _place_keys(places)
    found = keys.apply(lambda column: column.map(weekly)).max(axis="columns")
    known = pd.unique(keys.to_numpy().ravel())
    missed = named.loc[~named["key"].isin(known), "place"].astype("string")
    return found.fillna(0.0).astype("float64"), missed.reset_index(drop=True)


def visits_made(
    places: pd.DataFrame, patrols: pd.DataFrame, *, weeks: float
) -> tuple[pd.Series, pd.Series]:
    """Return how often each place was visited, from the record of patrols.

    Parameters
    ----------
    places
        As `visits_today`.
    patrols
        One row per patrol: ``place``.
    weeks
        How many weeks the record covers.

    Returns
    -------
    tuple
        As `visits_today`.
    """
    counted = patrols.groupby("place").size().div(max(weeks, 1.0)).rename("visits_a_week")
    capped = counted.clip(upper=MOST_A_WEEK).reset_index()
    return visits_today(places, capped, visits=0)


def places_named(places: pd.DataFrame, names: pd.Series) -> pd.Series:
    """Return the cell of the one place that each of `names` is of; missing where it's of several.

    Parameters
    ----------
    places
        As `visits_today`.
    names
        Streets, cells, grid references or places as the plan names them.
    """
    keys = _place_keys(places).melt(value_name="key", ignore_index=False)["key"].dropna()
    pairs = pd.DataFrame({"key": keys, "cell": places["cell"].reindex(keys.index)})
    alone = pairs.drop_duplicates().drop_duplicates("key", keep=False)
    return _key(names).map(alone.set_index("key")["cell"]).astype("string")


def _place_keys(places: pd.DataFrame) -> pd.DataFrame:
    """Return what each place may be called: street, cell, the plan's own words, grid reference."""
    words = places["place"].astype("string")
    return pd.DataFrame(
        {
            "street": words.str.replace(r"^Off |\s*\([^)]*\)$", "", regex=True),
            "cell": places["cell"],
            "all": words,
            "ref": words.str.extract(r"\(([^)]*)\)$")[0],
        },
        index=places.index,
    ).apply(_key)


def _key(names: pd.Series) -> pd.Series:
    return names.astype("string").str.strip().str.casefold().str.replace(r"\s+", " ", regex=True)
