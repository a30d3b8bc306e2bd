"""Weights that make who answered look like who lives here, and who is missing all the same.

Raking is weightipy's; what is here is what it leaves to its caller: groups that are unknown or
that nobody answered for, trimming, a check that it converged, and what it cost in precision.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import InsightError, MissingColumnsError
from insight.intervals import effective_base, wilson
from insight.satisfaction.method import SurveyMethod

MARGIN_COLUMNS = ("dimension", "group", "people")
UNKNOWN = "not known"
_CONVERGED = 0.001


class RakingError(InsightError):
    """A survey can't be weighted to its margins; its plain answers can still be used."""


@dataclass(frozen=True, slots=True)
class Raked:
    """Weights with a mean of 1, and what weighting did.

    `effective` is Kish's effective base; `furthest` the largest distance that trimming left
    between a weighted share and its margin; `notes` are sentences for the reader.
    """

    weights: pd.Series
    effective: float
    furthest: float
    notes: tuple[str, ...]


def rake(respondents: pd.DataFrame, margins: pd.DataFrame, method: SurveyMethod) -> Raked:
    """Weight respondents so that each margin's groups have their share of the population.

    Parameters
    ----------
    respondents
        One row each, with the margins' dimensions as columns, such as ``ward`` and ``age_band``.
    margins
        ``dimension``, ``group`` and ``people`` (a number or a share; only proportions matter).
    method
        When to weight and how far to trim.

    Returns
    -------
    Raked
        A respondent whose group isn't known keeps their share: nothing says what it should be.

    Raises
    ------
    RakingError
        If there are too few respondents, no usable dimension, or raking doesn't converge.

    Notes
    -----
    Raking (iterative proportional fitting) is Deming and Stephan's (1940), trimming as in
    Battaglia and others, "Practical considerations in raking survey data" (2009).
    """
    if len(respondents) < method.fewest_to_weight:
        raise RakingError(
            f"{len(respondents)} people answered; weighting needs {method.fewest_to_weight}. "
            "The plain answers are used."
        )
    groups = _groups(respondents, margins)
    targets: dict[str, dict[int, float]] = {}
    codes: dict[str, np.ndarray] = {}
    notes: list[str] = []
    for dimension, wanted in _wanted(margins).items():
        if dimension not in groups:
            continue
        held = groups[dimension]
        absent = sorted(set(wanted.index) - set(held))
        if absent:
            notes.append(
                f"Nobody of {dimension.replace('_', ' ')} {', '.join(absent)} answered; no weight "
                "can speak for them."
            )
        shares = wanted.drop(absent)
        if len(shares) < 2:
            continue
        unknown = float(held.eq(UNKNOWN).mean())
        place = {name: number for number, name in enumerate(shares.index)}
        codes[dimension] = held.map(place).fillna(len(shares)).to_numpy(np.int64)
        told = 100 * (1 - unknown) * shares / shares.sum()
        targets[dimension] = dict(enumerate(told.tolist()))
        if unknown:
            targets[dimension][len(shares)] = 100 * unknown
    if not targets:
        raise RakingError(
            "The survey says of nobody which group they are in, so it can't be weighted. Ask "
            f"for {', '.join(_wanted(margins))}, or take the survey's margins file out."
        )
    raw = _raked(pd.DataFrame(codes), targets)
    trimmed = raw.clip(method.lightest, method.heaviest)
    trimmed /= trimmed.mean()
    cut = int((raw.lt(method.lightest) | raw.gt(method.heaviest)).sum())
    if cut:
        notes.append(
            f"{cut} of {len(raw)} weights were trimmed to between {method.lightest:g} and "
            f"{method.heaviest:g}."
        )
    return Raked(
        pd.Series(trimmed.to_numpy(), index=respondents.index),
        float(effective_base(trimmed.sum(), np.square(trimmed).sum())),
        _furthest(pd.DataFrame(codes), targets, trimmed),
        tuple(notes),
    )


def who_is_missing(respondents: pd.DataFrame, margins: pd.DataFrame) -> pd.DataFrame:
    """Compare who answered with who lives here.

    Parameters
    ----------
    respondents, margins
        As for `rake`.

    Returns
    -------
    pandas.DataFrame
        One row per dimension and group, in the margins' order: ``dimension``, ``group``,
        ``answered`` and ``base`` (those whose group is known), ``share`` with ``lower`` and
        ``upper`` (Wilson, 95%), ``population`` (share), ``expected`` (people, at the
        population's share) and ``missing``: whether the whole interval lies below it.
    """
    groups = _groups(respondents, margins)
    rows = []
    for dimension, wanted in _wanted(margins).items():
        held = groups[dimension] if dimension in groups else pd.Series(dtype="string")
        counts = held[held.ne(UNKNOWN)].value_counts()
        rows.append(
            pd.DataFrame(
                {
                    "dimension": dimension,
                    "group": wanted.index,
                    "answered": counts.reindex(wanted.index, fill_value=0).to_numpy(),
                    "base": int(counts.sum()),
                    "population": (wanted / wanted.sum()).to_numpy(),
                }
            )
        )
    table = pd.concat(rows, ignore_index=True)
    share = table["answered"].div(table["base"].where(table["base"].gt(0)))
    lower, upper = wilson(share, table["base"])
    return table.assign(
        share=share,
        lower=lower,
        upper=upper,
        expected=table["population"] * table["base"],
        missing=pd.Series(upper < table["population"]) & table["base"].gt(0),
    )


def check_margins(margins: pd.DataFrame) -> pd.DataFrame:
    """Return margins with their types, or say what is wrong with them.

    Raises
    ------
    InsightError
        If a column is missing, a number of people is none, or a group is there twice.
    """
    if missing := set(MARGIN_COLUMNS) - set(margins.columns):
        raise MissingColumnsError(missing, "the margins file")
    people = pd.to_numeric(margins["people"], errors="coerce")
    wrong = people.isna() | people.le(0)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0]) + 2
        raise InsightError(
            f"The margins file, row {row}, column people: write a number above nought."
        )
    tidy = margins.assign(
        dimension=margins["dimension"].astype("string").str.strip(),
        group=_tidy(margins["group"]),
        people=people,
    )
    twice = tidy.duplicated(["dimension", "group"])
    if twice.any():
        row = int(np.flatnonzero(twice)[0]) + 2
        raise InsightError(f"The margins file, row {row}: this group is there twice. Keep one.")
    return tidy[list(MARGIN_COLUMNS)]


def _tidy(values: pd.Series) -> pd.Series:
    return values.astype("string").str.strip().str.casefold().str.replace("\u2013", "-")


def _wanted(margins: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        str(dimension): pd.Series(
            rows["people"].to_numpy(np.float64), index=pd.Index(_tidy(rows["group"]).tolist())
        )
        for dimension, rows in margins.groupby("dimension", sort=False)
    }


def _groups(respondents: pd.DataFrame, margins: pd.DataFrame) -> pd.DataFrame:
    """Give each respondent's group by dimension; `UNKNOWN` for one that the margins don't have."""
    found = {}
    for dimension, wanted in _wanted(margins).items():
        if dimension in respondents:
            held = _tidy(respondents[dimension])
            held = held.where(held.isin(wanted.index), UNKNOWN).fillna(UNKNOWN)
            if held.ne(UNKNOWN).any():
                found[dimension] = held
    return pd.DataFrame(found, index=respondents.index)


def _raked(codes: pd.DataFrame, targets: dict[str, dict[int, float]]) -> pd.Series:
    # weightipy takes half a second to import, and few surveys are weighted.
    import weightipy

    scheme = weightipy.scheme_from_dict(targets, name="margins")
    weighted = weightipy.weight_dataframe(df=codes.copy(), scheme=scheme, weight_column="weight")
    weights = weighted["weight"].reindex(codes.index).astype("float64")
    if weights.isna().any() or _furthest(codes, targets, weights) > _CONVERGED:
        raise RakingError(
            "Raking didn't converge: some groups of the margins contradict who answered. Put "
            "small groups of the margins file together. The plain answers are used."
        )
    scaled: pd.Series = weights / weights.mean()
    return scaled


def _furthest(
    codes: pd.DataFrame, targets: dict[str, dict[int, float]], weights: pd.Series
) -> float:
    gaps = [
        (
            weights.groupby(codes[dimension].to_numpy()).sum() / weights.sum()
            - pd.Series(wanted) / 100
        )
        .abs()
        .max()
        for dimension, wanted in targets.items()
    ]
    return float(max(gaps))
