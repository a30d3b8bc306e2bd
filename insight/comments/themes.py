"""Themes of many comments: groups of words that go together, the same on every run."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

from insight.comment_words import WORD, plain_words
from insight.intervals import wilson

OTHER = "other"
FEWEST_COMMENTS = 40
FEWEST_MENTIONS = 5
_COMMENTS_A_THEME = 12
_MOST_THEMES = 8
_CLEARLY = 0.4
_WORDS_IN_A_NAME = 3


@dataclass(frozen=True)
class Themes:
    """Fitted themes: their names, and what is needed to find them in other comments."""

    names: tuple[str, ...]
    vectoriser: TfidfVectorizer | None
    model: NMF | None
    why_none: str = ""


def find_themes(texts: pd.Series) -> Themes:
    """Find what a set of comments is about.

    Parameters
    ----------
    texts
        Redacted comments.

    Returns
    -------
    Themes
        From two themes to eight, more where there are more comments; none where there are
        fewer than forty, which ``why_none`` says. A theme is called by its words; a word that
        fewer than five people use is in no name.

    Notes
    -----
    Non-negative matrix factorisation (Lee and Seung, 1999) of tf-idf weights from a start that
    is computed, not drawn (NNDSVDa): equal comments give equal themes.
    """
    read = plain_words(texts)
    read = read[read.str.contains("[a-z]{2}", regex=True)]
    if len(read) < FEWEST_COMMENTS:
        why = f"{len(read)} comments; themes need {FEWEST_COMMENTS}."
        return Themes((), None, None, why)
    vectoriser = TfidfVectorizer(
        ngram_range=(1, 2), min_df=FEWEST_MENTIONS, token_pattern=WORD,
        stop_words=sorted(ENGLISH_STOP_WORDS), sublinear_tf=True,
    )  # fmt: skip
    try:
        weights = vectoriser.fit_transform(read)
    except ValueError:  # sklearn's way of saying that no term is left
        return Themes((), None, None, f"No word is used in {FEWEST_MENTIONS} comments or more.")
    count = int(np.clip(len(read) // _COMMENTS_A_THEME, 2, _MOST_THEMES))
    count = min(count, *weights.shape)
    with np.errstate(invalid="ignore"):  # of an error of nought, scikit-learn takes the root
        model = NMF(count, init="nndsvda", random_state=0, max_iter=400, tol=1e-3).fit(weights)
    terms = np.asarray(vectoriser.get_feature_names_out(), dtype=object)
    return Themes(tuple(_name(terms, row) for row in model.components_), vectoriser, model)


def name_themes(texts: pd.Series, themes: Themes) -> pd.Series:
    """Give each comment the theme it is clearly about, else ``"other"``.

    Returns
    -------
    pandas.Series
        Names, with the index of `texts`.
    """
    if themes.model is None or themes.vectoriser is None or texts.empty:
        return pd.Series(OTHER, index=texts.index, dtype="string")
    strength = themes.model.transform(themes.vectoriser.transform(plain_words(texts)))
    # A theme's strength is in units of its own words' weights until those are taken in.
    strength = strength * themes.model.components_.sum(axis=1)
    total = strength.sum(axis=1)
    best = strength.argmax(axis=1)
    clear = (total > 0) & (strength.max(axis=1) >= _CLEARLY * total)
    names = np.asarray(themes.names, dtype=object)[best]
    return pd.Series(np.where(clear, names, OTHER), index=texts.index, dtype="string")


def theme_shares(named: pd.Series) -> pd.DataFrame:
    """Count the themes, commonest first and ``"other"`` last, with Wilson's interval.

    Returns
    -------
    pandas.DataFrame
        ``theme``, ``comments``, ``share``, ``lower``, ``upper`` and ``base``.
    """
    counts = named.value_counts().rename_axis("theme").reset_index(name="comments")
    base = int(counts["comments"].sum())
    share = counts["comments"] / max(base, 1)
    lower, upper = wilson(share, base)
    table = counts.assign(share=share, lower=lower, upper=upper, base=base)
    last = table["theme"].eq(OTHER)
    table = table.assign(last=last).sort_values(
        ["last", "comments", "theme"], ascending=[True, False, True], ignore_index=True
    )
    return table.drop(columns="last")


def _name(terms: NDArray[np.object_], strength: NDArray[np.float64]) -> str:
    """Name a theme by its strongest terms, leaving out those that a longer one holds already."""
    said: list[str] = []
    for place in np.argsort(-strength, kind="stable")[:12]:
        term = str(terms[place])
        words = set(term.split(" "))
        if strength[place] <= 0 or any(words & set(other.split(" ")) for other in said):
            continue
        said.append(term)
        if len(said) == _WORDS_IN_A_NAME:
            break
    return ", ".join(said)
