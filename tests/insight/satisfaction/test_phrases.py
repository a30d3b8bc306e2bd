"""Words grown into what people wrote."""

import pandas as pd
import pytest

from insight.satisfaction.phrases import GAP, longest_only, whole_phrase, written_lines

RING = "Ring me on [phone] if you want to know more."


@pytest.mark.parametrize(
    ("texts", "term", "shown"),
    [
        (["Nobody answers the phone.", "nobody answers THE phone!"], "answers phone",
         "nobody answers the phone"),
        (["My builder gave up waiting."] * 5, "gave waiting", "builder gave up waiting"),
        (["Months of waiting and no word.", "Months of waiting and no word"], "waiting",
         "months of waiting and no word"),
        ([RING] * 5, "ring want", f"ring me on {GAP} if you want to know"),
        (["had to chase three times", "had to chase ten times"], "chase times",
         f"chase {GAP} times"),
        (["They were late. Rude people", "late again, rude people"], "rude people",
         "rude people"),
        (["late"], "late", "late"),
        (["nothing of the kind"], "absent", "absent"),
    ],
)  # fmt: skip
def test_a_term_grows_to_what_nearly_all_wrote(texts, term, shown):
    assert whole_phrase(written_lines(pd.Series(texts, dtype="string")), term).shown == shown


def test_the_pattern_finds_those_who_wrote_the_phrase_and_nobody_else():
    texts = pd.Series(["nobody answers the phone", "the phone. nobody answers", ""], dtype="string")
    lines = written_lines(texts)
    found = whole_phrase(lines.head(1), "answers phone")
    assert lines.str.contains(f" {found.pattern} ").tolist() == [True, False, False]


def test_words_of_a_pattern_are_taken_as_they_stand():
    lines = written_lines(pd.Series(["c++ (very) slow [x] $100"] * 3, dtype="string"))
    assert whole_phrase(lines, "slow").shown


def test_a_word_that_longer_phrases_say_is_left_out_and_one_that_they_do_not_stays():
    waiting = range(10)
    long = [("gave up waiting", range(5)), ("months of waiting", range(5, 9))]
    assert longest_only([("waiting", waiting), *long]) == [1, 2]
    assert longest_only([("waiting", waiting), long[0]]) == [0, 1]
    assert longest_only([("rude", [1]), ("rude", [1])]) == [0]
    assert longest_only([("late", [1]), ("plate of food", [1])]) == [0, 1]
