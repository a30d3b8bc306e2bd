"""What each chart shows, in sentences from the same figures, for those who can't see it."""

import numpy as np
import pandas as pd

from insight.chart_parts import every_period, names
from insight.charts import volumes_by_channel
from insight.periods import period_title
from insight.rounding import written

NOTHING = "No figures for this period."
_STATUSES = ("red", "amber", "green", "no target", "awaited", "suppressed")
_SHOWN_AS = {"suppressed": "not shown"}


def describe_service_bars(figures: pd.DataFrame, *, unit: str = "share", decimals: int = 0) -> str:
    """Say what `insight.charts.service_bars` draws of `figures`.

    Examples
    --------
    >>> figures = pd.DataFrame({"service": ["Bins", "Trees"], "value": [0.5, 0.72],
    ...     "lower": [0.4, 0.6], "upper": [0.6, 0.8], "base": [90, 60], "rag": ["red", "green"]})
    >>> describe_service_bars(figures)
    'Bins 50% (95% interval 40% to 60%, base 90); Trees 72% (95% interval 60% to 80%, base 60). \
Red: Bins. Green: Trees.'
    """
    columns = ["name", "service", "value", "lower", "upper", "base", "target", "rag"]
    rows = figures.reindex(columns=columns).reset_index(drop=True)
    if rows["value"].isna().all():
        return NOTHING
    label, status = names(rows), rows["rag"].astype("string")
    said = label + " " + _with_interval(rows, unit, decimals)
    sentences = ["; ".join(said.dropna()) + "."]
    for word in _STATUSES:
        if status.eq(word).any():
            listed = ", ".join(label[status.eq(word).fillna(False)])
            sentences.append(f"{_SHOWN_AS.get(word, word).capitalize()}: {listed}.")
    silent = rows["value"].isna() & ~status.isin(_STATUSES)
    if silent.any():
        sentences.append(f"No figure: {', '.join(label[silent])}.")
    return " ".join(sentences)


def describe_period_trend(
    figures: pd.DataFrame, *, unit: str = "share", decimals: int = 0, frequency: str | None = None
) -> str:
    """Say what `insight.charts.period_trend` draws of `figures`.

    Examples
    --------
    >>> figures = pd.DataFrame({"period": ["2026-08", "2026-10"], "value": [0.5, 0.6],
    ...     "lower": [0.4, 0.5], "upper": [0.6, 0.7], "target": 0.7})
    >>> describe_period_trend(figures)
    'From 50% in August 2026 to 60% in October 2026 (95% interval 50% to 70%). Target 70%. \
No figure: September 2026.'
    """
    columns = ["period", "value", "lower", "upper", "base", "target"]
    rows = figures.reindex(columns=columns).dropna(subset="period").drop_duplicates("period")
    if rows["value"].isna().all():
        return NOTHING
    rows = every_period(rows, frequency).reset_index(drop=True)
    when = pd.Series([period_title(key, frequency) for key in rows["period"]], dtype="string")
    value = written(rows["value"].astype("float64"), unit, decimals)
    known = rows[rows["value"].notna()].index
    first, last = known[0], known[-1]
    latest = f"{value[last]} in {when[last]}{_interval(rows.loc[[last]], unit, decimals).iloc[0]}"
    start = f"From {value[first]} in {when[first]} to {latest}" if len(known) > 1 else latest
    sentences = [start + "."]
    values = rows["value"].astype("float64")
    low, high = int(np.nanargmin(values)), int(np.nanargmax(values))
    if {low, high} - {first, last}:
        sentences.append(
            f"Lowest {value[low]} in {when[low]}, highest {value[high]} in {when[high]}."
        )
    target = written(rows["target"].astype("float64"), unit, decimals)
    if target.notna().any():
        changes = len(set(target.dropna())) > 1
        at_last = target.ffill()[last]
        sentences.append(f"Target {at_last}{' at the end' if changes else ''}.")
    if gaps := when[rows["value"].isna()].tolist():
        sentences.append(f"No figure: {', '.join(gaps)}.")
    return " ".join(sentences)


def describe_channel_volumes(figures: pd.DataFrame, *, most: int = 6) -> str:
    """Say what `insight.charts.channel_volumes` draws of `figures`.

    Examples
    --------
    >>> figures = pd.DataFrame({"service": ["Bins", "Bins", "Trees"],
    ...     "channel": ["phone", "web", "web"], "value": [60, 20, 20]})
    >>> describe_channel_volumes(figures)
    '100 in all: phone 60 (60%), web 40 (40%). Bins 80: phone 60, web 20. Trees 20: web 20.'
    """
    table = volumes_by_channel(figures, most=most)
    if table.empty:
        return NOTHING
    by_channel = table.sum()
    total = float(by_channel.sum())
    counted, share = written(by_channel, "count", 0), written(by_channel / total, "share", 0)
    parts = ", ".join(by_channel.index + " " + counted + " (" + share + ")")
    sentences = [f"{total:,.0f} in all: {parts}."]
    long = table.rename_axis("label").reset_index().melt("label", value_name="value")
    long = long[long["value"].gt(0)]
    said = long["channel"] + " " + written(long["value"], "count", 0)
    listed = said.groupby(long["label"]).agg(", ".join)
    totals = written(table.sum(axis="columns"), "count", 0)
    services = table.index.astype("string") + " " + totals + ": " + listed[table.index] + "."
    sentences += services.tolist()
    return " ".join(sentences)


def _interval(rows: pd.DataFrame, unit: str, decimals: int) -> pd.Series:
    low, high = (written(rows[end].astype("float64"), unit, decimals) for end in ("lower", "upper"))
    base = (", base " + written(rows["base"].astype("float64"), "count", 0)).fillna("")
    return (" (95% interval " + low + " to " + high + base + ")").fillna("")


def _with_interval(rows: pd.DataFrame, unit: str, decimals: int) -> pd.Series:
    value = written(rows["value"].astype("float64"), unit, decimals)
    return value + _interval(rows, unit, decimals)
