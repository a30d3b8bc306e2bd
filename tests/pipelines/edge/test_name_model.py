import pandas as pd
import pytest
import spacy

from pipelines.edge.name_model import NameModelError, load_name_model


@pytest.fixture
def model(tmp_path):
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PERSON", "pattern": "Mabel Thackeray"},
            {"label": "ORG", "pattern": "Parish Council"},
        ]
    )
    pipeline.to_disk(tmp_path / "model")
    return tmp_path / "model"


def test_names_are_replaced_and_other_entities_stay(model):
    texts = pd.Series(
        ["I met Mabel Thackeray and Mabel Thackeray at the Parish Council.", pd.NA, ""],
        index=[3, 5, 9],
        dtype="string",
    )
    redacted = load_name_model(model)(texts)
    assert redacted.index.tolist() == [3, 5, 9]
    assert redacted[3] == "I met [name] and [name] at the Parish Council."
    assert pd.isna(redacted[5])
    assert redacted[9] == ""


def test_a_folder_without_a_pipeline_is_said(tmp_path):
    with pytest.raises(NameModelError, match="holds no spaCy pipeline"):
        load_name_model(tmp_path)


def test_a_pipeline_that_marks_nothing_is_said(tmp_path):
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(NameModelError, match="marks no entities"):
        load_name_model(tmp_path / "blank")
