"""Apply a contract to a table of text: typed rows that keep it, and what the others broke."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pandera.pandas as pa

from insight.contract import Column, Contract, Kind
from insight.errors import MissingColumnsError
from insight.parsing import is_missing, parse_booleans, parse_dates, parse_numbers, parse_times

FAILURE_COLUMNS = ("row", "column", "rule")


@dataclass(frozen=True, slots=True)
class Conformed:
    """What became of a table.

    `rows` keep the contract: its columns, typed, with their index in the table given.
    `failures` has one row per broken rule: ``row`` (index), ``column``, ``rule``.
    """

    rows: pd.DataFrame
    failures: pd.DataFrame


def conform(
    frame: pd.DataFrame,
    contract: Contract,
    *,
    today: date,
    dates: str = "day-first",
    timezone: str = "Europe/London",
    where: str = "the file",
) -> Conformed:
    """Type every column of `frame` and set aside each row that breaks `contract`.

    Parameters
    ----------
    frame
        Text (``string``) under the contract's column names, uniquely indexed. Columns that
        the contract does not have are dropped; optional ones may be absent.
    contract
        The promise to hold it to.
    today
        Nothing that has happened may be dated after the day after it.
    dates
        How dates are written: ``day-first``, ``month-first``, ``iso`` or a strptime format.
    timezone
        Of times that carry none, as an IANA name.
    where
        The file's name, for messages.

    Returns
    -------
    Conformed
        Text as ``string``, counts as ``Int64``, numbers as ``Float64``, times as UTC
        ``datetime64``, dates as naive ``datetime64`` at midnight.

    Raises
    ------
    MissingColumnsError
        If a required column is absent.
    """
    needed = {column.name for column in contract.columns if column.required}
    if missing := needed - set(frame.columns):
        raise MissingColumnsError(missing, where)
    text = frame.reindex(columns=list(contract.column_names)).astype("string")
    typed: dict[str, pd.Series] = {}
    failures: list[pd.DataFrame] = []
    for column in contract.columns:
        given = text[column.name].str.strip()
        given = given.mask(given.eq(""))
        values = _typed(given, column, dates, timezone)
        unreadable = values.isna() & given.notna()
        if column.kind is not Kind.STRING and unreadable.any():
            said_nothing = is_missing(given[unreadable])  # "n/a" says that there is none
            unreadable &= ~said_nothing.reindex(given.index, fill_value=False)
        failures.append(_failed(unreadable, column.name, _UNREADABLE[column.kind]))
        typed[column.name] = values
    table = pd.DataFrame(typed, index=frame.index)
    failures.append(_schema_failures(table, contract, today))
    failures.extend(_row_rules(table, contract, timezone))
    broken = pd.concat(failures, ignore_index=True)
    # A value that could not be read is blank by now; "required" would be said of it twice.
    broken = broken.drop_duplicates(["row", "column"], keep="first").reset_index(drop=True)
    return Conformed(table.loc[~table.index.isin(broken["row"])], broken)


_PLAIN_DIGITS = r"[0-9]{1,15}"
_UNREADABLE = {
    Kind.STRING: "is not text",
    Kind.INTEGER: "is not a whole number",
    Kind.NUMBER: "is not a number",
    Kind.BOOLEAN: "is not yes or no",
    Kind.DATE: "is not a date in the form the mapping says",
    Kind.TIMESTAMP: "is not a date and time in the form the mapping says",
}


def _typed(text: pd.Series, column: Column, dates: str, timezone: str) -> pd.Series:
    if column.kind is Kind.STRING:
        if not column.allowed:
            return text
        codes, spellings = pd.factorize(text)
        said = pd.Series(spellings, dtype="string")
        plain = said.str.casefold().str.strip(" .")
        meant = plain.map(column.synonyms).astype("string").fillna(said)
        return pd.Series(meant.array.take(codes, allow_fill=True), index=text.index)
    parsers: dict[Kind, Callable[[pd.Series], pd.Series]] = {
        Kind.INTEGER: lambda values: _whole_numbers(values, column),
        Kind.NUMBER: lambda values: _numbers(values, column).astype("Float64"),
        Kind.BOOLEAN: parse_booleans,
        Kind.DATE: lambda values: parse_dates(values, style=dates),
        Kind.TIMESTAMP: lambda values: parse_times(values, style=dates, timezone=timezone),
    }
    return parsers[column.kind](text)


def _numbers(text: pd.Series, column: Column) -> pd.Series:
    """Return numbers; telephone systems write seconds as ``00:02:35`` too."""
    if "seconds" not in column.name:
        return parse_numbers(text)
    clock = text.str.extract(r"^(\d{1,3}):([0-5]\d):([0-5]\d(?:\.\d+)?)$").astype("Float64")
    return (clock[0] * 3600 + clock[1] * 60 + clock[2]).fillna(parse_numbers(text))


def _whole_numbers(text: pd.Series, column: Column) -> pd.Series:
    if text.str.fullmatch(_PLAIN_DIGITS).fillna(value=True).all():
        return text.astype("Int64")
    numbers = _numbers(text, column).astype("Float64")
    whole = numbers.where(numbers.mod(1).eq(0).fillna(value=False))
    return whole.astype("Int64")


def _schema_failures(table: pd.DataFrame, contract: Contract, today: date) -> pd.DataFrame:
    schema = pa.DataFrameSchema(
        {column.name: _pandera_column(column, today) for column in contract.columns}
    )
    try:
        schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        rule = cases["check"].replace({"not_nullable": "must not be blank"})
        return pd.DataFrame(
            {"row": cases["index"].to_numpy(), "column": cases["column"], "rule": rule}
        )
    return pd.DataFrame(columns=list(FAILURE_COLUMNS))


def _pandera_column(column: Column, today: date) -> pa.Column:
    checks: list[pa.Check] = []
    if column.allowed:
        rule = f"must be one of {', '.join(column.allowed)}"
        checks.append(pa.Check.isin(column.allowed, error=rule))
    low, high = _limits(column)
    if low is not None:
        checks.append(pa.Check.ge(low, error=f"must not be below {column.minimum}"))
    if high is not None:
        checks.append(pa.Check.le(high, error=f"must not be above {column.maximum}"))
    if column.not_after_today:
        latest = _moment(today + timedelta(days=2), column.kind)
        checks.append(pa.Check.lt(latest, error="is in the future"))
    if column.max_length is not None:
        rule = f"must not be longer than {column.max_length} characters"
        checks.append(pa.Check.str_length(max_value=column.max_length, error=rule))
    if column.pattern is not None:
        checks.append(pa.Check.str_matches(column.pattern, error="is not in the form asked for"))
    return pa.Column(None, checks, nullable=not column.required, required=True)


def _limits(column: Column) -> tuple[object | None, object | None]:
    if column.kind not in {Kind.DATE, Kind.TIMESTAMP}:
        return column.minimum, column.maximum
    low, high = (
        None if limit is None else _moment(date.fromisoformat(str(limit)), column.kind)
        for limit in (column.minimum, column.maximum)
    )
    return low, high


def _moment(day: date, kind: Kind) -> pd.Timestamp:
    return pd.Timestamp(day, tz="UTC" if kind is Kind.TIMESTAMP else None)


def _row_rules(table: pd.DataFrame, contract: Contract, timezone: str) -> list[pd.DataFrame]:
    failures = []
    if contract.one_of:
        complete = [table[list(group)].notna().all(axis="columns") for group in contract.one_of]
        neither = pd.Series(~np.logical_or.reduce(complete), index=table.index)
        names = " or ".join(" and ".join(group) for group in contract.one_of)
        failures.append(_failed(neither, contract.one_of[0][0], f"needs {names}"))
    for later, earlier in contract.not_before:
        first, second = (_local(table[name], timezone) for name in (earlier, later))
        # Many exports give the later one as a day alone, and its day in another zone's clock.
        day_alone = second.eq(second.dt.floor("D"))
        latest = second + pd.to_timedelta(day_alone.astype("int64"), unit="D")
        behind = latest.dt.floor("D") < first.dt.floor("D")
        failures.append(_failed(behind, later, f"is before {earlier}"))
    return failures


def _local(times: pd.Series, timezone: str) -> pd.Series:
    local: pd.Series = times.dt.tz_convert(timezone).dt.tz_localize(None)
    return local


def _failed(mask: pd.Series, column: str, rule: str) -> pd.DataFrame:
    rows = mask.index[mask.fillna(value=False).to_numpy(dtype=bool)]
    return pd.DataFrame({"row": rows, "column": column, "rule": rule})
