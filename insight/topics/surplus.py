"""Where a month's texts crowd as texts of known topics don't: a scan of the space of texts.

The scan statistic of Kulldorff (1997), with texts in place of places: around each text of the
month, as many of its nearest texts are taken as make the month's surplus among them hardest to put
down to chance. If the crowd is real, texts that had no part in finding it prefer it to every known
topic, and texts of known topics don't.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

from insight.topics.belonging import Contest
from insight.topics.features import Floats
from insight.topics.nearness import Codes, nearest_texts

_LEAST, _MOST = 5, 100
"""Texts that are looked at around a centre."""
_CENTRES = 5_000
_LOOKS = 8
"""Crowds that may prove nothing, one after another, before no more are looked at."""
_DRAWS = 20
_MOST_GROUPS = 30


@dataclass(frozen=True, eq=False)
class _Surroundings:
    """The texts nearest to some of the month's texts, themselves first, one row a centre."""

    centres: NDArray[np.intp]
    near: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class _Crowd:
    """Texts of the month that may be a group, and the evidence that they are (log likelihood)."""

    members: NDArray[np.intp]
    evidence: float


def crowds(placed: Floats, topics: Codes, *, false_alarms: float, seed: int) -> Codes:
    """Return the group of each text, or -1 for none.

    Parameters
    ----------
    placed
        One row of unit length a text (`insight.topics.nearness.places`).
    topics
        Number of each text's topic; -1 for those of the month.
    false_alarms
        Share of months with nothing new in which a group may come of chance.
    seed
        Of the chance that the evidence is held against.

    Notes
    -----
    Evidence is the log likelihood ratio of the crowd and that of the texts that join it. Chance is
    20 draws of which texts are the month's, their highest evidence taken to follow Gumbel's law
    (Abrams, Kulldorff and Kleinman 2010).
    """
    fresh = topics < 0
    every = np.flatnonzero(fresh)
    groups = np.full(len(placed), -1)
    if len(placed) < 2 * _LEAST or len(every) < _LEAST or fresh.all():
        return groups
    centres = every[:: -(-len(every) // _CENTRES)]
    around = _Surroundings(centres, nearest_texts(placed, centres, min(_MOST, len(placed) // 2)))
    contest = Contest(placed, topics, seed=seed)
    by_chance = _highest_by_chance(around, placed, fresh, contest.nearest_topic, seed)
    limit = _exceeded(by_chance, false_alarms)
    number = failed = 0
    for crowd in _looked_at(around, fresh, contest):
        if crowd.evidence < limit:
            failed += 1
        else:
            failed = 0
            free = crowd.members[groups[crowd.members] < 0]
            if 2 * len(free) < len(crowd.members):  # most of it is found already
                found = groups[crowd.members]
                groups[free] = np.bincount(found[found >= 0]).argmax()
            else:
                groups[free] = number
                number += 1
        if failed == _LOOKS or number == _MOST_GROUPS:
            break
    return np.where(fresh, contest.winners(groups, like=True), -1) if number else groups


def _highest_by_chance(
    around: _Surroundings, placed: Floats, fresh: NDArray[np.bool_], topics: Codes, seed: int
) -> NDArray[np.float64]:
    """Return the highest evidence of each draw of which texts are the month's."""
    rng = np.random.default_rng(seed)
    highest = []
    for _ in range(_DRAWS):
        drawn = rng.permutation(fresh)
        contest = Contest(placed, np.where(drawn, -1, topics), seed=seed)
        found = islice(_looked_at(around, drawn, contest), _LOOKS)
        highest.append(max((crowd.evidence for crowd in found), default=0.0))
    return np.array(highest)


def _exceeded(highest: NDArray[np.float64], share: float) -> float:
    """Return what maxima like these exceed in a share of cases, by Gumbel's law."""
    scale = highest.std(ddof=1) * np.sqrt(6) / np.pi
    return float(highest.mean() - scale * (np.euler_gamma + np.log(-np.log1p(-share))))


def _looked_at(
    around: _Surroundings, fresh: NDArray[np.bool_], contest: Contest
) -> Iterator[_Crowd]:
    """Give the strongest crowd, then the strongest among texts that were in none, and so on."""
    share = float(fresh.mean())
    sizes = np.arange(_LEAST, around.near.shape[1] + 1)
    table = surplus(np.arange(sizes[-1] + 1)[:, None], np.arange(sizes[-1] + 1), share)
    left = fresh.copy()
    while True:
        counted = left[around.near].cumsum(axis=1)[:, _LEAST - 1 :]
        strength = np.where(left[around.centres, None], table[counted, sizes], 0)
        row, size = np.unravel_index(strength.argmax(), strength.shape)
        if strength[row, size] <= 0:
            return
        crowd = around.near[row, : sizes[size]]
        crowd = crowd[left[crowd]]
        first = np.full(len(fresh), -1)
        first[crowd] = 0
        won = contest.winners(first) == 0
        members = np.flatnonzero(won & fresh)
        joined = float(surplus(len(members), won.sum(), share))
        yield _Crowd(members, float(strength[row, size]) + joined)
        left[crowd] = False
        left[won] = False


def surplus(here: ArrayLike, of: ArrayLike, share: float) -> NDArray[np.float64]:
    """Return the log likelihood ratio of `here` among `of`, where `share` of them is usual.

    Nought where no more than usual are here.

    Examples
    --------
    >>> surplus([5, 10], 10, 0.5).round(2).tolist()
    [0.0, 6.93]
    """
    here, of = np.broadcast_arrays(np.asarray(here, float), np.asarray(of, float))
    gone = np.maximum(of - here, 0)
    ratio = xlogy(here, here / np.maximum(of * share, 1e-9))
    ratio += xlogy(gone, gone / np.maximum(of * (1 - share), 1e-9))
    return np.where(here > of * share, ratio, 0)
