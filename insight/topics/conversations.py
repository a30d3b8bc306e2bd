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
    return pd.Series([place not in replies for place in enquiries.index], index=enquiries.index)


def further_topics(texts: pd.Series, answers: pd.DataFrame, classify: Answer) -> pd.DataFrame:
    """Find the further topics that one text asks about.

    Parameters
    ----------
    texts
        As the model read them.
    answers
        Its answers: ``topic`` and ``accepted``.
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
    main = found["text"].map(answers["topic"].astype("string"))
    further = found[found["topic"].ne(main).fillna(value=True) & main.notna() & main.ne("")]
    return further.drop_duplicates().reset_index(drop=True)
