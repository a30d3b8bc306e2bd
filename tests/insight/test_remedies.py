from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data_contracts import INPUTS, load_contract
from insight.conform import conform
from insight.remedies import remedy

OTHERWISE = remedy("something nobody has thought of")


@pytest.mark.parametrize("name", INPUTS)
def test_every_rule_that_a_contract_can_break_has_its_own_remedy(name):
    contract = load_contract(name)
    filled = {column.name: ["?" * 60_000, "-99999999", "2062-01-01"] for column in contract.columns}
    blank = {column.name: [pd.NA] for column in contract.columns}
    for rows in (filled, blank):
        frame = pd.DataFrame(rows, dtype="string")
        failures = conform(frame, contract, today=date(2026, 11, 23)).failures
        assert [rule for rule in failures["rule"].unique() if remedy(rule) == OTHERWISE] == []


def test_every_rule_about_places_has_its_own_remedy():
    import insight.place_lookups
    import insight.places

    modules = (insight.places, insight.place_lookups)
    source = "".join(Path(module.__file__).read_text(encoding="utf-8") for module in modules)
    rules = [
        "missing place",
        "not a coordinate",
        "latitude and longitude swapped",
        "easting and northing swapped",
        "outside the area",
        "unknown postcode",
        "unknown ward",
    ]
    for rule in rules:
        assert rule in source
        assert remedy(rule) != OTHERWISE
