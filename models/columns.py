"""Kinds of column that plain types can't tell apart: UTC times, wide whole numbers, run details."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field

RUN_DETAIL = "run_detail"

# SQLite keeps times as text; one width, so that text order is time order.
ISO_UTC = "%(year)04d-%(month)02d-%(day)02dT%(hour)02d:%(minute)02d:%(second)02d.%(microsecond)06dZ"


class UtcTime(TypeDecorator[datetime]):
    """An instant, kept in UTC and given back aware on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the database's own type: SQLite has no zones, so its text says Z."""
        if dialect.name == "sqlite":
            text_time = sqlite.DATETIME(storage_format=ISO_UTC)  # type: ignore[no-untyped-call]
            return dialect.type_descriptor(text_time)
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into UTC; a time without a zone names no instant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time for the store needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC."""
        return None if value is None else value.astimezone(UTC)


def moment(description: str, *, index: bool = False) -> Any:  # noqa: ANN401 - as SQLModel's Field
    """Return a column for an instant, empty unless given."""
    return Field(default=None, sa_type=UtcTime, index=index, description=description)


def whole(description: str) -> Any:  # noqa: ANN401
    """Return a column for a whole number of up to 64 bits, empty unless given."""
    return Field(default=None, sa_type=BigInteger, description=description)


def run_detail(description: str, **options: Any) -> Any:  # noqa: ANN401
    """Return a column that says which run wrote a row, or when; it is no part of the contents.

    A row that differs only here is the same row: it isn't written again, and the digest of the
    store leaves it out.
    """
    return Field(description=description, sa_column_kwargs={"info": {RUN_DETAIL: True}}, **options)
