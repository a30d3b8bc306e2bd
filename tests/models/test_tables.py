from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import BigInteger, Boolean, Date, Float
from sqlalchemy.dialects import sqlite
from sqlmodel import AutoString, SQLModel

import models
from data_contracts import INPUTS, load_contract
from insight.contract import Kind
from models import EVENT_TABLES, RUN_DETAIL, UtcTime

TABLES = sorted(SQLModel.metadata.tables)
TYPES = {
    Kind.STRING: AutoString,
    Kind.INTEGER: BigInteger,
    Kind.NUMBER: Float,
    Kind.BOOLEAN: Boolean,
    Kind.DATE: Date,
    Kind.TIMESTAMP: UtcTime,
}


def table(name):
    return SQLModel.metadata.tables[name]


def test_every_input_contract_has_a_table():
    assert set(EVENT_TABLES) == set(INPUTS)


@pytest.mark.parametrize("contract", sorted(EVENT_TABLES))
def test_a_table_keeps_every_column_of_its_contract_in_its_type_and_may_lack_any(contract):
    columns = EVENT_TABLES[contract].__table__.columns
    for column in load_contract(contract).columns:
        kept = columns[column.name]
        assert isinstance(kept.type, TYPES[column.kind]), column.name
        assert kept.nullable, column.name


@pytest.mark.parametrize("contract", sorted(EVENT_TABLES))
def test_an_event_is_known_by_source_and_key_and_says_which_run_wrote_it(contract):
    columns = EVENT_TABLES[contract].__table__
    assert [column.name for column in columns.primary_key] == ["source", "row_key"]
    assert columns.c.run_id.info[RUN_DETAIL]


@pytest.mark.parametrize("contract", sorted(EVENT_TABLES))
def test_an_event_is_found_by_its_time(contract):
    column = load_contract(contract).event_time
    name = "measure" if contract == "kpi_returns" else column
    assert EVENT_TABLES[contract].__table__.c[name].index


@pytest.mark.parametrize("name", TABLES)
def test_no_key_is_counted_up(name):
    keys = table(name).primary_key
    assert len(keys) > 0
    assert not any(isinstance(key.type, BigInteger) for key in list(keys)[:1])


@pytest.mark.parametrize("name", models.__all__)
def test_every_column_is_described_in_words(name):
    model = getattr(models, name)
    if isinstance(model, type) and issubclass(model, SQLModel):
        assert [n for n, field in model.model_fields.items() if not field.description] == []


def test_whole_numbers_are_wide_on_every_database():
    narrow = [
        f"{name}.{column.name}"
        for name in TABLES
        for column in table(name).columns
        if column.type.__class__.__name__ == "Integer"
    ]
    assert narrow == []


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        UtcTime().process_bind_param(datetime(2026, 10, 1, 9), sqlite.dialect())  # noqa: DTZ001


def test_a_time_is_kept_in_utc_whatever_its_zone():
    summer = datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=1)))
    kept = UtcTime().process_bind_param(summer, sqlite.dialect())
    assert kept == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert UtcTime().process_result_value(kept, sqlite.dialect()).utcoffset() == timedelta(0)
    assert UtcTime().process_bind_param(None, sqlite.dialect()) is None
    assert UtcTime().process_result_value(None, sqlite.dialect()) is None


def test_a_row_may_be_checked_before_it_enters():
    day = models.ContactCount.model_validate(
        {
            "source": "telephony",
            "row_key": "2026-10-01|phone|",
            "row_hash": "a",
            "file_hash": "b",
            "row_number": 2,
            "run_id": "r",
            "date": "2026-10-01",
        }
    )
    assert day.date == date(2026, 10, 1)
