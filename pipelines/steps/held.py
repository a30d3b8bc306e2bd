"""All that the store holds on one customer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection
from sqlmodel import SQLModel

from data_contracts import INPUTS, load_contract
from insight.erasure import CASE_COLUMN, identifier_columns, nobody_named
from insight.errors import InsightError
from insight.pseudonym import pseudonymise
from models import EVENT_TABLES, ComplaintDecision, QuarantinedRow, TopicPrediction, TopicReview
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace

TOPIC_TABLES: dict[str, type[SQLModel]] = {
    "topic_predictions": TopicPrediction,
    "topic_reviews": TopicReview,
}
TABLES: dict[str, type[SQLModel]] = {
    **EVENT_TABLES,
    **TOPIC_TABLES,
    "complaint_decisions": ComplaintDecision,
    "quarantined_rows": QuarantinedRow,
}
_AT_ONCE = 500  # values in one question to the database


class NoReferenceError(InsightError):
    """No reference was given."""


@dataclass(frozen=True, slots=True)
class Held:
    """A customer's pseudonym, their rows by input or table, and the cases they are known by."""

    pseudonym: str
    rows: dict[str, pd.DataFrame]
    cases: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Rows by input or table, those without any left out."""
        return {name: len(frame) for name, frame in self.rows.items() if len(frame)}


def pseudonym_of(workspace: Workspace, reference: str) -> str:
    """Return the pseudonym that ingest makes of a customer's reference.

    Raises
    ------
    NoReferenceError
        If the reference is blank.
    """
    (pseudonym,) = pseudonymise(
        pd.Series([reference], dtype="string"), workspace.key, scope="person"
    )
    if pd.isna(pseudonym):
        message = "The customer's reference is blank. Give it as the contact centre writes it."
        raise NoReferenceError(message)
    return str(pseudonym)


def held_on(connection: Connection, workspace: Workspace, pseudonym: str) -> Held:
    """Find a customer's rows: those under their pseudonym, and those about their cases alone.

    A survey answer or a contact that names nobody but one of their cases counts as theirs. An
    enquiry brings its topics, and a row its entries in quarantine.
    """
    zone = workspace.settings.timezone
    rows: dict[str, pd.DataFrame] = {}
    for name in INPUTS:
        parts = [
            read_table(connection, EVENT_TABLES[name], where={column: pseudonym}, timezone=zone)
            for column in identifier_columns(load_contract(name))
        ]
        if parts:
            rows[name] = pd.concat(parts, ignore_index=True)
    cases = tuple(sorted(set(rows["cases"][CASE_COLUMN].dropna())))
    for name in INPUTS:
        about = _about_cases(connection, name, cases, zone)
        if about is not None:
            known = [rows[name]] if name in rows else []
            rows[name] = pd.concat([*known, about], ignore_index=True)
    events = {name: frame for name, frame in rows.items() if len(frame)}
    if "enquiries" in events:
        for name, table in TOPIC_TABLES.items():
            rows[name] = _with(connection, table, events["enquiries"], "enquiry_id", zone)
    if "complaints" in events:
        rows["complaint_decisions"] = _with(
            connection, ComplaintDecision, events["complaints"], "complaint_id", zone
        )
    rows["quarantined_rows"] = _refused(connection, list(events.values()), zone)
    return Held(pseudonym, rows, cases)


def _about_cases(
    connection: Connection, name: str, cases: Sequence[str], zone: str
) -> pd.DataFrame | None:
    contract = load_contract(name)
    if name == "cases" or CASE_COLUMN not in contract.column_names:
        return None
    parts = [
        read_table(connection, EVENT_TABLES[name], where={CASE_COLUMN: some}, timezone=zone)
        for some in _few_at_once(cases)
    ]
    if not parts:
        return None
    found = pd.concat(parts, ignore_index=True)
    return found[nobody_named(found, contract)]


def _with(
    connection: Connection, table: type[SQLModel], rows: pd.DataFrame, key: str, zone: str
) -> pd.DataFrame:
    """Return the rows of `table` with the source and key of one of `rows`."""
    parts = [
        read_table(connection, table, where={"source": source, key: some}, timezone=zone)
        for source, own in rows.groupby("source")
        for some in _few_at_once(sorted(set(own[key].dropna())))
    ]
    return pd.concat(parts, ignore_index=True)


def _refused(connection: Connection, events: list[pd.DataFrame], zone: str) -> pd.DataFrame:
    """Return what quarantine remembers of rows that got in later."""
    places = ["source", "file_hash", "row_number"]
    if not events:
        return read_table(connection, QuarantinedRow, where={"source": []}, timezone=zone)
    rows = pd.concat([frame[places] for frame in events], ignore_index=True)
    found = _with(connection, QuarantinedRow, rows, "file_hash", zone)
    return found.merge(rows.drop_duplicates(), on=places)


def _few_at_once(values: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), _AT_ONCE):
        yield list(values[start : start + _AT_ONCE])
