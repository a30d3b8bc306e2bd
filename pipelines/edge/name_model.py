"""Find people's names with a spaCy model that the council supplies; nothing requires one."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from insight.errors import InsightError

PERSON = "PERSON"
TOKEN = "[name]"  # noqa: S105 - what stands for a name, not a secret


class NameModelError(InsightError):
    """The settings' name model cannot be used."""


def load_name_model(folder: Path) -> Callable[[pd.Series], pd.Series]:
    """Return a function that replaces the names a spaCy pipeline finds in texts.

    Parameters
    ----------
    folder
        A pipeline saved to disk, with a named-entity recogniser or an entity ruler that marks
        ``PERSON``. Use one whose origin you trust.

    Returns
    -------
    Callable
        From a ``string`` Series to one with the same index, names replaced by ``[name]``.

    Raises
    ------
    NameModelError
        If the folder holds no pipeline, or one that marks no entities.
    """
    try:
        pipeline = spacy.load(folder)
    except (OSError, ValueError, ImportError) as error:
        message = (
            f"name_model: {folder} holds no spaCy pipeline that this version can load. "
            "Give the folder that `nlp.to_disk` wrote, or leave name_model out."
        )
        raise NameModelError(message) from error
    if not {"ner", "entity_ruler", "span_ruler"} & set(pipeline.pipe_names):
        message = f"name_model: the pipeline in {folder} marks no entities; it needs an ner step."
        raise NameModelError(message)
    return lambda texts: _without_names(texts, pipeline)


def _without_names(texts: pd.Series, pipeline: Language) -> pd.Series:
    given = texts.dropna()
    found = [_replaced(doc) for doc in pipeline.pipe(given.tolist(), batch_size=256)]
    return pd.Series(found, index=given.index, dtype="string").reindex(texts.index)


def _replaced(doc: Doc) -> str:
    text = doc.text
    # From the end, so that the places before stay true.
    for entity in reversed(doc.ents):
        if entity.label_ == PERSON:
            text = text[: entity.start_char] + TOKEN + text[entity.end_char :]
    return text
