"""What models that never saw a text make of it: the only fair ground for thresholds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insight.topics.baselines import WordCounts, by_keyword, telling_terms
from insight.topics.calibration import Codes, Scores
from insight.topics.classifier import strangers_of
from insight.topics.features import Readings
from insight.topics.kept_together import deal_out
from insight.topics.machine import Machine, best_blend, blended, fit_machine
from insight.topics.method import TopicMethod
from insight.topics.mixing import clause_evidence
from insight.topics.scope import scope_signals
from insight.topics.self_training import LESS_SURE, Pool, joined, self_taught

STRANGER = -1
"""Code of a text that belongs to no topic."""

_LARGE = 400_000
"""Texts times topics from which three folds are enough: more would double the time to fit."""


@dataclass(frozen=True, eq=False)
class LearningTask:
    """What there is to learn.

    Parameters
    ----------
    readings, words
        Of the labelled texts.
    names
        The topics' names, read as texts.
    codes
        Number of each text's topic, or ``STRANGER``.
    topics
        How many topics there are.
    together
        The same number for texts that are never parted (`insight.topics.kept_together`).
    pool
        Unlabelled texts to learn from too.
    method, seed
        As for `insight.topics.training.train_topics`.
    """

    readings: Readings
    names: Readings
    words: WordCounts
    codes: Codes
    topics: int
    together: Codes
    pool: Pool | None
    method: TopicMethod
    seed: int

    @property
    def taught(self) -> Codes:
        """The machine's columns: the topics, and strangers as one more."""
        return np.where(self.codes == STRANGER, self.topics, self.codes)

    @property
    def columns(self) -> int:
        """How many columns the machine's scores have."""
        return self.topics + int((self.codes == STRANGER).any())

    def fit(self, rows: NDArray[np.intp], blend: float = 0.0) -> Machine:
        """Fit on some of the texts, the topics' own names and, if there is one, the pool."""
        readings = joined(self.readings.of(rows), self.names)
        codes = np.append(self.taught[rows], np.arange(self.topics))
        certainty = np.ones(len(codes))
        if self.pool is not None:
            chosen, given = self_taught(self.pool, rows, self.taught[rows], seed=self.seed)
            readings = joined(readings, self.pool.readings.of(chosen))
            codes = np.append(codes, given)
            certainty = np.append(certainty, np.full(len(chosen), LESS_SURE))
        return fit_machine(
            readings,
            codes,
            topics=self.columns,
            method=self.method,
            seed=self.seed,
            certainty=certainty,
            blend=blend,
        )


@dataclass(frozen=True, eq=False)
class HeldOut:
    """What models that never saw a text make of it, and the part of the cut that it is in.

    `evidence` is that of its clauses (`insight.topics.mixing.clause_evidence`). The blend is the
    kernel machine's part in the scores, as they themselves advise.
    """

    scores: Scores
    evidence: Scores
    part: NDArray[np.intp]
    signals: Scores
    keyword_answers: Codes
    blend: float


def held_out_scores(task: LearningTask) -> HeldOut:
    """Return each text's scores, and the keyword rule's answer, from the folds it is not in."""
    texts, topics = len(task.codes), task.topics
    scores = np.zeros((texts, task.columns))
    of_meaning = np.zeros((texts, task.columns), dtype=np.float32)
    shares = task.readings.shares
    said = np.zeros((shares.shape[1], task.columns))
    known = np.zeros(texts)
    keyword_answers = np.zeros(texts, dtype=np.intp)
    part = _parts(task)
    for number in np.unique(part):
        train, test = np.flatnonzero(part != number), np.flatnonzero(part == number)
        machine = task.fit(train)
        unseen = task.readings.of(test)
        scores[test], meant = machine.both(unseen)
        said[shares[test].indices] = machine.linear.scores(unseen.clauses)
        if meant is not None:
            of_meaning[test] = meant
        known[test] = machine.features.known_share(unseen)
        inside = train[task.codes[train] != STRANGER]
        keywords = telling_terms(
            task.words.of(inside),
            task.codes[inside],
            topics=topics,
            how_many=task.method.keywords,
        )
        majority = int(np.bincount(task.codes[inside]).argmax())
        keyword_answers[test] = by_keyword(task.words.of(test), keywords, majority=majority)
    evidence = clause_evidence(scores[:, :topics], said[:, :topics], shares)
    blend = 0.0
    if task.readings.sentences.shape[1]:
        inside = task.codes != STRANGER
        pair = scores[inside, :topics], of_meaning[inside, :topics]
        blend = best_blend(*pair, task.codes[inside])
        scores = blended(scores, of_meaning, blend)
    signals = scope_signals(scores[:, :topics], known, strangers_of(scores, topics))
    return HeldOut(scores[:, :topics], evidence, part, signals, keyword_answers, blend)


def _parts(task: LearningTask) -> NDArray[np.intp]:
    """Return the part of the cut that each text is in; what hangs together is never parted."""
    different = len(np.unique(task.together))
    large = different * task.topics > _LARGE
    parts = min(3, task.method.folds) if large else task.method.folds
    return deal_out(task.together, task.codes, parts, task.seed)
