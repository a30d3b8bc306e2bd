import pandas as pd
import pytest

from insight.column_recipes import degrees_in


@pytest.mark.parametrize(
    "written",
    [
        "POINT (-87.63 41.88)",
        "POINT(-87.63 41.88)",
        "SRID=4326;POINT (-87.63 41.88)",
        "(41.88, -87.63)",
        "41.88,-87.63",
        "41.88 -87.63",
        "121 N LA SALLE ST\nCHICAGO, IL\n(41.88, -87.63)",
        '{"type": "Point", "coordinates": [-87.63, 41.88]}',
        "{'latitude': '41.88', 'longitude': '-87.63'}",
        '{"longitude": -87.63, "latitude": 41.88}',
    ],
)
def test_a_point_is_read_in_the_order_of_its_form(written):
    found = degrees_in(pd.Series([written], dtype="string"))
    assert found.to_numpy().tolist() == [["41.88", "-87.63"]]


def test_what_is_no_point_stays_for_the_contract_to_refuse():
    found = degrees_in(pd.Series(["by the church", pd.NA], dtype="string"))
    assert found["latitude"].tolist() == ["by the church", pd.NA]
    assert found["longitude"].isna().all()
