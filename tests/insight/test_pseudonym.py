"""Pseudonyms: stable, unlinkable without the key, and missing where nobody is named."""

import hashlib
import hmac

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.pseudonym import PseudonymKeyError, pseudonymise

KEY = bytes(range(32))


def pseudonyms(*values, key=KEY, scope="person"):
    return pseudonymise(pd.Series(list(values), dtype="string"), key, scope=scope).tolist()


def test_capitals_and_spaces_around_do_not_make_another_person():
    first, second = pseudonyms(" Jane@Example.com", "jane@example.com ")
    assert first == second


def test_the_code_is_the_hmac_that_the_docstring_promises():
    expected = hmac.new(KEY, b"6:person:jane", hashlib.sha256).hexdigest()[:32]
    assert pseudonyms("Jane") == [expected]


def test_other_keys_and_other_scopes_give_unrelated_codes():
    codes = {
        *pseudonyms("jane"),
        *pseudonyms("jane", key=bytes(32)),
        *pseudonyms("jane", scope="reporter"),
    }
    assert len(codes) == 3


def test_a_scope_cannot_run_into_the_value():
    assert pseudonyms("b:jane", scope="a") != pseudonyms("jane", scope="a:b")


def test_missing_and_blank_identifiers_are_nobody():
    assert pd.isna(pseudonyms(None, "", "   ")).all()


def test_a_column_without_values_stays_text():
    codes = pseudonymise(pd.Series([None, None], index=[4, 9]), KEY, scope="person")
    assert codes.dtype == "string"
    assert codes.index.tolist() == [4, 9]


def test_a_short_key_is_refused_without_being_shown():
    with pytest.raises(PseudonymKeyError, match="has 5 bytes and needs 32") as refusal:
        pseudonyms("jane", key=b"short")
    assert "short" not in str(refusal.value).split()


@settings(deadline=None, derandomize=True)
@given(st.lists(st.text(), max_size=8))
def test_equal_people_and_only_they_share_a_code(values):
    codes = pseudonyms(*values)
    people = [value.strip().casefold() or None for value in values]
    for person, code in zip(people, codes, strict=True):
        assert pd.isna(code) if person is None else len(code) == 32
    assert len(set(codes) - {pd.NA}) == len(set(people) - {None})
