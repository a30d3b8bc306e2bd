"""Few labels and many texts: let the model teach itself on what nobody has labelled.

A few labelled texts hold few of the words that people use. The pool tells which words go
together (latent semantic analysis), a teacher that reads these too names the pool's texts, and
those it is surest of, in turns of more and more a topic, become examples beside the labelled
ones (self-training; Yarowsky 1995). With a sentence encoder the teacher goes by sentence numbers
alone: with few labels terms take more from them than they add. The teacher is then thrown away:
the model that stays is an ordinary one, fitted on the labelled texts and on what the teacher made
of the pool.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.svm import LinearSVC
from sklearn.utils.extmath import randomized_svd

from insight.topics.calibration import Codes
from insight.topics.features import Floats, Readings, beside, fit_features
from insight.topics.kernel import fit_kernel
from insight.topics.linear import topic_balance
from insight.topics.method import TopicMethod

TURNS = (0.2, 0.4, 0.7, 1.5)
"""Pool texts a topic that the teacher may add in each turn, as multiples of an even share."""

_TEACHER_PENALTY = 2.0
_MEANINGS = 300
LESS_SURE = 0.25
"""How much a text that the teacher named counts beside one that a person labelled."""

_ENOUGH = 1e-2


@dataclass(frozen=True, eq=False)
class Pool:
    """Unlabelled texts, read both ways.

    Parameters
    ----------
    readings
        Of the labelled texts first, then of the topics' names, then of the pool's texts.
    inputs
        One row a text: its weighted terms and its meanings; ``None`` with a sentence encoder.
    labelled, topics
        How many rows are labelled texts and names.
    """

    readings: Readings
    inputs: sparse.csr_matrix | None
    labelled: int
    topics: int


def read_pool(
    labelled: Readings, names: Readings, pool: Readings, method: TopicMethod, seed: int
) -> Pool:
    """Find out from all texts which words go together; labels play no part in it."""
    together = joined(joined(labelled, names), pool)
    inputs = None
    if not together.sentences.shape[1]:
        terms = fit_features(together, method).weigh(together.counts)
        inputs = beside(terms, _meanings(terms, seed))
    return Pool(together, inputs, labelled.counts.shape[0], names.counts.shape[0])


def self_taught(
    pool: Pool,
    rows: NDArray[np.intp],
    codes: Codes,
    *,
    seed: int,
) -> tuple[NDArray[np.intp], Codes]:
    """Return the pool's rows that the teacher is surest of, and the topics it gives them.

    Parameters
    ----------
    pool
        From `read_pool`.
    rows, codes
        The labelled rows to learn from, and the number of each one's topic.
    seed
        The same seed gives the same answer.
    """
    names = np.arange(pool.topics)
    rows, codes = np.append(rows, pool.labelled + names), np.append(codes, names)
    unlabelled = np.arange(pool.labelled + pool.topics, len(pool.readings.sentences))
    chosen, given = unlabelled[:0], codes[:0]
    even = len(unlabelled) / len(np.unique(codes))
    terms, sentences = pool.inputs, pool.readings.sentences
    for share in TURNS:
        taught, told = np.append(rows, chosen), np.append(codes, given)
        certainty = np.append(np.ones(len(rows)), np.full(len(chosen), LESS_SURE))
        if terms is None:
            scores = _by_meaning(sentences[taught], told, certainty, sentences[unlabelled])
        else:
            scores = _by_terms(terms[taught], told, certainty, terms[unlabelled], seed)
        answers = scores.argmax(axis=1)
        top = np.partition(scores, -2, axis=1)[:, -2:]
        surest = _surest(answers, top[:, 1] - top[:, 0], math.ceil(share * even))
        chosen, given = unlabelled[surest], answers[surest]
    return chosen, given


def _by_terms(
    taught: sparse.csr_matrix,
    codes: Codes,
    certainty: NDArray[np.float64],
    asked: sparse.csr_matrix,
    seed: int,
) -> NDArray[np.float64]:
    """Return a teacher's scores of the rows `asked`, one column a topic; names show each topic."""
    teacher = LinearSVC(C=_TEACHER_PENALTY, tol=_ENOUGH, class_weight="balanced", random_state=seed)
    scores = teacher.fit(taught, codes, sample_weight=certainty).decision_function(asked)
    return np.column_stack([-scores, scores]) if scores.ndim == 1 else scores


def _by_meaning(
    taught: Floats, codes: Codes, certainty: NDArray[np.float64], asked: Floats
) -> NDArray[np.float64]:
    """Return the scores of a teacher that goes by sentence numbers; chance plays no part in it."""
    topics = int(codes.max()) + 1
    balanced = certainty * topic_balance(codes, topics, 1.0)[codes]
    # This machine isn't kept, so that single texts may be its landmarks.
    teacher = fit_kernel(taught, codes, topics=topics, certainty=balanced, fewest_together=1)
    return np.asarray(teacher.scores(asked), dtype=np.float64)


def joined(first: Readings, second: Readings) -> Readings:
    """Return the readings of two lots of texts, one after the other."""
    return Readings(
        sparse.csr_matrix(sparse.vstack([first.counts, second.counts], format="csr")),
        sparse.csr_matrix(sparse.vstack([first.clauses, second.clauses], format="csr")),
        sparse.csr_matrix(sparse.block_diag([first.shares, second.shares], format="csr")),
        np.concatenate([first.sentences, second.sentences]),
    )


def _meanings(terms: sparse.csr_matrix, seed: int) -> Floats:
    most = min(_MEANINGS, min(terms.shape) - 1)
    if most < 2:
        return np.zeros((terms.shape[0], 0), dtype=np.float32)
    left, strength, _ = randomized_svd(terms, most, n_iter=2, random_state=seed)
    meanings = left * strength
    lengths = np.linalg.norm(meanings, axis=1, keepdims=True)
    return np.asarray(meanings / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def _surest(answers: Codes, lead: NDArray[np.float64], most: int) -> NDArray[np.intp]:
    """Return at most `most` rows of each answer, those with the largest lead."""
    order = np.lexsort((-lead, answers))
    ranked = answers[order]
    place = np.arange(len(order)) - np.searchsorted(ranked, ranked)
    return np.sort(order[place < most])
