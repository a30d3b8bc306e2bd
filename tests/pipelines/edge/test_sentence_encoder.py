import sys

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.edge.sentence_encoder import EncoderFolderError, folder_hash, load_encoder
from tests.pipelines.edge.tiny_encoder import NUMBERS, make_encoder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return make_encoder(tmp_path_factory.mktemp("encoder"))


def test_a_text_is_the_mean_of_its_words_whatever_stands_beside_it(folder):
    encode, _ = load_encoder(folder)
    texts = ["the bin", "dog", "the tax bill on the path of the dog", "", "bin tax"]
    together = encode(texts)
    assert together.dtype == np.float32
    np.testing.assert_allclose(together[0], [0.5, 0, 0])
    np.testing.assert_allclose(together[1], [0, 1, 0])
    np.testing.assert_allclose(together[4], [0.5, 0, 0.5])
    np.testing.assert_allclose(together, np.vstack([encode([text]) for text in texts]))


def test_the_folder_is_known_by_what_its_files_hold(folder, tmp_path):
    _, known = load_encoder(folder, folder_hash(folder))
    same = make_encoder(tmp_path / "same")
    assert folder_hash(same) == known
    other = make_encoder(tmp_path / "other", NUMBERS + 1)
    with pytest.raises(EncoderFolderError, match="not the one that was chosen"):
        load_encoder(other, known)


def test_what_is_missing_or_damaged_is_named(folder, tmp_path):
    with pytest.raises(EncoderFolderError, match=r"model\.onnx can't be read"):
        load_encoder(tmp_path / "nowhere")
    for name in ("model.onnx", "tokenizer.json"):
        broken = make_encoder(tmp_path / name)
        (broken / name).write_bytes(b"not what it was")
        with pytest.raises(EncoderFolderError, match="damaged or of another kind"):
            load_encoder(broken)


def test_without_its_libraries_the_message_says_what_to_install(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(EncoderFolderError, match="pip install"):
        load_encoder(folder)


def insight(*arguments):
    return CliRunner().invoke(app, ["topics", *map(str, arguments)])


def test_a_model_taught_with_an_encoder_knows_words_it_never_saw_and_answers_only_with_it(
    folder, tmp_path
):
    texts = [f"{word} {n}" for n in range(30) for word in ("bin", "dog", "tax")]
    rows = pd.DataFrame({"text": texts, "topic": ["waste", "animals", "money"] * 30})
    rows.to_csv(tmp_path / "train.csv", index=False)
    pd.DataFrame({"text": ["lorry", "path", "bill"]}).to_csv(tmp_path / "new.csv", index=False)
    model = tmp_path / "model"
    taught = insight("train", tmp_path / "train.csv", "--to", model, "--encoder", folder)
    assert taught.exit_code == 0, taught.exception
    assert folder_hash(folder) in taught.output
    asked = ("classify", tmp_path / "new.csv", "--model", model, "--to", tmp_path / "a.csv")
    assert insight(*asked, "--encoder", folder).exit_code == 0
    assert pd.read_csv(tmp_path / "a.csv")["label"].tolist() == ["waste", "animals", "money"]
    assert "Give the same encoder" in str(insight(*asked).exception)
    other = make_encoder(tmp_path / "other", NUMBERS + 1)
    assert "Give the same encoder" in str(insight(*asked, "--encoder", other).exception)
