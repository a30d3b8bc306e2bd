"""What the dissatisfied mention and the satisfied don't, with counts and intervals."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.stats import hypergeom
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

from insight.comment_words import WORD, plain_words
from insight.intervals import newcombe
from insight.satisfaction.scales import DISSATISFIED, SATISFIED

_NEGATIONS = frozenset(
    {
        "no", "not", "never", "nobody", "nothing", "without", "cannot", "cant", "can't", "don't",
        "didn't", "doesn't", "won't", "wasn't", "weren't", "isn't", "aren't", "couldn't",
        "wouldn't", "shouldn't", "hasn't", "haven't", "hadn't",
    }
)  # fmt: skip
STOP_WORDS = sorted(ENGLISH_STOP_WORDS - _NEGATIONS)
_MOST_TOLD = 2
COLUMNS = (
    "term", "dissatisfied", "satisfied", "share_dissatisfied", "share_satisfied",
    "difference", "lower", "upper", "p", "stands_out",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drivers:
    """The terms that tell the two groups apart, and how many people of each wrote something.

    `terms` has `COLUMNS`, what the dissatisfied mention most first; `why_none` says why there
    are no terms, where there are none.
    """

    terms: pd.DataFrame
    dissatisfied: int
    satisfied: int
    why_none: str = ""

    @property
    def telling(self) -> pd.DataFrame:
        """The terms that the dissatisfied mention more, beyond chance."""
        if self.terms.empty:
            return self.terms
        return self.terms[self.terms["stands_out"].astype(bool) & self.terms["difference"].gt(0)]


def find_drivers(
    comments: pd.DataFrame,
    *,
    fewest_mentions: int = 5,
    fewest_comments: int = 10,
    false_discoveries: float = 0.05,
    leave_out: Collection[str] = (),
) -> Drivers:
    """Compare the words of those who are dissatisfied with the words of those who are satisfied.

    Parameters
    ----------
    comments
        One row per person: ``opinion`` and ``comment``, redacted.
    fewest_mentions
        Terms that fewer people use are passed over: too little to go by, and they may be
        somebody's name.
    fewest_comments
        People of each group who must have written something.
    false_discoveries
        Share of false ones among the terms that are said to stand out.
    leave_out
        Words to pass over, such as names of places.

    Returns
    -------
    Drivers
        A term is a word or two in a row, counted once a person. ``difference`` is the share of
        the dissatisfied who mention it less that of the satisfied, with Newcombe's interval;
        ``p`` is Fisher's exact one, two-sided; ``stands_out`` allows for the number of terms
        looked at (Benjamini and Hochberg). Terms that the very same people use are one row.
    """
    told = comments.dropna(subset=["comment", "opinion"])
    text = plain_words(told["comment"])
    written = text.str.contains("[a-z]{2}", regex=True)
    text, opinion = text[written], told["opinion"][written]
    against, favour = opinion.eq(DISSATISFIED), opinion.eq(SATISFIED)
    n, m = int(against.sum()), int(favour.sum())
    none = pd.DataFrame(columns=list(COLUMNS))
    if min(n, m) < fewest_comments:
        why = (
            f"{n} dissatisfied and {m} satisfied people wrote something; comparing them needs "
            f"{fewest_comments} of each."
        )
        return Drivers(none, n, m, why)
    both = (against | favour).to_numpy()
    counter = CountVectorizer(
        binary=True, ngram_range=(1, 2), min_df=fewest_mentions, token_pattern=WORD,
        stop_words=[*STOP_WORDS, *(word.casefold() for word in leave_out)],
    )  # fmt: skip
    try:
        holding = counter.fit_transform(text[both])
    except ValueError:  # sklearn's way of saying that no term is left
        return Drivers(none, n, m, f"No word is used by {fewest_mentions} people or more.")
    bad = against.to_numpy()[both]
    k = np.asarray(holding[bad].sum(axis=0)).ravel().astype(np.int64)
    j = np.asarray(holding[~bad].sum(axis=0)).ravel().astype(np.int64)
    lower, upper = newcombe(k / n, n, j / m, m)
    table = pd.DataFrame(
        {
            "term": counter.get_feature_names_out(),
            "dissatisfied": k,
            "satisfied": j,
            "share_dissatisfied": k / n,
            "share_satisfied": j / m,
            "difference": k / n - j / m,
            "lower": lower,
            "upper": upper,
            "p": fisher(k, j, n, m),
        }
    )
    # Alone, "not" says nothing; with the next word it does.
    telling = ~table["term"].isin(_NEGATIONS)
    table = _phrases(table[telling].reset_index(drop=True), holding[:, telling.to_numpy()])
    table = table.assign(stands_out=_discoveries(table["p"].to_numpy(), false_discoveries))
    order = ["difference", "term"]
    return Drivers(table.sort_values(order, ascending=[False, True], ignore_index=True), n, m)


def fisher(k: np.ndarray, j: np.ndarray, n: int, m: int) -> np.ndarray:
    """Fisher's exact two-sided p of `k` among `n` against `j` among `m`, for many at once.

    Twice the smaller tail, at most 1: never below the usual two-sided p by more than chance of
    the other tail, and plain to check.

    Examples
    --------
    >>> fisher(np.array([8]), np.array([1]), 10, 10).round(5).tolist()
    [0.00548]
    """
    together = k + j
    above = hypergeom.sf(k - 1, n + m, together, n)
    below = hypergeom.cdf(k, n + m, together, n)
    p: np.ndarray = np.minimum(2 * np.minimum(above, below), 1.0)
    return p


def _phrases(table: pd.DataFrame, holding: csr_matrix) -> pd.DataFrame:
    """Make one row of the terms that the very same people use, told as one phrase."""
    columns = holding.tocsc()
    ends = columns.indptr
    people = [np.sort(columns.indices[first:last]).tobytes() for first, last in pairwise(ends)]
    said = table.groupby(pd.factorize(np.array(people, dtype=object))[0], sort=False)["term"]
    first = said.head(1).index
    return table.loc[first].assign(term=said.agg(_as_phrase).to_numpy())


def _as_phrase(terms: pd.Series) -> str:
    """Chain pairs of words that overlap and drop words that are in a pair already.

    Examples
    --------
    >>> _as_phrase(pd.Series(["answers", "answers phone", "nobody answers", "want"]))
    'nobody answers phone'
    """
    words = [term.split(" ") for term in terms]
    pairs = [term for term in words if len(term) > 1] or words[:1]
    told: list[list[str]] = []
    for pair in pairs:
        before = next((each for each in told if each[-1] == pair[0]), None)
        after = next((each for each in told if each[0] == pair[-1]), None)
        if before is not None:
            before += pair[1:]
        elif after is not None:
            after[:0] = pair[:-1]
        else:
            told.append(list(pair))
    return ", ".join(" ".join(phrase) for phrase in told[:_MOST_TOLD])


def _discoveries(p: np.ndarray, rate: float) -> np.ndarray:
    order = np.argsort(p, kind="stable")
    passing = np.flatnonzero(p[order] <= rate * np.arange(1, len(p) + 1) / max(len(p), 1))
    found = np.zeros(len(p), dtype=bool)
    if len(passing):
        found[order[: passing[-1] + 1]] = True
    return found
