from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models import StreetReport
from pipelines.edge.store import (
    UpsertCount,
    read_table,
    upsert,
)

LONDON = ZoneInfo("Europe/London")
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
instants = st.one_of(
    st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(
        [
            datetime(2026, 3, 29, 0, 59, 59, 999_999, UTC),  # the clock goes forward
            datetime(2026, 3, 29, 1, tzinfo=UTC),
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # 01:30, for the first time
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # 01:30, for the second
        ]
    ),
)
wholes = st.integers(-(2**63), 2**63 - 1)
numbers = st.floats(allow_nan=False)
event = st.fixed_dictionaries(
    {
        "row_key": texts,
        "row_number": wholes,
        "description": st.none() | texts,
        "easting": st.none() | numbers,
        "reported_at": st.none() | instants,
    }
)
NASTY = [
    {"row_key": "", "row_number": 2**63 - 1, "description": 'It\'s "so"\r\n,;\t\\N \\.',
     "easting": 5e-324, "reported_at": datetime(2026, 10, 25, 1, 30, tzinfo=UTC)},
    {"row_key": "🗑️👩‍👩‍👧", "row_number": -(2**63), "description": "",
     "easting": 1.7976931348623157e308, "reported_at": None},
    {"row_key": "\\N", "row_number": 0, "description": None,
     "easting": 0.1 + 0.2, "reported_at": datetime(2026, 10, 25, 0, 30, tzinfo=UTC)},
    {"row_key": "=1+1", "row_number": 1, "description": "\\.\n\\N\nNULL",
     "easting": float("-inf"), "reported_at": datetime(2026, 3, 29, 1, tzinfo=UTC)},
]  # fmt: skip


@example(NASTY)
@given(st.lists(event, min_size=1, max_size=6, unique_by=lambda row: row["row_key"]))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_goes_in_comes_out(store, rows):
    rows = sorted(rows, key=lambda row: row["row_key"])
    frame = pd.DataFrame({
        "source": "streets",
        "row_key": pd.array([row["row_key"] for row in rows], dtype="string"),
        "row_hash": "h",
        "file_hash": "f",
        "row_number": pd.array([row["row_number"] for row in rows], dtype="Int64"),
        "run_id": "r",
        "description": pd.array([row["description"] for row in rows], dtype="string"),
        "easting": np.array([row["easting"] for row in rows], dtype="float64"),
        "reported_at": pd.to_datetime(
            pd.Series([row["reported_at"] for row in rows]), utc=True
        ).dt.as_unit("us").dt.tz_convert("Europe/London"),
    })  # fmt: skip
    expected = frame.astype({"source": "string", "row_hash": "string", "file_hash": "string"})
    expected = expected.astype({"run_id": "string"})
    with store.connect() as connection, connection.begin() as transaction:
        assert upsert(connection, StreetReport, frame) == UpsertCount(len(rows), 0, 0)
        assert upsert(connection, StreetReport, frame) == UpsertCount(0, 0, len(rows))
        read_back = read_table(
            connection, StreetReport, columns=list(frame.columns), timezone="Europe/London"
        )
        transaction.rollback()
    pd.testing.assert_frame_equal(read_back, expected)
    assert read_back["easting"].tolist() == pytest.approx(
        frame["easting"].tolist(), rel=0, abs=0, nan_ok=True
    )
