"""What the dissatisfied mention and the satisfied don't, with counts and intervals."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.stats import hypergeom
from sklearn.feature_extraction.text import CountVectorizer

from insight.comment_words import NEGATIONS, STOP_WORDS, WORD, plain_words
from insight.intervals import newcombe
from insight.satisfaction.phrases import longest_only, whole_phrase, written_lines
from insight.satisfaction.scales import DISSATISFIED, SATISFIED

_MOST_PHRASES = 40
COLUMNS = (
    "term", "dissatisfied", "satisfied", "share_dissatisfied", "share_satisfied",
    "difference", "lower", "upper", "p", "stands_out",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drivers:
    """The terms that tell the two groups apart, and how many people of each wrote something.

    `terms` has `COLUMNS`, what the dissatisfied mention most first; `telling` has the same of the
    terms that they mention more beyond chance, each told and counted as the phrase that people
    wrote; `why_none` says why there are no terms, where there are none.
    """

    terms: pd.DataFrame
    telling: pd.DataFrame
    dissatisfied: int
    satisfied: int
    why_none: str = ""


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
        looked at (Benjamini and Hochberg). Terms that the very same people use are one row,
        called by the longest.
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
        return Drivers(none, none, n, m, why)
    both = (against | favour).to_numpy()
    counter = CountVectorizer(
        binary=True, ngram_range=(1, 2), min_df=fewest_mentions, token_pattern=WORD,
        stop_words=[*STOP_WORDS, *(word.casefold() for word in leave_out)],
    )  # fmt: skip
    try:
        holding = counter.fit_transform(text[both])
    except ValueError:  # sklearn's way of saying that no term is left
        return Drivers(none, none, n, m, f"No word is used by {fewest_mentions} people or more.")
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
    telling = ~table["term"].isin(NEGATIONS)
    table = _one_row_each(table[telling].reset_index(drop=True), holding[:, telling.to_numpy()])
    table = table.assign(stands_out=_discoveries(table["p"].to_numpy(), false_discoveries))
    order = ["difference", "term"]
    table = table.sort_values(order, ascending=[False, True], ignore_index=True)
    more = table[table["stands_out"] & table["difference"].gt(0)].head(_MOST_PHRASES)
    comments_of_both = told["comment"][written][both]
    return Drivers(table, _as_phrases(more, comments_of_both, bad, (n, m)), n, m)


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


def _one_row_each(table: pd.DataFrame, holding: csr_matrix) -> pd.DataFrame:
    """Make one row of the terms that the very same people use, called by the longest of them."""
    columns = holding.tocsc()
    ends = columns.indptr
    people = [np.sort(columns.indices[first:last]).tobytes() for first, last in pairwise(ends)]
    group = pd.factorize(np.array(people, dtype=object))[0]
    longest = table.assign(group=group, words=table["term"].str.count(" "))
    longest = longest.sort_values(["group", "words", "term"], ascending=[True, False, True])
    return longest.drop_duplicates("group").drop(columns=["group", "words"])


def _as_phrases(
    telling: pd.DataFrame, comments: pd.Series, bad: np.ndarray, counts: tuple[int, int]
) -> pd.DataFrame:
    """Tell the terms that stand out as the phrases people wrote, each counted anew."""
    lines = written_lines(comments).reset_index(drop=True)
    grown = [whole_phrase(lines, str(term)) for term in telling["term"]]
    held = [lines.str.contains(f" {each.pattern} ", regex=True).to_numpy(bool) for each in grown]
    kept = longest_only(
        [(each.shown, np.flatnonzero(who)) for each, who in zip(grown, held, strict=True)]
    )
    if not kept:
        return telling.iloc[:0]
    n, m = counts
    k = np.array([int((held[place] & bad).sum()) for place in kept])
    j = np.array([int((held[place] & ~bad).sum()) for place in kept])
    lower, upper = newcombe(k / n, n, j / m, m)
    phrases = telling.iloc[kept].assign(
        term=[grown[place].shown for place in kept],
        dissatisfied=k,
        satisfied=j,
        share_dissatisfied=k / n,
        share_satisfied=j / m,
        difference=k / n - j / m,
        lower=lower,
        upper=upper,
        p=fisher(k, j, n, m),
    )
    return phrases.sort_values(["difference", "term"], ascending=[False, True], ignore_index=True)


def _discoveries(p: np.ndarray, rate: float) -> np.ndarray:
    order = np.argsort(p, kind="stable")
    passing = np.flatnonzero(p[order] <= rate * np.arange(1, len(p) + 1) / max(len(p), 1))
    found = np.zeros(len(p), dtype=bool)
    if len(passing):
        found[order[: passing[-1] + 1]] = True
    return found
