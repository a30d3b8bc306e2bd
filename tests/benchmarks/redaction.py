"""Redact made-up e-mails of 250 characters: ``python tests/benchmarks/redaction.py [TEXTS]``.

Half of them hold a phone number, an e-mail address, a postcode, a National Insurance or a card
number; every other one begins with a greeting and ends with a name. The peer, in the same run, is
the plainest way: five patterns of the standard library, text by text, without checksums or names.
Rates are per second of one core's time.
"""

import re
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from insight.redaction import redact

LENGTH = 250
SENTENCE = (
    "the council tax bill for my flat arrived twice this month and the band looks wrong to me "
    "please could you look into it because the direct debit was already taken on the first"
)
PLANTED = (
    "ring me on 07700 900123",
    "write to pat.jones@example.com",
    "we live at LE18 3RA",
    "my number is QQ 12 34 56 C",
    "card 4111 1111 1111 1111",
)
PLAIN = [
    re.compile(pattern)
    for pattern in (
        r"[\w.+-]+@[\w-]+\.[\w.]+",
        r"\b0\d{4} ?\d{6}\b",
        r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b",
        r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
        r"\b(?:\d{4} ?){4}\b",
    )
]


def texts(count: int, *, named: bool) -> pd.Series:
    """Return `count` texts of about `LENGTH` characters."""
    rng = np.random.default_rng(2026)
    made = []
    for number in range(count):
        words = list(rng.permutation(SENTENCE.split()))
        if rng.random() < 0.5:
            words.insert(int(rng.integers(len(words))), PLANTED[number % len(PLANTED)])
        body = " ".join(words * 2)[: LENGTH - (50 if named and number % 2 else 0)]
        signed = named and number % 2
        made.append(f"Dear Mr Smith,\n{body}\nKind regards,\nPat Jones" if signed else body)
    return pd.Series(made, dtype="string")


def plain(given: pd.Series) -> list[str]:
    """Return the texts with each pattern's matches replaced."""
    done = []
    for text in given:
        for pattern in PLAIN:
            text = pattern.sub("[...]", text)
        done.append(text)
    return done


def rate(work: Callable[[pd.Series], object], given: pd.Series) -> float:
    """Return texts a second of processor time, the best of three."""
    best = np.inf
    for _ in range(3):
        started = time.process_time()
        work(given)
        best = min(best, time.process_time() - started)
    return len(given) / best


def main(count: int) -> None:
    """Print a line per kind of text."""
    for named in (False, True):
        given = texts(count, named=named)
        ours, peer = rate(redact, given), rate(plain, given)
        kind = "half with greeting and signature" if named else "without names"
        sys.stdout.write(
            f"{count:,} texts of {given.str.len().mean():.0f} characters, {kind}: redact "
            f"{ours:,.0f} a second, five plain patterns {peer:,.0f} ({ours / peer:.2f} times)\n"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
