"""Shares that allow for the model's mistakes, and several topics in one letter."""

import numpy as np
import pandas as pd
import pytest

from insight.results import split_breakdowns
from insight.topics import classify, train_topics
from insight.topics.shares import CORRECTED, corrected_topic_shares, several_topics_share
from tests.insight.topics.conftest import SAYINGS, blurred

MIX = np.array([0.55, 0.25, 0.15, 0.05])


@pytest.fixture(scope="module")
def unclear():
    """A model of texts that are hard to tell, and a month in which the topics' mix is another."""
    model = train_topics(blurred(320, seed=1), seed=1)
    month = blurred(2_000, seed=2)
    draw = np.random.default_rng(3)
    wanted = dict(zip(SAYINGS, (MIX * 600).astype(int), strict=True))
    rows = [month[month["topic"].eq(t)].sample(n, replace=True, random_state=draw.integers(99))
            for t, n in wanted.items()]  # fmt: skip
    texts = pd.concat(rows, ignore_index=True)
    return model, texts.assign(subject="", service=pd.NA).astype("string")


def shares(results, service="all"):
    rows = results[results["service"].eq(service)]
    topics = split_breakdowns(rows["breakdown"])["topic"]
    return rows.set_index(pd.Index(topics))


def test_corrected_shares_are_nearer_the_truth_than_counted_ones(unclear):
    model, texts = unclear
    found = corrected_topic_shares(model, texts, period="2026-10", services={}, seed=1)
    truth = pd.Series(MIX, index=list(SAYINGS))
    corrected = shares(found)
    counted = classify(model, texts["text"])["label"].value_counts(normalize=True)
    error = (corrected["value"] - truth).abs().sum() / 2
    assert error < (counted.reindex(truth.index).fillna(0) - truth).abs().sum() / 2
    assert corrected["value"].sum() == pytest.approx(1)
    assert (corrected["lower"] <= corrected["value"]).all()
    assert (corrected["value"] <= corrected["upper"]).all()
    assert corrected["base"].iloc[0] <= len(texts)
    assert found["measure"].eq(CORRECTED).all()


def test_each_service_has_its_own_shares_by_its_topics(unclear):
    model, texts = unclear
    services = {"missed bin": "waste", "council tax bill": "tax"}
    found = corrected_topic_shares(model, texts, period="2026-10", services=services, seed=1)
    assert set(found["service"]) == {"all", "waste", "tax", "not recorded"}
    assert shares(found, "waste")["value"].idxmax() == "missed bin"


def test_too_few_texts_give_no_share(unclear):
    model, texts = unclear
    few = corrected_topic_shares(model, texts.head(20), period="2026-10", services={}, seed=1)
    assert few.empty


def test_what_a_rule_says_is_counted_as_it_is(unclear):
    model, texts = unclear
    topics = pd.Series([pd.NA] * len(texts), dtype="string")
    ruled = topics.mask(texts.index < 300, "missed bin")
    reason = topics.mask(texts.index < 300, "bins are ours")
    told = texts.assign(topic=ruled, rule=reason)
    found = shares(corrected_topic_shares(model, told, period="2026-10", services={}, seed=1))
    assert found.loc["missed bin", "value"] >= 300 / found.loc["missed bin", "base"]
    assert found["value"].sum() == pytest.approx(1)
    every = texts.assign(topic="missed bin", rule="bins are ours")
    found = shares(corrected_topic_shares(model, every, period="2026-10", services={}, seed=1))
    assert found.loc["missed bin", ["value", "base"]].tolist() == [pytest.approx(1), len(texts)]


def test_the_share_with_several_topics_is_of_all():
    told = pd.DataFrame(
        {
            "topic": ["bins", "bins", "tax", "not classified"],
            "service": pd.array([pd.NA, pd.NA, "tax", pd.NA], dtype="string"),
            "classified": [True, True, True, False],
        }
    )
    further = pd.DataFrame({"text": [0, 3], "topic": ["tax", "bins"]})
    found = several_topics_share(told, further, period="2026-10", services={"bins": "waste"})
    values = found.set_index(["service", "breakdown"])["value"]
    assert values["all", ""] == 0.5
    assert values["waste", ""] == 0.5
