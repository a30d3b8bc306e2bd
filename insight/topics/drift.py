"""Whether what people write about, or how sure the model is of it, moved beyond chance."""

from datetime import date

import pandas as pd

from insight.periods import month_key
from insight.topics.volumes import NOT_CLASSIFIED
from insight.value_drift import ValueChange, value_changes

TOPIC, CONFIDENCE = "topic", "confidence"
SOURCE = "enquiries"


def topic_drift(told: pd.DataFrame, months: list[date]) -> list[ValueChange]:
    """Hold the last month's topics and confidence against those of the months before.

    Parameters
    ----------
    told
        ``period`` (such as ``"2026-10"``), ``topic`` and ``confidence`` (0 to 1, missing where
        no model answered), one row an enquiry, all answered by one model.
    months
        The months in order, the last the one in question.

    Returns
    -------
    list
        At most one change of the mix of topics and one of confidence, as
        `insight.value_drift.value_changes` finds them: beyond what the months before differ among
        themselves, and large enough to matter.
    """
    place = {month_key(month): at for at, month in enumerate(months)}
    rows = told.assign(month=told["period"].map(place)).dropna(subset="month")
    rows = rows.astype({"month": "int64"})
    shares = _counted(rows, rows[TOPIC].astype("string"), TOPIC)
    sure = rows.dropna(subset=CONFIDENCE)
    numbers = _counted(sure, sure[CONFIDENCE].round(2), CONFIDENCE)
    return value_changes(shares, numbers, len(months) - 1)


def topic_drift_words(change: ValueChange, month: date) -> str:
    """Say a change, and what to do about it.

    Examples
    --------
    >>> print(topic_drift_words(ValueChange("enquiries", "topic", "Refunds", 0.31, 0.12, 402,
    ...     0.2, 0.001), date(2026, 10, 1)))
    What people write about has moved: "Refunds" is 31% of 402 enquiries in October 2026, 12% \
before. Find out what happened; if nothing did, look at the newest ones in a review workbook \
(insight topics review).
    """
    base = f"{change.rows:,} enquiries in {month:%B %Y}"
    act = (
        "Find out what happened; if nothing did, look at the newest ones in a review workbook "
        "(insight topics review)."
    )
    if change.column == CONFIDENCE:
        way = "less" if change.now < change.before else "more"
        return (
            f"The topic model has become {way} sure: half of {base} have a confidence of at most "
            f"{change.now:.2f}, {change.before:.2f} before. {act}"
        )
    name = "no known topic" if change.value == NOT_CLASSIFIED else f'"{change.value}"'
    return (
        f"What people write about has moved: {name} is {change.now:.0%} of {base}, "
        f"{change.before:.0%} before. {act}"
    )


def _counted(rows: pd.DataFrame, values: pd.Series, column: str) -> pd.DataFrame:
    counted = rows.groupby(["month", values.rename("value")]).size().rename("rows").reset_index()
    return counted.assign(source=SOURCE, column=column)
