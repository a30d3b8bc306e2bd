"""An aid for setting next year's target: what the past would have made of each candidate."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.intervals import wilson
from insight.rag import rag

FEWEST = 12
"""Periods below which a target is neither called out of reach nor always met."""
SELDOM = 0.05
"""Share of periods up to which a target beyond the limits may have been met all the same."""
PERIODS_LOOKED_AT = 36
_QUARTILES = (0.25, 0.5, 0.75)
CANDIDATE_COLUMNS = (
    "candidate", "why", "met", "periods", "share_met", "lower", "upper", "warning",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TargetAid:
    """What the past says about a measure's next target.

    `candidates` has `CANDIDATE_COLUMNS`: each target for one period, how many past periods would
    have met it, the share with its 95% interval, and a warning or nothing. `notes` are sentences
    about the measure itself.
    """

    measure: str
    periods: int
    mean: float
    best: float
    worst: float
    limits: tuple[float, float] | None
    candidates: pd.DataFrame
    notes: tuple[str, ...]


def target_aid(
    history: pd.DataFrame,
    measure: pd.Series,
    *,
    limits: tuple[float, float] | None = None,
    provisional: bool = False,
    current: float | None = None,
    candidates: Sequence[float] = (),
) -> TargetAid:
    """Try targets on the last three years.

    Parameters
    ----------
    history
        ``period`` and ``value`` of the measure, oldest first; the last 36 known ones count, or the
        last three years of a quarterly or annual measure.
    measure
        ``code``, ``polarity``, ``unit``, ``decimals``, ``frequency``, ``in_control`` and
        ``drives_improvement`` of one measure, as `insight.scorecard.as_measures` gives them.
    limits
        Lower and upper limit of the measure's control chart, where it has one.
    provisional
        Whether those limits rest on too few points to be sure of.
    current
        The target of one period now.
    candidates
        Further targets to try, in the measure's unit.

    Returns
    -------
    TargetAid
        With the current target, the mean, the quartiles, the better limit and `candidates`, hardest
        last. A target that the better limit doesn't reach is out of reach of the present process;
        one that even the worse limit meets is always met and asks for nothing. Without limits that
        is said only where no period, or every one, of at least a year's met it.

    Examples
    --------
    >>> waits = pd.DataFrame({"period": [f"2025-{m:02d}" for m in range(1, 13)],
    ...     "value": [20.0, 22, 21, 19, 24, 20, 21, 23, 22, 20, 19, 21]})
    >>> measure = pd.Series({"code": "WAIT", "polarity": "lower", "unit": "days", "decimals": 0,
    ...     "frequency": "monthly", "in_control": True, "drives_improvement": True})
    >>> aid = target_aid(waits, measure, limits=(16.0, 26.0), current=15.0)
    >>> aid.candidates.set_index("why").loc["the target now", "warning"]
    'out of reach of the present process: redesign it, or set a lesser target'
    """
    years = {"monthly": 36, "quarterly": 12, "annual": 3}
    looked_at = years.get(str(measure["frequency"]), PERIODS_LOOKED_AT)
    values = history["value"].astype("float64").dropna().tail(looked_at)
    tried = _tried(values, measure, limits, current, candidates)
    lower_better = measure["polarity"] == "lower"
    tried = tried.sort_values("candidate", ascending=not lower_better, ignore_index=True)
    met = [_met(values, target, measure) for target in tried["candidate"]]
    share = np.divide(met, len(values)) if len(values) else np.full(len(met), np.nan)
    low, high = wilson(share, len(values))
    warnings = [
        _warning(target, count, len(values), limits, lower_better=lower_better)
        for target, count in zip(tried["candidate"], met, strict=True)
    ]
    table = tried.assign(
        met=pd.array(met, dtype="Int64"),
        periods=len(values),
        share_met=share,
        lower=low,
        upper=high,
        warning=pd.array(warnings, dtype="string"),
    )
    best = values.min() if lower_better else values.max()
    worst = values.max() if lower_better else values.min()
    return TargetAid(
        str(measure["code"]),
        len(values),
        float(values.mean()) if len(values) else float("nan"),
        float(best),
        float(worst),
        limits,
        table[list(CANDIDATE_COLUMNS)],
        tuple(_notes(measure, len(values), limits, provisional, current, values)),
    )


def _tried(
    values: pd.Series,
    measure: pd.Series,
    limits: tuple[float, float] | None,
    current: float | None,
    candidates: Sequence[float],
) -> pd.DataFrame:
    rows: list[tuple[float, str]] = []
    if measure["polarity"] == "band":
        return pd.DataFrame(rows, columns=["candidate", "why"]).astype({"candidate": "float64"})
    if current is not None:
        rows.append((current, "the target now"))
    rows += [(float(value), "asked for") for value in candidates]
    if len(values):
        rows.append((float(values.mean()), "the average so far"))
        lower_better = measure["polarity"] == "lower"
        words = ["met by a quarter of periods", "met by half", "met by three quarters"]
        shares = _QUARTILES if lower_better else tuple(reversed(_QUARTILES))
        rows += [
            (float(values.quantile(share)), word) for share, word in zip(shares, words, strict=True)
        ]
        if limits is not None:
            rows.append((limits[0] if lower_better else limits[1], "the limit of the process"))
    frame = pd.DataFrame(rows, columns=["candidate", "why"])
    return frame.drop_duplicates("candidate", keep="first")


def _met(values: pd.Series, target: float, measure: pd.Series) -> int:
    colours = rag(
        values,
        target,
        polarity=str(measure["polarity"]),
        unit=str(measure["unit"]),
        decimals=int(measure["decimals"]),
    )
    return int(colours.eq("green").sum())


def _warning(
    target: float,
    met: int,
    periods: int,
    limits: tuple[float, float] | None,
    *,
    lower_better: bool,
) -> str:
    if periods < FEWEST:
        return ""
    # Limits of a process that is on the move say little: what was often met is not out of reach.
    seldom, nearly = met <= periods * SELDOM, met >= periods * (1 - SELDOM)
    beyond = met == 0 if limits is None else _beyond(target, limits, lower_better=lower_better)
    always = (
        met == periods if limits is None else _within(target, limits, lower_better=lower_better)
    )
    if beyond and seldom:
        return "out of reach of the present process: redesign it, or set a lesser target"
    return "always met: it asks for nothing" if always and nearly else ""


def _beyond(target: float, limits: tuple[float, float], *, lower_better: bool) -> bool:
    return target < limits[0] if lower_better else target > limits[1]


def _within(target: float, limits: tuple[float, float], *, lower_better: bool) -> bool:
    return target > limits[1] if lower_better else target < limits[0]


def _notes(
    measure: pd.Series,
    periods: int,
    limits: tuple[float, float] | None,
    provisional: bool,
    current: float | None,
    values: pd.Series,
) -> list[str]:
    told = []
    if measure["polarity"] == "band":
        told.append("A band has two ends; look at the range so far when setting them.")
    if periods < FEWEST:
        known = "1 period is" if periods == 1 else f"{periods} periods are"
        told.append(
            f"Only {known} known; below {FEWEST} nothing is called out of reach or always met."
        )
    if limits is None:
        told.append("There is no control chart of it, so reach is judged by past periods alone.")
    elif provisional:
        told.append("The limits are provisional: they rest on few points.")
    told += _said_of(measure)
    if current is not None and len(values) and measure["polarity"] != "band":
        mean = float(values.mean())
        easier = current > mean if measure["polarity"] == "lower" else current < mean
        if easier:
            told.append(
                "The target now is easier than the average so far: it drives no improvement."
            )
    return told


def _said_of(measure: pd.Series) -> list[str]:
    """Repeat what the settings say of a measure's use, and what they leave unsaid."""
    told = []
    said = {name: measure.get(name) for name in ("in_control", "drives_improvement")}
    control, improves = (None if pd.isna(value) else bool(value) for value in said.values())
    if control:
        told.append("It is in the council's control.")
    if improves:
        told.append("Working towards it improves the service.")
    if unsaid := [name for name in said if pd.isna(said[name])]:
        told.append(f"measures.yaml doesn't say {' or '.join(unsaid)} of it; say it there.")
    if control is False:
        told.append(
            "What it measures isn't in the council's control; set a target for something that is."
        )
    if improves is False:
        told.append(
            "Working towards it is said not to make the service better; ask why it is kept."
        )
    return told
