"""E-mails as people write them: a reply is no new enquiry, and one letter may ask two things."""

from collections.abc import Callable

import pandas as pd

LEAST_WORDS = 4
Answer = Callable[[pd.Series], pd.DataFrame]


def first_of_thread(enquiries: pd.DataFrame) -> pd.Series:
    """Say which messages begin a conversation.

    Parameters
    ----------
    enquiries
        ``received_at``, ``enquiry_id`` and ``thread_id`` (missing where a message stands alone).

    Returns
    -------
    pandas.Series
        True for the earliest message of each thread, and for every message without one.
    """
    threaded = enquiries[enquiries["thread_id"].notna()]
    order = threaded.sort_values(["received_at", "enquiry_id"], kind="stable")
    later = order["thread_id"].duplicated()
    replies = set(order.index[later])
    said = [place not in replies for place in enquiries.index]
    return pd.Series(said, index=enquiries.index, dtype=bool)


def further_topics(texts: pd.Series, topics: pd.Series, classify: Answer) -> pd.DataFrame:
    """Find the further topics that one text asks about.

    Parameters
    ----------
    texts
        As the model read them.
    topics
        The topic of each as a whole; missing where none was sure, as it seldom is of a text that
        asks two things. Its first sure part stands for it then.
    classify
        The model, from texts to answers, with its own thresholds.

    Returns
    -------
    pandas.DataFrame
        A row per further topic: ``text`` (the index in `texts`) and ``topic``. A part of a text
        (a paragraph, or a sentence of at least four words) counts only where the model is sure
        of it by itself.
    """
    parts = texts.astype("string").fillna("").str.split(r"\n+|(?<=[.!?])\s+", regex=True).explode()
    parts = parts[parts.str.count(r"\w+").fillna(0) >= LEAST_WORDS]
    several = parts.index.duplicated(keep=False)
    parts = parts[several]
    columns = {"text": parts.index, "topic": pd.Series(dtype="string")}
    if parts.empty:
        return pd.DataFrame(columns).astype({"topic": "string"})
    place = pd.Series(parts.index)
    said = classify(parts.reset_index(drop=True))
    found = pd.DataFrame({"text": place, "topic": said["topic"].astype("string")})
    found = found[said["accepted"].to_numpy(dtype=bool)]
    first = found.groupby("text")["topic"].transform("first")
    main = found["text"].map(topics.astype("string")).fillna(first)
    return found[found["topic"].ne(main)].drop_duplicates().reset_index(drop=True)
