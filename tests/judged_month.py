"""A judged scorecard for the tests of its pages and workbook: one measure for each thing to say."""

from datetime import date

import pandas as pd

from insight.processes import processes
from insight.scorecard import scorecard
from insight.year_end import year_end, year_to_date
from pipelines.edge.scorecard_rows import Judged

MONTH = date(2026, 10, 1)
MONTHS = [str(each) for each in pd.period_range(end="2026-10", periods=24, freq="M")]
_WAVE = [0, 2, -1, 1, -2, 0, 1, -1, 2, -2, 1, 0, -1, 2, 0, -2, 1, -1, 0, 2, -1, 1]
# The last two of each, after the wave: what the latest colour and chart have to say.
_ENDS = {
    "CHANCE": [81.0, 79.0],
    "WORSE": [81.0, 60.0],
    "BETTER": [81.0, 99.0],
    "HIDDEN": [81.0, 3.0],
    "REBASED": [81.0, 82.0],
}
REBASED_AT = 14
TITLES = {code: f"The measure <{code.lower()}>" for code in _ENDS}


def figures() -> pd.DataFrame:
    """Return the figures: around 80, one that jumped by 20 half way, and a suppressed one."""
    frames = []
    for code, ends in _ENDS.items():
        values = [80.0 + step for step in _WAVE] + ends
        if code == "REBASED":
            values = [value - 20 if at < REBASED_AT else value for at, value in enumerate(values)]
        frames.append(pd.DataFrame({"measure": code, "period": MONTHS, "value": values}))
    rows = pd.concat(frames, ignore_index=True).assign(
        service="bins", breakdown="", numerator=None, denominator=None, lower=None, upper=None,
        base=100, status="final", commentary=None,
    )  # fmt: skip
    last = rows["period"].eq("2026-10")
    rows.loc[rows["measure"].eq("HIDDEN") & last, "status"] = "suppressed"
    rows.loc[rows["measure"].eq("WORSE") & last, "commentary"] = "A crew was <off> sick."
    texts = ["measure", "service", "period", "breakdown", "status", "commentary"]
    numbers = ["numerator", "denominator", "lower", "upper"]
    return rows.astype(dict.fromkeys(texts, "string") | dict.fromkeys(numbers, "float64"))


def measures() -> pd.DataFrame:
    """Return the measures, higher being better and 80 the target of each."""
    return pd.DataFrame(
        {
            "code": list(_ENDS),
            "title": [TITLES[code] for code in _ENDS],
            "family": ["service standard", "general statutory", *["general improvement"] * 3],
            "service": "bins",
            "head_of_service": "Head of Bins",
            "unit": "score",
            "decimals": 1,
            "polarity": "higher",
            "aggregation": "mean",
            "definition": "What is counted.",
        }
    )


def targets(**changed: float) -> pd.DataFrame:
    """Return a target of 80 for each measure and year, or what `changed` says of 2026-27."""
    rows = [(code, year, 80.0) for code in _ENDS for year in ("2024-25", "2025-26", "2026-27")]
    frame = pd.DataFrame(rows, columns=["measure", "period", "value"]).assign(low=None, high=None)
    now = frame["period"].eq("2026-27")
    frame["value"] = frame["value"].mask(now, frame["measure"].map(changed).fillna(80.0))
    return frame.astype({"low": "float64", "high": "float64"})


LEDGER = pd.DataFrame(
    [
        (
            "REBASED",
            "bins",
            MONTHS[REBASED_AT],
            "New <crews> began.",
            "A. Head",
            "2025-11-05",
            "no change",
        )
    ],
    columns=["measure", "service", "period", "reason", "by", "recorded_on", "old_status"],
)  # fmt: skip


def judged(rows: pd.DataFrame | None = None) -> Judged:
    """Judge the month."""
    given = (figures() if rows is None else rows, measures(), targets(), MONTH)
    card = scorecard(*given)
    year = pd.concat(
        [year_to_date(*given), year_end(*given).drop(columns="measure")], axis="columns"
    )
    found = processes(*given[:3], card, MONTH, rebases=LEDGER)
    return Judged(card, found, year, LEDGER)
