"""What no topic covers: groups of texts that belong together, named by their telling words."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans

from insight.topics.features import Encoder, Floats
from insight.topics.group_names import group_keys, group_name, telling_words, word_profiles
from insight.topics.nearness import Codes, places
from insight.topics.surplus import crowds

COLUMNS = {"group": "string", "name": "string", "texts": "int64", "share": "float64",
           "words": "string"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DiscoveryMethod:
    """How groups are found.

    Parameters
    ----------
    least_texts
        A group with fewer texts isn't shown: chance puts a few alike.
    false_alarms
        Share of months without anything new in which a group may be shown all the same.
    texts_a_group
        Where no topic is known, one group is made of about so many texts.
    most_groups
        Groups that are made at most, where no topic is known.
    words
        Telling words that name a group.
    same_group
        Cosine between a group and one of the month before that makes them one.
    """

    least_texts: int = 8
    false_alarms: float = 0.1
    texts_a_group: int = 30
    most_groups: int = 30
    words: int = 6
    same_group: float = 0.5


@dataclass(frozen=True, eq=False)
class Discovery:
    """Groups of texts that no topic covers.

    Parameters
    ----------
    groups
        One row a group, largest first: ``group`` (its key, kept from month to month), ``name``
        (three words that told it when it was first seen), ``texts``, ``share`` (of all texts looked
        at) and ``words``.
    assigned
        The group of each text, missing for those in none; with the index of the texts.
    profiles
        One row a group, one column a word: what it is made of, of unit length.
    """

    groups: pd.DataFrame
    assigned: pd.Series
    profiles: pd.DataFrame


def discover(
    texts: pd.Series,
    *,
    known: pd.DataFrame | None = None,
    before: pd.DataFrame | None = None,
    method: DiscoveryMethod | None = None,
    encoder: Encoder | None = None,
    seed: int,
) -> Discovery:
    """Group the texts that no topic covers.

    Parameters
    ----------
    texts
        Redacted texts of a month or more, one a row, answered by the model or not: a topic
        that nobody taught is often taken for one that somebody did.
    known
        Labelled texts, ``text`` and ``topic``. A group is what they don't have; without any, all
        texts are put in groups.
    before
        `Discovery.profiles` of the month before, so that a group keeps its key.
    method, seed
        The choices; the same texts in any order and the same seed give the same groups.
    encoder
        A sentence encoder, where the council has one.

    Returns
    -------
    Discovery
        Empty where there are too few texts. Every text is in a group or said to be in none.
    """
    chosen = method or DiscoveryMethod()
    written = texts.astype("string").fillna("").sort_values(kind="stable")
    written = written[written.str.strip().ne("")]
    taught = pd.DataFrame({"text": [], "topic": []}, dtype="string") if known is None else known
    taught = taught.sort_values(["text", "topic"], kind="stable")
    if len(written) < chosen.least_texts:
        return nothing_found(texts)
    everything = pd.concat([taught["text"].astype("string").fillna(""), written])
    topics = np.full(len(everything), -1)
    topics[: len(taught)] = pd.factorize(taught["topic"], sort=True)[0]
    placed = places(everything, topics, encoder=encoder, seed=seed)
    if len(taught):
        groups = crowds(placed, topics, false_alarms=chosen.false_alarms, seed=seed)
    else:
        groups = _divided(placed, chosen, seed)
    groups = _largest_first(groups, chosen.least_texts)
    profiles = word_profiles(everything, groups)
    # What no word tells can't be told to a manager.
    told = profiles.any(axis=1).to_numpy()
    groups = np.append(np.where(told, told.cumsum() - 1, -1), -1)[groups]
    profiles = profiles[told]
    if profiles.empty:
        return nothing_found(texts)
    telling = telling_words(profiles, chosen.words)
    keys = group_keys(profiles, telling, before, chosen.same_group)
    counted = np.bincount(groups[groups >= 0])
    found = pd.DataFrame(
        {
            "group": keys,
            "name": [group_name(key) for key in keys],
            "texts": counted,
            "share": counted / len(texts),
            "words": [", ".join(each) for each in telling],
        }
    )
    named = pd.array([*keys, None], dtype="string")[groups[len(taught) :]]
    assigned = pd.Series(named, index=written.index).reindex(texts.index)
    return Discovery(
        found.astype(COLUMNS), assigned, profiles.set_axis(pd.Index(keys, name="group"))
    )


def _divided(placed: Floats, method: DiscoveryMethod, seed: int) -> Codes:
    """Return a group of every text: where nothing is known, everything is new."""
    number = min(method.most_groups, len(np.unique(placed, axis=0)) // method.texts_a_group + 1)
    return np.asarray(KMeans(number, random_state=seed).fit_predict(placed), dtype=np.int64)


def _largest_first(groups: Codes, least: int) -> Codes:
    """Renumber groups by size, from 0; -1 for those of fewer than `least` texts."""
    sizes = np.bincount(groups[groups >= 0], minlength=1)
    order = np.argsort(-sizes, kind="stable")
    place = np.full(len(sizes) + 1, -1)
    place[order] = np.where(sizes[order] >= least, np.arange(len(sizes)), -1)
    return place[groups]


def nothing_found(texts: pd.Series) -> Discovery:
    """Return what is found where nothing is: every text in no group."""
    empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})
    none = pd.Series(pd.NA, index=texts.index, dtype="string")
    return Discovery(empty, none, pd.DataFrame(index=pd.Index([], name="group")))
