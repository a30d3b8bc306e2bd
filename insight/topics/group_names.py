"""What groups of texts are called, and how they keep their key from month to month."""

import numpy as np
import pandas as pd

# Words of courtesy and of asking, which stand in every letter and name nothing.
COURTESY = (
    "ask", "asking", "can", "cant", "could", "dear", "did", "didnt", "does", "doesnt", "dont",
    "get", "going", "got", "hasnt", "havent", "hello", "help", "hi", "hows", "id", "im", "isnt",
    "ive", "just", "kind", "know", "let", "like", "madam", "need", "please", "regards", "sincerely",
    "sir", "tell", "thank", "thanks", "theres", "want", "whats", "wondering", "wont", "would",
)  # fmt: skip


def telling_words(profiles: pd.DataFrame, number: int) -> list[list[str]]:
    """Return each group's heaviest words; a word within a pair already named is left out."""
    told = []
    order = np.argsort(-profiles.to_numpy(), axis=1, kind="stable")[:, : number * 4]
    names = profiles.columns.to_numpy()
    for row in order:
        words: list[str] = []
        for word in names[row]:
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
