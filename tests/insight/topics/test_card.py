from dataclasses import replace

from insight.topics import model_card

WORDS = {"title": "Enquiry topics", "version": "2026-10-a1", "data_period": "in October 2026"}


def test_the_card_tells_what_was_taught_and_how_it_fares(model):
    card = model_card(model, **WORDS)
    assert card.startswith("# Enquiry topics, version 2026-10-a1\n")
    for section in (
        "What it is for",
        "What it was taught",
        "How it fares",
        "When it answers",
        "By topic",
        "Known failures",
    ):
        assert f"\n## {section}\n" in card
    assert "Labelled texts: 240, received in October 2026." in card
    assert model.data_hash in card
    assert f"| macro-F1 | {model.metrics['macro_f1']:.3f} |" in card
    assert "keyword rule" in card
    assert "majority rule" in card
    assert "| dog fouling | 60 |" in card


def test_the_same_model_gives_the_same_card(model):
    assert model_card(model, **WORDS) == model_card(model, **WORDS)


def test_weak_and_small_topics_are_owned_up_to(model):
    weak = dict(model.metrics["topics"][0], f1=0.2, n=12, mistaken_for="missed bin")
    metrics = dict(model.metrics, topics=[weak, *model.metrics["topics"][1:]])
    card = model_card(replace(model, metrics=metrics), **WORDS)
    assert "- council tax bill: F1 0.200; most often mistaken for missed bin." in card
    assert "- council tax bill: only 12 examples" in card


def test_a_model_that_withholds_everything_says_so(model):
    silent = replace(model, calibration=replace(model.calibration, least_confidence=None))
    assert "Never: at no confidence" in model_card(silent, **WORDS)


def test_topics_left_out_are_listed_and_nothing_in_a_name_is_markup(model):
    card = model_card(replace(model, left_out={"<b>pests|rats": 3}), **WORDS)
    assert "\\<b\\>pests\\|rats (3)" in card
