"""One verdict a measure: its colour, whether a change is real, and whether the target can be met.

The table is written out whole in `insight.verdict_table`; a special cause is said first, with its
direction and since when.
"""

import numpy as np
import pandas as pd

from insight.periods import period_title
from insight.rag import Rag
from insight.spc_choice import Chart
from insight.spc_rules import Rule, Variation
from insight.verdict_table import Verdict, verdict_of

_COLOURS = (Rag.GREEN.value, Rag.AMBER.value, Rag.RED.value)
_LEAD = {
    Variation.IMPROVEMENT_HIGH: "A real rise for the better",
    Variation.IMPROVEMENT_LOW: "A real fall for the better",
    Variation.CONCERN_HIGH: "A real rise for the worse",
    Variation.CONCERN_LOW: "A real fall for the worse",
    Variation.NEUTRAL_HIGH: "A real rise",
    Variation.NEUTRAL_LOW: "A real fall",
}
_BECAUSE = {
    Rule.BEYOND: "beyond the limit",
    Rule.TREND: "seven points on the way up or down",
    Rule.TWO_OF_THREE: "two of three points near the limit",
    Rule.SHIFT: "seven points on one side of the mean",
}


def verdicts(
    series: pd.DataFrame,
    rag: pd.Series,
    *,
    before: pd.Series | None = None,
    target_changed: pd.Series | bool = False,
) -> pd.DataFrame:
    """Give every measure its verdict.

    Parameters
    ----------
    series
        Of `insight.spc.control`: ``chart``, ``why``, ``variation``, ``before``, ``rule``,
        ``since``, ``assurance``, ``segment_points`` and ``provisional`` are used.
    rag
        Each one's colour, on the same index: the words of `insight.rag.Rag`.
    before
        The colour of the figure before.
    target_changed
        Whether the target is another than that figure's, so that the colour may have changed
        because of it.

    Returns
    -------
    pandas.DataFrame
        ``verdict`` (a few words), ``advice`` (a code, see `insight.verdict_table.Advice`),
        ``verdict_words`` (sentences) and ``colour_change_is_noise``: true where the colour has
        changed though both figures are common causes of one segment, false where it has changed
        otherwise, missing where it hasn't or nothing can be told.
    """
    rows = series.assign(rag=rag.reindex(series.index).astype("object"))
    noise = _noise(rows, before, target_changed)
    columns = ["rag", "variation", "assurance"]
    keys = rows[columns].astype("object")
    keys = keys.where(keys.notna(), None)
    distinct, codes = _distinct(keys)
    found = [verdict_of(*each) for each in distinct]
    chosen = [found[code] for code in codes]
    words = [
        _words(verdict, *cells)
        for verdict, *cells in zip(
            chosen,
            *(keys[name] for name in ("rag", "variation")),
            *(rows[name] for name in ("rule", "since", "why", "provisional", "segment_points")),
            noise.fillna(False).tolist(),
            strict=True,
        )
    ]
    return pd.DataFrame(
        {
            "verdict": [verdict.title for verdict in chosen],
            "advice": [verdict.advice.value for verdict in chosen],
            "verdict_words": words,
            "colour_change_is_noise": noise,
        },
        index=series.index,
    ).astype({"verdict": "string", "advice": "string", "verdict_words": "string"})


def _distinct(keys: pd.DataFrame) -> tuple[list[tuple[str | None, ...]], np.ndarray]:
    codes = keys.groupby(list(keys.columns), dropna=False, sort=False).ngroup()
    first = keys.loc[~codes.duplicated().to_numpy()]
    cells = [first[name].tolist() for name in first.columns]
    return list(zip(*cells, strict=True)), codes.to_numpy()


def _noise(
    rows: pd.DataFrame, before: pd.Series | None, target_changed: pd.Series | bool
) -> pd.Series:
    if before is None:
        return pd.Series(pd.NA, index=rows.index, dtype="boolean")
    earlier = before.reindex(rows.index).astype("object")
    changed = rows["rag"].isin(_COLOURS) & earlier.isin(_COLOURS) & rows["rag"].ne(earlier)
    # A season's usual turn is no noise, and a chart of changes on last year doesn't show it.
    told = changed & rows["variation"].notna() & rows["before"].notna()
    told &= rows["chart"].ne(Chart.DIFFERENCE)
    common = rows["variation"].eq(Variation.COMMON) & rows["before"].eq(Variation.COMMON)
    return (common & ~pd.Series(target_changed, index=rows.index)).astype("boolean").where(told)


def _words(
    verdict: Verdict,
    rag: str | None,
    variation: str | None,
    rule: str | None,
    since: str | None,
    why: str,
    provisional: bool,
    points: float,
    noise: bool,
) -> str:
    if rag == Rag.SUPPRESSED:
        return verdict.words
    said = []
    if variation is not None and variation in _LEAD and rag != Rag.AWAITED:
        begun = f" since {period_title(str(since))}" if isinstance(since, str) else ""
        reason = f" ({_BECAUSE[Rule(rule)]})" if isinstance(rule, str) and rule else ""
        said.append(f"{_LEAD[Variation(variation)]}{begun}{reason}.")
    said.append(verdict.words)
    if noise:
        said.append("The change of colour is noise: nothing in the process has changed.")
    if variation is None and why and rag != Rag.AWAITED:
        said.append(f"No control chart: {why}" if why[:3] == "It " or why[:4] == "Its " else why)
    elif provisional:
        said.append(f"Limits are provisional: they rest on {int(points)} points, fewer than 13.")
    return " ".join(said)
