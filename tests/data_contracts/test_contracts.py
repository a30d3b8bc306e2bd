import json

import pytest
from jsonschema import validate
from open_data_contract_standard.model import OpenDataContractStandard

from data_contracts import INPUTS, OUTPUTS, UnknownContractError, load_contract, load_standard
from insight.contract import Privacy
from models import EVENT_TABLES

SCHEMA = json.loads(OpenDataContractStandard.json_schema())


@pytest.mark.parametrize("name", INPUTS + OUTPUTS)
def test_each_contract_keeps_the_published_standard(name):
    standard = load_standard(name)
    validate(standard.model_dump(exclude_none=True, by_alias=True), SCHEMA)
    assert (standard.apiVersion, standard.kind, standard.id) == ("v3.1.0", "DataContract", name)


@pytest.mark.parametrize("name", INPUTS)
def test_an_input_says_how_long_it_is_kept_how_fresh_it_is_and_how_wrong_it_may_be(name):
    contract = load_contract(name)
    assert contract.retention_days > 0
    assert contract.freshness_days > 0
    assert 0 < contract.max_error_share < 1
    assert contract.event_time in contract.column_names
    assert contract.key


@pytest.mark.parametrize("name", INPUTS)
def test_every_column_of_an_input_has_a_place_in_the_store(name):
    assert set(load_contract(name).column_names) <= set(EVENT_TABLES[name].model_fields)


@pytest.mark.parametrize("name", OUTPUTS)
def test_no_published_output_has_a_column_about_a_person(name):
    kinds = {column.privacy for column in load_contract(name).columns}
    assert kinds <= {Privacy.PUBLIC, Privacy.INTERNAL}


def test_what_residents_wrote_and_who_they_are_is_marked_everywhere():
    marked = {
        (name, column.name): column.privacy
        for name in INPUTS
        for column in load_contract(name).columns
        if column.name in {"text", "description", "subject", "comment", "customer", "sender"}
    }
    people = {"customer", "sender"}
    for (_, column), privacy in marked.items():
        assert privacy is (Privacy.IDENTIFIER if column in people else Privacy.FREE_TEXT)


def test_spellings_stand_for_an_allowed_value_of_the_contract():
    channel = load_contract("contacts").column("channel")
    assert channel.synonyms["telephone"] == channel.synonyms["tel"] == "phone"
    assert set(channel.synonyms.values()) == set(channel.allowed)


def test_a_council_adds_its_own_spelling():
    own = {"channel": {"phone": ["Switchboard"]}}
    assert load_contract("contacts", own).column("channel").synonyms["switchboard"] == "phone"


def test_an_unknown_contract_is_named_with_those_there_are():
    with pytest.raises(UnknownContractError, match=r"called bins.*street_reports"):
        load_contract("bins")
