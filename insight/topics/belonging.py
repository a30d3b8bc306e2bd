"""Which texts belong to a new group rather than to a known topic."""

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

from insight.topics.features import Floats
from insight.topics.nearness import Codes, centroids

_ROUNDS = 3
_PARTS = 3


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
        part = np.random.default_rng(seed).integers(0, _PARTS, len(placed))
        self._placed = placed
        self._parts = [(part == each, placed[part == each]) for each in range(_PARTS)]
        self._taught = topics >= 0
        likeness = self._likeness(topics, int(topics.max()) + 1)
        self._to_beat = likeness.max(axis=1)
        self.nearest_topic = np.where(self._taught, topics, likeness.argmax(axis=1))
        """Number of the topic that each text is nearest to, or its own."""

    def winners(self, groups: Codes) -> Codes:
        """Return the group of each text that is nearer to one than to every known topic.

        Parameters
        ----------
        groups
            Number of each text's group to begin with; -1 for none.

        Returns
        -------
        numpy.ndarray
            Number of each text's group after three rounds; -1 for none. Texts of known topics are
            told as well: they win by chance alone, and teach nothing.
        """
        number = int(groups.max(initial=-1)) + 1
        won = groups
        for _ in range(_ROUNDS):
            won = self._round(np.where(self._taught, -1, won), number)
        return won

    def _round(self, groups: Codes, number: int) -> Codes:
        likeness = self._likeness(groups, number)
        nearest = likeness.argmax(axis=1)
        wins = likeness[np.arange(len(nearest)), nearest] > self._to_beat
        return np.where(wins, nearest, -1)

    def _likeness(self, groups: Codes, number: int) -> NDArray[np.float32]:
        likeness = np.empty((len(groups), number), dtype=np.float32)
        for mine, placed in self._parts:
            others = centroids(self._placed, np.where(mine, -1, groups), number)
            likeness[mine] = placed @ normalize(others).T
        return likeness
