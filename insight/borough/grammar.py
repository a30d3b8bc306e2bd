"""Sentences from a grammar, many at a time."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Texts = NDArray[np.object_]
Grammar = Mapping[str, Sequence[str]]

_SYMBOL = re.compile(r"\{([\w-]+)\}")


def write(
    grammar: Grammar,
    start: str,
    count: int,
    rng: np.random.Generator,
    slots: Mapping[str, Texts] | None = None,
) -> Texts:
    """Return `count` texts that `grammar` allows for `start`.

    Parameters
    ----------
    grammar
        Each symbol's alternatives, equally likely; ``{symbol}`` in one stands for another.
    start
        The symbol to write.
    count
        How many texts.
    rng
        Which alternative each text takes.
    slots
        Symbols whose value differs by text: arrays of `count` strings. They win over `grammar`.

    Raises
    ------
    KeyError
        If an alternative names a symbol that neither `slots` nor `grammar` has.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> write({"ask": ["When is {what}?"], "what": ["it"]}, "ask", 2, rng).tolist()
    ['When is it?', 'When is it?']
    """
    filled = dict(slots or {})

    def expand(symbol: str, rows: NDArray[np.intp]) -> Texts:
        if symbol in filled:
            return filled[symbol][rows]
        alternatives = grammar[symbol]
        chosen = rng.integers(len(alternatives), size=rows.size)
        texts = np.full(rows.size, "", dtype=object)
        for number, alternative in enumerate(alternatives):
            places = np.flatnonzero(chosen == number)
            if places.size:
                texts[places] = join(alternative, rows[places])
        return texts

    def join(alternative: str, rows: NDArray[np.intp]) -> Texts:
        text = np.full(rows.size, "", dtype=object)
        for place, piece in enumerate(_SYMBOL.split(alternative)):
            text = text + (expand(piece, rows) if place % 2 else piece)
        return text

    return expand(start, np.arange(count))
