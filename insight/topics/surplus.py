"""Where this month's texts crowd as texts of known topics don't: a scan of the space of texts.

The scan statistic of Kulldorff (1997), with texts in place of places: around each text of the
month, as many of its nearest texts are taken as make the month's surplus among them the hardest to
put down to chance. Where the crowd is real, texts that had no part in finding it join it in
preference to every known topic, and texts of known topics don't.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insight.topics.belonging import Contest
from insight.topics.features import Floats
from insight.topics.nearness import Codes, nearest_texts

Flags = NDArray[np.bool_]

_LEAST, _MOST = 5, 100
"""Texts that are looked at around a centre."""
_CENTRES = 5_000
_LOOKS = 8
"""Crowds that may prove nothing in succession before no more are looked at."""
_DRAWS = 20
_MOST_CROWDS = 100


@dataclass(frozen=True, eq=False)
class Crowd:
    """Texts that may be a group, and twice told evidence that they are, as log likelihood."""

    members: Codes
    evidence: float


def crowds(placed: Floats, topics: Codes, *, false_alarms: float, seed: int) -> Codes:
    """Return the group of each text, or -1 for none.

    Parameters
    ----------
    placed
        One row of unit length a text (`insight.topics.nearness.places`).
    topics
        Number of each text's topic; -1 for those of this month.
    false_alarms
        Share of months in which a group may come of chance.
    seed
        Of the chance that the evidence is held against.
    """
    none = np.full(len(placed), -1)
    fresh = topics < 0
    centres = np.flatnonzero(fresh)
    if fresh.all() or len(centres) < _LEAST or len(placed) <= _MOST:
        return none
    centres = centres[:: -(-len(centres) // _CENTRES)]
    contest = Contest(placed, topics, seed=seed)
    near = nearest_texts(placed, centres, _MOST)
    limit = _limit(placed, near, centres, topics, contest, false_alarms, seed)
    groups, number, failed = none, 0, 0
    for crowd in _looked_at(near, centres, fresh, contest):
        if crowd.evidence < limit:
            failed += 1
            if failed == _LOOKS:
                break
            continue
        failed = 0
        before = np.bincount(groups[crowd.members][groups[crowd.members] >= 0], minlength=1)
        if 2 * before.max() > len(crowd.members):
            groups[crowd.members] = before.argmax()
        else:
            free = crowd.members[groups[crowd.members] < 0]
            groups[free] = number
            number += 1
        if number >= _MOST_CROWDS:
            break
    return np.where(fresh, contest.winners(groups), -1) if number else none


def _limit(placed, near, centres, topics, contest, false_alarms, seed) -> float:
    """Return the evidence that chance gives in a share of months (Gumbel's law for maxima)."""
    rng = np.random.default_rng(seed)
    highest = []
    for _ in range(_DRAWS):
        order = rng.permutation(len(topics))
        drawn = np.where(topics[order] < 0, -1, contest.nearest_topic)
        by_chance = Contest(placed, drawn, seed=seed)
        looks = zip(range(_LOOKS), _looked_at(near, centres, drawn < 0, by_chance), strict=False)
        highest.append(max((crowd.evidence for _, crowd in looks), default=0.0))
    scale = np.std(highest, ddof=1) * np.sqrt(6) / np.pi
    return float(np.mean(highest) - scale * (np.euler_gamma + np.log(-np.log1p(-false_alarms))))


def _looked_at(near, centres, fresh: Flags, contest: Contest) -> Iterator[Crowd]:
    """Give the strongest crowd, then the strongest among texts of none before, and so on."""
    share = fresh.mean()
    table = surplus(np.arange(_MOST + 1)[:, None], np.arange(_MOST + 1)[None, :], share)
    sizes = np.arange(_LEAST, _MOST + 1)
    left = fresh.copy()
    while True:
        counted = left[near].cumsum(axis=1)[:, _LEAST - 1 :]
        strength = np.where(left[centres][:, None], table[counted, sizes], 0)
        row, size = np.unravel_index(strength.argmax(), strength.shape)
        if strength[row, size] <= 0:
            return
        crowd = near[row, : sizes[size]]
        crowd = crowd[left[crowd]]
        first = np.full(len(fresh), -1)
        first[crowd] = 0
        won = contest.winners(first) == 0
        joined = int((won & fresh).sum())
        grown = surplus(np.array(joined), np.array(won.sum()), share)
        yield Crowd(np.flatnonzero(won & fresh), float(strength[row, size] + grown))
        left[crowd] = False
        left &= ~won


def surplus(here, of, share: float):
    """Return the log likelihood ratio of `here` texts of the month among `of`; 0 below `share`."""
    here, of = np.broadcast_arrays(np.asarray(here, float), np.asarray(of, float))
    other = np.maximum(of - here, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(here > 0, here * np.log(here / (of * share)), 0)
        ratio += np.where(other > 0, other * np.log(other / (of * (1 - share))), 0)
    return np.where(here > of * share, ratio, 0)
