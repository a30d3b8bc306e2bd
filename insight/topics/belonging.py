"""Which texts belong to a new group rather than to a known topic."""

import numpy as np

from insight.topics.features import Floats
from insight.topics.nearness import Codes, group_sums, of_unit_length

_ROUNDS = 3
_PARTS = 3
_MOST_STRANGE = 0.02


class Contest:
    """Nearest centroids of known topics, which a new group has to beat.

    A text is compared with centroids of texts in other parts than its own: otherwise each would be
    nearest to what it helped to make.

    Parameters
    ----------
    placed
        One row of unit length a text (`insight.topics.nearness.places`).
    topics
        Number of each text's topic; -1 where it isn't known.
    seed
        Of the parts that texts are cut into.
    """

    def __init__(self, placed: Floats, topics: Codes, *, seed: int) -> None:
        self._placed = placed
        self._part = np.random.default_rng(seed).integers(0, _PARTS, len(placed))
        self._inside = [placed[self._part == each] for each in range(_PARTS)]
        self._taught = topics >= 0
        likeness = self._likeness(topics, int(topics.max()) + 1)
        self._to_beat = likeness.max(axis=1)
        own = likeness[self._taught, topics[self._taught]]
        self._least = np.quantile(own, _MOST_STRANGE) / np.median(own)
        self.nearest_topic = np.where(self._taught, topics, likeness.argmax(axis=1))
        """Number of the topic that each text is nearest to, or its own."""

    def winners(self, groups: Codes, *, like: bool = False) -> Codes:
        """Return the group of each text that is nearer to one than to every known topic.

        Parameters
        ----------
        groups
            Number of each text's group to begin with; -1 for none.
        like
            Leave out what is less like its group, beside the group's middle text, than 98 in 100
            known texts are like their topic: it may be nearest only because it is near to nothing.

        Returns
        -------
        numpy.ndarray
            Number of each text's group after three rounds; -1 for none. Texts of known topics are
            told as well: they win by chance alone, and teach nothing.
        """
        number = int(groups.max(initial=-1)) + 1
        won = groups
        for _ in range(_ROUNDS):
            likeness = self._likeness(np.where(self._taught, -1, won), number)
            best = likeness.max(axis=1)
            nearest = likeness.argmax(axis=1)
            won = np.where(best > self._to_beat, nearest, -1)
            for group in range(number if like else 0):
                inside = (won == group) & ~self._taught
                if inside.any():
                    won[inside & (best < self._least * np.median(best[inside]))] = -1
        return won

    def _likeness(self, groups: Codes, number: int) -> Floats:
        by_part = np.where(groups >= 0, self._part * number + groups, -1)
        sums = group_sums(self._placed, by_part, _PARTS * number).reshape(_PARTS, number, -1)
        likeness = np.empty((len(groups), number), dtype=np.float32)
        for each, placed in enumerate(self._inside):
            others = of_unit_length(sums.sum(axis=0) - sums[each])
            likeness[self._part == each] = placed @ others.T
        return likeness
