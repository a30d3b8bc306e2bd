import hashlib
import io
import json
import zipfile

import numpy as np
import pandas as pd
import pytest

from insight.topics import TopicMethod, classify, train_topics
from pipelines.edge.card_page import card_page
from pipelines.edge.topic_models import FILE_NAME, TopicModelFileError, load_model, save_model

TEXTS = {
    "missed bin": "bin {} was not emptied by the crew",
    "dog fouling": "dog mess near house {} on the path",
}


def labelled():
    rows = [(text.format(n), topic) for topic, text in TEXTS.items() for n in range(40)]
    return pd.DataFrame(rows, columns=["text", "topic"], dtype="string")


@pytest.fixture(scope="module")
def model():
    return train_topics(labelled(), method=TopicMethod(folds=3), seed=1)


def test_a_model_read_back_answers_the_same(model, tmp_path):
    again = load_model(tmp_path, save_model(model, tmp_path))
    texts = pd.Series(["the bin was not emptied", "dog mess on the path", "", "swimming lessons"])
    pd.testing.assert_frame_equal(classify(again, texts), classify(model, texts))
    assert again.method == model.method
    assert again.metrics == model.metrics
    assert again.calibration == model.calibration
    assert (again.topics, again.keywords) == (model.topics, model.keywords)
    assert again.machine.linear.term_weights.dtype == np.int8
    assert np.array_equal(again.confusion, model.confusion)


def test_the_same_data_and_seed_give_the_same_bytes(model, tmp_path):
    shuffled = labelled().sample(frac=1, random_state=9)
    again = train_topics(shuffled, method=TopicMethod(folds=3), seed=1)
    first = save_model(model, tmp_path / "first")
    assert first == save_model(again, tmp_path / "second")
    content = (tmp_path / "second" / FILE_NAME).read_bytes()
    assert hashlib.sha256(content).hexdigest() == first
    dates = {member.date_time for member in zipfile.ZipFile(io.BytesIO(content)).infolist()}
    assert dates == {(1980, 1, 1, 0, 0, 0)}


def test_saving_again_replaces_the_file_and_leaves_nothing_else(model, tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"old")
    (tmp_path / f".{FILE_NAME}.unfinished").write_bytes(b"left by a killed run")
    saved = save_model(model, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    load_model(tmp_path, saved)


def test_a_write_that_fails_leaves_the_old_model(model, tmp_path, monkeypatch):
    saved = save_model(model, tmp_path)

    def full(self, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(TopicModelFileError, match="No space left on device"):
        save_model(model, tmp_path)
    load_model(tmp_path, saved)


def test_a_folder_that_cannot_be_made_is_refused_clearly(model, tmp_path):
    (tmp_path / "models").write_text("a file, not a folder")
    with pytest.raises(TopicModelFileError, match="can't be written"):
        save_model(model, tmp_path / "models")


def test_a_damaged_file_is_refused(model, tmp_path):
    saved = save_model(model, tmp_path)
    content = bytearray((tmp_path / FILE_NAME).read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(TopicModelFileError, match="changed or damaged"):
        load_model(tmp_path, saved)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(TopicModelFileError, match="Train the topics again"):
        load_model(tmp_path, "0" * 64)


def rewritten(folder, change):
    """Change a stored model's document and return the new file's hash."""
    path = folder / FILE_NAME
    with np.load(path) as archive:
        arrays = dict(archive)
    document = json.loads(arrays["document"].tobytes())
    change(document)
    arrays["document"] = np.frombuffer(json.dumps(document).encode(), dtype=np.uint8)
    np.savez(path, **arrays)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(format=99),
        lambda document: document.pop("topics"),
        lambda document: document["method"].update(unheard_of=1),
        lambda document: document["method"].update(balance=7),
    ],
)
def test_a_file_of_another_version_is_refused(model, tmp_path, change):
    save_model(model, tmp_path)
    with pytest.raises(TopicModelFileError, match="this version"):
        load_model(tmp_path, rewritten(tmp_path, change))


def test_a_file_from_before_scores_were_mixed_still_loads(model, tmp_path):
    save_model(model, tmp_path)
    old = rewritten(tmp_path, lambda document: document.update(format=2))
    again = load_model(tmp_path, old)
    scores = np.array([[0.3, -0.2]])
    assert np.array_equal(again.mixing.mix(scores), scores)


def test_a_file_from_before_clauses_were_weighed_goes_by_openings(model, tmp_path):
    save_model(model, tmp_path)
    with np.load(tmp_path / FILE_NAME) as archive:
        arrays = dict(archive)
    arrays["mixing_openings"] = np.full_like(arrays.pop("mixing_clauses")[0], 0.5)
    np.savez(tmp_path / FILE_NAME, **arrays)
    again = load_model(tmp_path, rewritten(tmp_path, lambda document: document.update(format=4)))
    assert again.mixing.clauses.tolist() == [[0.5, 0.5], [0.0, 0.0]]


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04 broken"])
def test_what_is_no_model_at_all_is_refused_even_when_the_hash_agrees(tmp_path, content):
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(TopicModelFileError, match="this version"):
        load_model(tmp_path, hashlib.sha256(content).hexdigest())


def test_nothing_pickled_is_ever_loaded(model, tmp_path):
    save_model(model, tmp_path)
    path = tmp_path / FILE_NAME
    with np.load(path) as archive:
        arrays = dict(archive)
    arrays["intercepts"] = np.array([{"an": "object"}], dtype=object)
    np.savez(path, **arrays)
    with pytest.raises(TopicModelFileError):
        load_model(tmp_path, hashlib.sha256(path.read_bytes()).hexdigest())


def test_the_cards_page_holds_its_pictures_and_nothing_in_a_name_is_markup():
    card = "# Card\n\n| a | b |\n|---|---|\n| <script>x</script> | 2 |\n\n![What](confusion.svg)\n"
    page = card_page(card, {"confusion.svg": "<svg id='c'></svg>"}, title="A <b>card</b>")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "<svg id='c'></svg>" in page
    assert "<img" not in page
    assert "<title>A &lt;b&gt;card&lt;/b&gt;</title>" in page
