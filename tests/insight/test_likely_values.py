import pytest

from data_contracts import load_contract
from insight.likely_values import likely_value


def spellings(contract, column):
    return load_contract(contract).column(column).synonyms


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Telephone line", "phone"),
        ("Telehpone", "phone"),
        ("E-mails", "email"),
        ("Emial", "email"),
        ("On-line form", "web"),
        ("Walk-in centre", "face to face"),
        ("Face  to  face", "face to face"),
        ("Live chat (bot)", "chat"),
        ("Letter post", "post"),
    ],
)
def test_a_channel_spelt_otherwise_is_known(written, value):
    assert likely_value(written, spellings("contacts", "channel")) == value


@pytest.mark.parametrize(
    "written",
    ["Pigeon", "", "???", "x-ray", "Phone or e-mail", "Text", "Not by phone", "Whatsit 2"],
)
def test_a_channel_that_may_be_anything_is_not_guessed(written):
    assert likely_value(written, spellings("contacts", "channel")) is None


@pytest.mark.parametrize("written", ["Stage 4", "Stage 12", "Stage 1 and 2"])
def test_a_number_is_never_taken_for_another(written):
    assert likely_value(written, spellings("complaints", "stage")) is None


def test_a_scale_of_other_points_is_not_guessed():
    known = spellings("surveys", "scale")
    assert likely_value("Satisfaction (7)", known) is None
    assert likely_value("Satisfaction (5)", known) == "satisfaction-5"


@pytest.mark.parametrize("written", ["Unupheld", "Not fully upheld", "Upheld: no"])
def test_a_decision_is_never_turned_round(written):
    assert likely_value(written, spellings("complaints", "outcome")) in {None, "not upheld"}
    assert likely_value("Upheld by panel", spellings("complaints", "outcome")) == "upheld"
