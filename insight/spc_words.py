"""What a control chart shows, in sentences from the same figures, for those who can't see it."""

import pandas as pd

from insight.chart_words import NOTHING
from insight.periods import period_title
from insight.rounding import written
from insight.spc_chart import within_unit
from insight.spc_choice import Chart
from insight.spc_rules import Assurance, Rule, Variation

VARIATION_WORDS = {
    Variation.COMMON: "no real change",
    Variation.IMPROVEMENT_HIGH: "real change for the better, high",
    Variation.IMPROVEMENT_LOW: "real change for the better, low",
    Variation.CONCERN_HIGH: "real change for the worse, high",
    Variation.CONCERN_LOW: "real change for the worse, low",
    Variation.NEUTRAL_HIGH: "real change, high",
    Variation.NEUTRAL_LOW: "real change, low",
}
ASSURANCE_WORDS = {
    Assurance.PASS: "target reliably met",
    Assurance.FAIL: "target out of reach of the present process",
    Assurance.INCONSISTENT: "target hit and miss",
}
RULE_WORDS = {
    Rule.BEYOND: "beyond the limit",
    Rule.TREND: "part of seven points that rise or fall",
    Rule.TWO_OF_THREE: "one of two in three near the limit",
    Rule.SHIFT: "part of seven points on one side of the mean",
}
_MOST_LISTED = 6


def describe_control_chart(
    points: pd.DataFrame,
    *,
    chart: str = Chart.XMR,
    unit: str = "count",
    decimals: int = 0,
    frequency: str | None = None,
    assurance: str | None = None,
) -> str:
    """Say what `insight.spc_chart.control_chart` draws of `points`.

    Examples
    --------
    >>> from insight.spc import control
    >>> months = [f"2026-{month:02d}" for month in range(1, 8)]
    >>> days = [20, 22, 19, 21, 20, 22, 40]
    >>> figures = pd.DataFrame(
    ...     {"measure": "M1", "service": "planning", "period": months, "value": days, "target": 18})
    >>> kinds = pd.DataFrame({"measure": ["M1"], "polarity": ["lower"]})
    >>> describe_control_chart(control(figures, kinds).points, unit="days")
    'XmR chart of 7 points, January 2026 to July 2026. Mean 23 days, limits 18 days to 29 days, \
provisional. Target 18 days. Latest 40 days in July 2026: real change for the worse, high. \
July 2026 40 days: beyond the limit.'
    """
    rows = points[points["charted"].notna()].sort_values("period").reset_index(drop=True)
    if rows.empty:
        return NOTHING
    when = [period_title(key, frequency) for key in rows["period"]]
    lines = within_unit(rows, unit, clip=chart != Chart.DIFFERENCE)
    said = {name: written(lines[name], unit, decimals) for name in lines}
    last = len(rows) - 1
    sentences = [f"{chart} of {len(rows)} points, {when[0]} to {when[last]}."]
    starts = rows["segment"].ne(rows["segment"].shift()).to_numpy().nonzero()[0]
    for place, start in enumerate(starts):
        end = (starts[place + 1] if place + 1 < len(starts) else len(rows)) - 1
        where = f"Rebased from {when[start]}: mean" if start else "Mean"
        if pd.isna(said["mean"][end]):
            sentences.append(f"{where} and limits not yet known.")
            continue
        few = ", provisional" if rows["provisional"][end] else ""
        sentences.append(
            f"{where} {said['mean'][end]}, limits {said['lpl'][end]} to {said['upl'][end]}{few}."
        )
    if pd.notna(said["target"][last]) and chart != Chart.DIFFERENCE:
        sure = f": {ASSURANCE_WORDS[Assurance(assurance)]}" if assurance else ""
        sentences.append(f"Target {said['target'][last]}{sure}.")
    kind = rows["variation"][last]
    meaning = f": {VARIATION_WORDS[Variation(kind)]}" if isinstance(kind, str) else ""
    sentences.append(f"Latest {said['charted'][last]} in {when[last]}{meaning}.")
    special = [at for at in rows.index if rows["rule"][at]]
    listed = [
        f"{when[at]} {said['charted'][at]}: {RULE_WORDS[Rule(rows['rule'][at])]}"
        for at in special[-_MOST_LISTED:]
    ]
    if listed:
        more = f" Special causes before them: {len(special) - len(listed)}."
        sentences.append("; ".join(listed) + "." + (more if len(special) > len(listed) else ""))
    return " ".join(sentences)
