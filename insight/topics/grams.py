"""Texts as counts of hashed terms: words, pairs of near words, and runs of characters.

Everything is worked out for a whole batch of texts at once, on one array of code points, so it
is several times faster than reading text by text, and the terms are kept as numbers only: a
model file holds no word that a resident wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from insight.topics.method import TopicMethod

Hashes = NDArray[np.uint64]

BUCKETS = 1 << 22
"""Columns of the counts: the first half for words and pairs, the second for characters."""

_BITS = 21
_TOP = np.uint64(64 - _BITS)
# Odd constants of the splitmix64 generator; products wrap around at 2**64.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_BASE = np.uint64(0x94D049BB133111EB)
_BATCH_CHARACTERS = 250_000
_NEWLINE, _SPACE, _NOUGHT, _NINE = 10, 32, 48, 57
_ALPHABET = 0x3000
_BEGIN, _END = "\x02", "\x03"


@dataclass(frozen=True, slots=True)
class _Terms:
    """Occurrences of terms: the row of the text and the bucket of the term."""

    rows: NDArray[np.int32]
    buckets: NDArray[np.int32]


def count_grams(texts: Sequence[str], method: TopicMethod) -> sparse.csr_matrix:
    """Count the terms of each text.

    Parameters
    ----------
    texts
        As `insight.topics.features.readable_texts` gives them.
    method
        Says how far apart paired words may stand and how long character runs are.

    Returns
    -------
    scipy.sparse.csr_matrix
        One row a text and ``BUCKETS`` columns, float32. Letter case doesn't matter, digits
        are all alike, and runs of characters may cross from one word into the next.
    """
    # A text's first and last words tell much, so runs show where it begins and ends.
    tidy = [f"{_BEGIN}{' '.join(text.lower().split())}{_END}" for text in texts]
    ends = np.cumsum([len(text) + 1 for text in tidy]) if tidy else np.zeros(0, dtype=np.intp)
    batches = np.append(0, np.flatnonzero(np.diff(ends // _BATCH_CHARACTERS)) + 1)
    stops = np.append(batches[1:], len(tidy))
    parts = [_count(tidy[start:stop], method) for start, stop in zip(batches, stops, strict=True)]
    return sparse.csr_matrix(sparse.vstack(parts, format="csr"))


def _count(tidy: list[str], method: TopicMethod) -> sparse.csr_matrix:
    text = "\n".join(tidy)
    characters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    is_digit = (characters >= _NOUGHT) & (characters <= _NINE)
    characters = np.where(is_digit, np.uint32(_NOUGHT), characters)
    between = characters == _NEWLINE
    row = np.cumsum(between, dtype=np.int32)
    hashes = _mixed(characters.astype(np.uint64) + np.uint64(1))
    found = [
        *_words(characters, hashes, row, method.pair_distance),
        *_runs(hashes, ~between, row, method.character_lengths),
    ]
    rows = np.concatenate([terms.rows for terms in found])
    buckets = np.concatenate([terms.buckets for terms in found])
    counts = sparse.csr_matrix(
        (np.ones(len(rows), dtype=np.float32), (rows, buckets)), shape=(len(tidy), BUCKETS)
    )
    counts.sum_duplicates()
    return counts


def _runs(
    hashes: Hashes, inside: NDArray[np.bool_], row: NDArray[np.int32], lengths: tuple[int, int]
) -> list[_Terms]:
    """Return every run of characters that stays within one text."""
    found = []
    rolled, whole = hashes, inside
    for length in range(2, lengths[1] + 1):
        rolled = rolled[:-1] * _BASE + hashes[length - 1 :]
        whole = whole[:-1] & inside[length - 1 :]
        if length >= lengths[0]:
            kept = rolled[whole]
            mixed = (kept ^ (kept >> np.uint64(32))) * _MIX
            found.append(_Terms(row[: len(whole)][whole], _bucket(mixed) + (1 << _BITS)))
    return found


def _words(
    characters: NDArray[np.uint32], hashes: Hashes, row: NDArray[np.int32], distance: int
) -> list[_Terms]:
    """Return every word, and every pair of words at most `distance` apart, in any order."""
    lettered = _LETTERED[np.minimum(characters, _ALPHABET)]
    starts = np.flatnonzero(lettered[1:] & ~lettered[:-1]) + 1
    if not len(starts):
        return []
    marks = np.append(0, starts)
    lengths = np.diff(np.append(marks, len(characters)))
    position = np.arange(len(characters)) - np.repeat(marks, lengths)
    powers = np.cumprod(np.full(int(position.max()) + 1, _BASE, dtype=np.uint64))
    worth = np.where(lettered, hashes * powers[position], np.uint64(0))
    words = _mixed(np.add.reduceat(worth, starts))
    of_row = row[starts]
    found = [_Terms(of_row, _bucket(words))]
    for apart in range(1, distance + 1):
        together = of_row[apart:] == of_row[:-apart]
        one, other = words[:-apart][together], words[apart:][together]
        # Sums and products don't know which came first.
        pairs = _mixed((one + other) ^ (one * other))
        found.append(_Terms(of_row[apart:][together], _bucket(pairs)))
    return found


def _mixed(hashes: Hashes) -> Hashes:
    mixed = hashes * _STEP
    mixed ^= mixed >> np.uint64(29)
    mixed *= _MIX
    mixed ^= mixed >> np.uint64(32)
    return mixed


def _bucket(hashes: Hashes) -> NDArray[np.int32]:
    return (hashes >> _TOP).astype(np.int32)


# Beyond the alphabets proper nearly everything is a letter, a sign or a picture: read as words.
_LETTERED = np.array([chr(n).isalnum() or n == ord("'") for n in range(_ALPHABET)] + [True])
