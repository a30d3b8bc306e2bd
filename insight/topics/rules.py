"""A council's own keyword rules, which stand above the model and say why."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import InsightError


class TopicRuleError(InsightError):
    """A keyword rule can't work."""


@dataclass(frozen=True, slots=True)
class TopicRule:
    """Texts that hold all of `words` and none of `unless` have `topic`, for a stated `reason`.

    A word matches whole words, whatever their case; ``blue badge`` is two in a row, ``permit*``
    begins a word.
    """

    topic: str
    words: tuple[str, ...]
    reason: str
    unless: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a rule without a topic, a word or a reason."""
        for name, given in (("topic", self.topic), ("reason", self.reason)):
            if not given.strip():
                raise TopicRuleError(f"a keyword rule has no {name}; write one.")
        if not self.words or not all(re.search(r"\w", word) for word in self.words):
            raise TopicRuleError(
                f"the rule for {self.topic!r} has no words to look for; write at least one."
            )


def apply_rules(texts: pd.Series, rules: tuple[TopicRule, ...]) -> pd.DataFrame:
    """Return what the rules say of each text.

    Parameters
    ----------
    texts
        As `insight.topics.features.readable_texts` gives them.
    rules
        In order: the first that fits counts.

    Returns
    -------
    pandas.DataFrame
        With the index of `texts`: ``topic`` and ``reason``, missing where no rule fits.

    Examples
    --------
    >>> rule = TopicRule("blue badge", ("blue badge",), "always the parking team's")
    >>> apply_rules(pd.Series(["My Blue  badge?", "A badge"]), (rule,))["topic"].tolist()
    ['blue badge', <NA>]
    """
    spaced = texts.astype("string").fillna("").str.replace(r"\s+", " ", regex=True)
    topic = pd.Series(pd.NA, index=texts.index, dtype="string")
    reason = topic.copy()
    for rule in rules:
        fits = np.ones(len(spaced), dtype=bool)
        for word in rule.words:
            fits &= _holds(spaced, word)
        for word in rule.unless:
            fits &= ~_holds(spaced, word)
        fits &= topic.isna().to_numpy()
        topic[fits], reason[fits] = rule.topic, rule.reason
    return pd.DataFrame({"topic": topic, "reason": reason})


def override(answers: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """Put the rules' topics over the model's answers.

    Parameters
    ----------
    answers
        From `insight.topics.classifier.classify`.
    said
        From `apply_rules`, with the same index.

    Returns
    -------
    pandas.DataFrame
        `answers` with ``rule`` (the reason, missing where the model answers) and, where a rule
        fits, its topic, accepted. The confidence stays the model's.
    """
    ruled = said["topic"].notna()
    return answers.assign(
        topic=answers["topic"].astype("string").mask(ruled, said["topic"]),
        label=answers["label"].astype("string").mask(ruled, said["topic"]),
        accepted=answers["accepted"].astype(bool) | ruled,
        rule=said["reason"],
    )


def _holds(texts: pd.Series, word: str) -> np.ndarray:
    begins = word.endswith("*")
    plain = re.escape(re.sub(r"\s+", " ", word.rstrip("*").strip()))
    pattern = rf"(?<!\w){plain}" + ("" if begins else r"(?!\w)")
    return texts.str.contains(pattern, case=False, regex=True).to_numpy(dtype=bool)
