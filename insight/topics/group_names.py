"""What groups of texts are called, and how they keep their key from month to month."""

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

from insight.topics.nearness import Codes, group_sums, of_unit_length

# Words of courtesy and of asking, which stand in every letter and name nothing.
COURTESY = (
    "ask", "asking", "can", "cant", "could", "dear", "did", "didnt", "does", "doesnt", "dont",
    "get", "going", "got", "hasnt", "havent", "hello", "help", "hi", "hows", "id", "im", "isnt",
    "ive", "just", "kind", "know", "let", "like", "madam", "need", "please", "regards", "sincerely",
    "sir", "tell", "thank", "thanks", "theres", "want", "whats", "wondering", "wont", "would",
)  # fmt: skip


_LEAST_OF_HEAVIEST = 0.1
_WORD = r"(?u)\b[^\W\d_]{2,}\b"
_LEAST_HOLDING = 3
"""Texts of a group that must hold a word for it to count; rarer ones may be somebody's name."""


def word_profiles(texts: pd.Series, groups: Codes) -> pd.DataFrame:
    """Return what each group is made of: one row a group of unit length, one column a word or pair.

    Parameters
    ----------
    texts
        Of groups and of none.
    groups
        Number of each text's group, from 0; -1 for none.

    Notes
    -----
    A word weighs by how much commoner it is in the group than in all texts, times its rarity.
    """
    plain = texts.str.casefold().str.replace("['\N{RIGHT SINGLE QUOTATION MARK}]", "", regex=True)
    counter = CountVectorizer(
        ngram_range=(1, 2), min_df=_LEAST_HOLDING, binary=True, token_pattern=_WORD,
        stop_words=sorted(ENGLISH_STOP_WORDS.union(COURTESY)),
    )  # fmt: skip
    number = int(groups.max()) + 1
    try:
        holds = sparse.csr_matrix(counter.fit_transform(plain), dtype=np.float64)
    except ValueError:  # no word is in enough texts
        return pd.DataFrame(index=range(number))
    overall = np.asarray(holds.mean(axis=0)).ravel()
    counted = group_sums(holds, groups, number)
    sizes = np.bincount(groups[groups >= 0], minlength=number)[:, None]
    commoner = np.maximum(counted / sizes - overall, 0)
    weight = np.where(counted >= _LEAST_HOLDING, commoner * -np.log(overall), 0)
    used = weight.any(axis=0)
    words = counter.get_feature_names_out()[used]
    return pd.DataFrame(of_unit_length(weight[:, used]), columns=words)


def telling_words(profiles: pd.DataFrame, number: int) -> list[list[str]]:
    """Return each group's heaviest words; a word within a pair already named is left out.

    A word of less than a tenth of the heaviest's weight doesn't tell the group.
    """
    told = []
    weights = profiles.to_numpy()
    order = np.argsort(-weights, axis=1, kind="stable")[:, : number * 4]
    names = profiles.columns.to_numpy()
    for row, own in zip(order, weights, strict=True):
        words: list[str] = []
        for word in names[row[own[row] > _LEAST_OF_HEAVIEST * own.max()]]:
            parts = set(word.split())
            if not any(parts & set(one.split()) for one in words):
                words.append(str(word))
            if len(words) == number:
                break
        told.append(words)
    return told


def group_keys(
    profiles: pd.DataFrame, telling: list[list[str]], before: pd.DataFrame | None, same: float
) -> list[str]:
    """Give each group the key of last month's that it is most like, or a new one of its words."""
    fresh = _unlike(["-".join(words[:3]).replace(" ", "_") for words in telling])
    if before is None or before.empty:
        return fresh
    shared = profiles.columns.intersection(before.columns)
    likeness = profiles[shared].to_numpy() @ before[shared].to_numpy().T
    keys = list(fresh)
    taken: set[int] = set()
    pairs = np.dstack(np.unravel_index(np.argsort(-likeness, axis=None, kind="stable"),
                                       likeness.shape))[0]  # fmt: skip
    done: set[int] = set()
    for one, other in pairs.tolist():
        if likeness[one, other] < same:
            break
        if one not in done and other not in taken:
            keys[one] = str(before.index[other])
            done.add(one)
            taken.add(other)
    return _unlike(keys)


def group_name(key: str) -> str:
    """Return what a group is called, which its key tells for as long as the group lasts.

    Examples
    --------
    >>> group_name("voucher-heating_grant-warm-2")
    'voucher, heating grant, warm'
    """
    words = [part for part in key.split("-") if not part.isdigit()]
    return ", ".join(words).replace("_", " ")


def _unlike(keys: list[str]) -> list[str]:
    """Tell keys that would be the same apart by a number."""
    counted: dict[str, int] = {}
    named = []
    for key in keys:
        counted[key] = counted.get(key, 0) + 1
        named.append(key if counted[key] == 1 else f"{key}-{counted[key]}")
    return named
