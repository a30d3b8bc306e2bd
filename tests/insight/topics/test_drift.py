"""The topic mix and the confidence are told when they move, and seldom when they don't."""

from datetime import date

import numpy as np
import pandas as pd

from insight.periods import add_months, month_key
from insight.topics.drift import topic_drift, topic_drift_words

MONTH = date(2026, 10, 1)
MONTHS = [add_months(MONTH, -back) for back in range(12, -1, -1)]
TOPICS = np.array(["bins", "tax", "planning", "housing", "not classified"])
USUAL = np.array([0.3, 0.25, 0.2, 0.1, 0.15])


def told(rng, *, a_month=300, last=USUAL, sure=8.0, wander=0.05):
    parts = []
    for month in MONTHS:
        mix = last if month == MONTH else rng.dirichlet(USUAL / wander**2)
        part = pd.DataFrame(
            {
                "topic": rng.choice(TOPICS, a_month, p=mix),
                "confidence": rng.beta(sure if month == MONTH else 8.0, 2.0, a_month),
            }
        )
        parts.append(part.assign(period=month_key(month)))
    return pd.concat(parts, ignore_index=True)


def test_months_that_only_wander_are_seldom_told():
    rng = np.random.default_rng(3)
    months = 40
    false = sum(
        bool(topic_drift(told(rng, last=rng.dirichlet(USUAL / 0.05**2)), MONTHS))
        for _ in range(months)
    )
    assert false <= 0.05 * months


def test_a_topic_that_doubles_is_told_with_its_base():
    rng = np.random.default_rng(4)
    moved = np.array([0.2, 0.5, 0.1, 0.1, 0.1])
    (change,) = topic_drift(told(rng, last=moved), MONTHS)
    words = topic_drift_words(change, MONTH)
    assert words.startswith('What people write about has moved: "tax" is ')
    assert "of 300 enquiries in October 2026" in words


def test_a_model_that_has_become_less_sure_is_told():
    rng = np.random.default_rng(5)
    (change,) = topic_drift(told(rng, sure=2.0), MONTHS)
    assert topic_drift_words(change, MONTH).startswith("The topic model has become less sure")


def test_more_without_a_topic_are_called_that():
    rng = np.random.default_rng(6)
    (change,) = topic_drift(told(rng, last=np.array([0.2, 0.15, 0.1, 0.05, 0.5])), MONTHS)
    assert "no known topic is " in topic_drift_words(change, MONTH)
