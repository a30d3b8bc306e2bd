"""Parquet and JSON lines as text: digits as written, times as ISO, nothing guessed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.edge.files import ReadError, read_rows
from pipelines.edge.raw_table import (
    DamagedFileError,
    EmptyFileError,
    FileTooLargeError,
)


@pytest.fixture
def read(tmp_path):
    def read_content(content, name="rows.jsonl", **options):
        path = tmp_path / name
        path.write_bytes(content)
        return read_rows(path, **options)

    return read_content


def rows(table):
    return table.frame.to_numpy(dtype=object, na_value=None).tolist()


def parquet(**columns):
    content = BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


def test_parquet_values_become_text_without_false_digits(read):
    noon = datetime(2026, 7, 4, 12, 30, tzinfo=UTC)
    table = read(
        parquet(
            text=pa.array(["007", "", None]),
            count=pa.array([1, 2, None], pa.int32()),
            gap=pa.array([1.0, 2.5, None]),
            wide=pa.array([123456789012.0, float("nan"), 1e20]),
            half=pa.array([1.0, 0.5, -3.0], pa.float32()),
            day=pa.array([date(2026, 3, 4)] * 3),
            local=pa.array([noon.replace(tzinfo=None)] * 3, pa.timestamp("ns")),
            zoned=pa.array([noon] * 3, pa.timestamp("us", tz="UTC")),
            flag=pa.array([True, False, None]),
            sum=pa.array([Decimal("1.50")] * 3),
            kind=pa.array(["a", "b", None]).dictionary_encode(),
            nested=pa.array([[1, 2], [], None]),
            nothing=pa.nulls(3),
        ),
        name="rows.parquet",
    )
    assert {name: table.frame[name].to_list() for name in table.frame} == {
        "text": ["007", pd.NA, pd.NA],
        "count": ["1", "2", pd.NA],
        "gap": ["1", "2.5", pd.NA],
        "wide": ["123456789012", pd.NA, "1e+20"],
        "half": ["1", "0.5", "-3"],
        "day": ["2026-03-04"] * 3,
        "local": ["2026-07-04 12:30:00"] * 3,
        "zoned": ["2026-07-04 12:30:00Z"] * 3,
        "flag": ["true", "false", pd.NA],
        "sum": ["1.50"] * 3,
        "kind": ["a", "b", pd.NA],
        "nested": ["[1, 2]", "[]", pd.NA],
        "nothing": [pd.NA] * 3,
    }
    assert table.row_numbers.tolist() == [1, 2, 3]
    assert all(dtype == "string" for dtype in table.frame.dtypes)


def test_a_frame_that_pandas_wrote_comes_back(read):
    content = BytesIO()
    pd.DataFrame({"id": ["1", "2"], "n": [1, None]}, index=[7, 8]).to_parquet(content)
    table = read(content.getvalue(), name="rows.parquet")
    assert table.frame["n"].tolist() == ["1", pd.NA]


def test_damaged_parquet_is_refused(read):
    whole = parquet(a=pa.array(["x"] * 100))
    for broken in (whole[:-10], whole[:40] + bytes(60) + whole[100:], b"PAR1", b"PAR1" + bytes(40)):
        with pytest.raises(DamagedFileError, match="damaged Parquet file"):
            read(broken, name="rows.parquet")


def test_parquet_that_unpacks_to_too_much_is_refused(read):
    content = parquet(a=pa.array([f"{n:0100}" for n in range(20_000)]))
    assert len(content) < 1_000_000
    with pytest.raises(FileTooLargeError, match="unpacks to more than is allowed"):
        read(content, name="rows.parquet", max_bytes=1_000_000)


def test_parquet_without_columns_is_refused(read):
    with pytest.raises(EmptyFileError, match="has no columns"):
        read(parquet(), name="rows.parquet")


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.binary(max_size=200).map(lambda data: b"PAR1" + data + b"PAR1"))
def test_any_beginning_of_a_record_file_gives_a_table_or_a_reason(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes(content)
    try:
        table = read_rows(path)
    except ReadError as error:
        table = str(error)
    assert isinstance(table, str) or len(table.frame) == len(table.row_numbers)
