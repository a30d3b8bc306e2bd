"""Invented enquiries: four topics that share words, and a model taught on them."""

import numpy as np
import pandas as pd
import pytest

from insight.topics import TopicMethod, TopicModel, train_topics

OPENINGS = (
    "Hello, I am writing because",
    "Please help,",
    "I rang last week and",
    "For the third time,",
    "Could you tell me why",
    "My neighbour says",
)
SAYINGS = {
    "missed bin": (
        "the green bin was not emptied",
        "our recycling was left behind by the crew",
        "nobody collected the refuse sacks",
        "the bin lorry drove past our street",
        "the food waste caddy is still full",
    ),
    "council tax bill": (
        "the council tax bill is wrong",
        "my direct debit for council tax was taken twice",
        "the single person discount is missing from the bill",
        "I got a council tax reminder after paying",
        "the band on our council tax bill changed",
    ),
    "dog fouling": (
        "there is dog mess all over the path",
        "an owner lets the dog foul the playing field",
        "the pavement by the school has dog poo",
        "dog dirt was not cleared from the alley",
        "somebody leaves bags of dog mess on the hedge",
    ),
    "planning application": (
        "I want to object to the planning application",
        "no decision on our extension has come",
        "the planning portal does not show the drawings",
        "the site notice for the loft conversion fell down",
        "a planning officer has not visited the plot",
    ),
}
CLOSINGS = ("thanks.", "please reply.", "this is not good enough.", "again!", "in our road.")


def enquiries(n: int, seed: int = 0) -> pd.DataFrame:
    """Return `n` labelled enquiries, topics in equal parts, each put together at random."""
    draw = np.random.default_rng(seed)
    topics = np.resize(list(SAYINGS), n)
    said = [draw.choice(SAYINGS[topic]) for topic in topics]
    openings, closings = draw.choice(OPENINGS, n), draw.choice(CLOSINGS, n)
    texts = [" ".join(words) for words in zip(openings, said, closings, strict=True)]
    return pd.DataFrame({"text": texts, "topic": topics}, dtype="string")


def blurred(n: int, seed: int = 0) -> pd.DataFrame:
    """Return enquiries of which a third carry a label drawn at random."""
    rows = enquiries(n, seed)
    draw = np.random.default_rng(seed + 1)
    wrong = draw.random(n) < 1 / 3
    return rows.assign(
        topic=rows["topic"].mask(wrong, pd.Series(draw.choice(list(SAYINGS), n), dtype="string"))
    )


@pytest.fixture(scope="session")
def labelled() -> pd.DataFrame:
    return enquiries(240)


@pytest.fixture(scope="session")
def model(labelled: pd.DataFrame) -> TopicModel:
    return train_topics(labelled, method=TopicMethod(folds=3), seed=1)


@pytest.fixture(scope="session")
def unsure_model() -> TopicModel:
    return train_topics(blurred(300), method=TopicMethod(folds=3, wanted_precision=0.6), seed=1)
