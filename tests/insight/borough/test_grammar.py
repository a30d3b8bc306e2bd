import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.borough.grammar import write

GRAMMAR = {"greeting": ["{hello} {name}", "{hello}!"], "hello": ["Hi", "Hello"]}


def write_greetings(count, seed=0, **slots):
    return write(GRAMMAR, "greeting", count, np.random.default_rng(seed), slots)


def test_each_text_uses_its_own_slot():
    names = np.array(["Ann", "Bob"] * 50, dtype=object)
    texts = write_greetings(100, name=names)
    named = [(text, name) for text, name in zip(texts, names, strict=True) if "!" not in text]
    assert named
    assert all(text.endswith(name) for text, name in named)


@given(st.integers(0, 40), st.integers(0, 5))
def test_only_what_the_grammar_allows_is_written(count, seed):
    names = np.full(count, "Ann", dtype=object)
    texts = write_greetings(count, seed, name=names)
    assert texts.size == count
    assert set(texts) <= {"Hi Ann", "Hello Ann", "Hi!", "Hello!"}


def test_all_alternatives_come_up():
    assert len(set(write_greetings(200, name=np.full(200, "Ann", dtype=object)))) == 4


def test_an_unknown_symbol_is_a_fault_in_the_grammar():
    with pytest.raises(KeyError, match="name"):
        write_greetings(20)
