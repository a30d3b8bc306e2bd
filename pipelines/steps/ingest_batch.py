"""From the rows of some files of one source to the store: all in one transaction."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd
import structlog
from sqlalchemy import Connection

from insight.account import RowAccount
from insight.add_up import added_up
from insight.conform import conform
from insight.contract import Contract, Privacy
from insight.errors import InsightError
from insight.places import locate
from insight.pseudonym import pseudonymise
from insight.row_identity import row_hashes, row_keys
from insight.suggestions import Suggestion
from insight.two_values import RULE as TWO_VALUES
from insight.two_values import differing
from insight.written_periods import written_periods
from models import EVENT_TABLES, SourceFile
from pipelines.edge.geography import read_area
from pipelines.edge.store import upsert, write_events, write_transaction
from pipelines.edge.workspace import Workspace
from pipelines.steps.ingest_accounts import Batch, accounts_of, rows_by_file
from pipelines.steps.ingest_reading import Reading, Way, together
from pipelines.steps.ingest_records import provenance, quarantined
from pipelines.steps.quarantine_advice import how_read, suggest_for_file
from pipelines.steps.quarantine_trace import close_replaced, keep_quarantine
from pipelines.steps.retention import within_retention
from pipelines.steps.rights import without_erased

log = structlog.get_logger()

MOST_SAID = 2
"""Suggestions in a refusal's own sentence; the others stand in the quarantine's list."""


class FileRefusedError(InsightError):
    """A file breaks its contract in more rows than allowed; nothing of it was stored."""

    def __init__(self, message: str, suggestions: Sequence[Suggestion] = ()) -> None:
        super().__init__(message)
        self.suggestions = tuple(suggestions)


def store_batch(
    workspace: Workspace, way: Way, readings: list[Reading]
) -> list[RowAccount | FileRefusedError]:
    """Hold files to their contract and store their rows, as if one file came after the other.

    Parameters
    ----------
    workspace
        Where to store them.
    way
        How they were read.
    readings
        The files, in the order in which they count: later ones correct earlier ones.

    Returns
    -------
    list of RowAccount or FileRefusedError
        One for each file. Nothing is stored of a file that breaks its contract in too many rows.
    """
    batch = _check(workspace, way, readings)
    refusals = {
        number: error
        for number, reading in enumerate(readings)
        if (error := _refusal(workspace, way, batch, number)) is not None
    }
    told = [number for number in range(len(readings)) if number not in refusals]
    kept = _without(batch, set(refusals))
    rows = _private(workspace, kept.rows, way.contract)
    rows = _identified(rows, kept, way, workspace)
    with write_transaction(workspace.engine) as connection:
        before = rows_by_file(kept, rows)
        rows = without_erased(connection, workspace, way.contract, rows)
        rows = within_retention(connection, workspace, way.contract, rows)
        gone = before - rows_by_file(kept, rows)
        changes = write_events(connection, EVENT_TABLES[way.contract.name], way.source.name, rows)
        accounts = dict(zip(told, accounts_of(kept, rows, changes, way, told, gone), strict=True))
        _remember(connection, workspace, way, kept, rows, accounts)
    for account in accounts.values():
        log.info("file ingested", **asdict(account))
    outcomes: dict[int, RowAccount | FileRefusedError] = {**refusals, **accounts}
    return [outcomes[number] for number in range(len(readings))]


def _remember(
    connection: Connection,
    workspace: Workspace,
    way: Way,
    batch: Batch,
    rows: pd.DataFrame,
    accounts: dict[int, RowAccount],
) -> None:
    """Store where the rows came from and what was refused of each file."""
    if not accounts:
        return
    hashes = np.array([reading.sha256 for reading in batch.readings], dtype=object)
    of_failures = hashes[batch.file_of[batch.failures["row"]]]
    refused = quarantined(workspace, batch.failures, batch.mapped, of_failures, way)
    keep_quarantine(
        connection,
        workspace,
        refused,
        source=way.source.name,
        file_hashes=[batch.readings[number].sha256 for number in accounts],
        rows_of=hashes[batch.file_of],
        row_numbers=batch.mapped.row_numbers,
    )
    origin = provenance(workspace, way, batch.readings, accounts, rows)
    close_replaced(connection, workspace, way.source.name, origin)
    upsert(connection, SourceFile, origin)


def _check(workspace: Workspace, way: Way, readings: list[Reading]) -> Batch:
    """Hold the rows to the contract and, for street reports, find their places."""
    mapped, mapping, settings = together(readings), readings[0].mapping, workspace.settings
    frame = mapped.frame
    if way.contract.name == "kpi_returns" and "period" in frame:
        frame = frame.assign(period=written_periods(frame["period"], quarters=mapping.quarters))
    conformed = conform(
        frame,
        way.contract,
        today=workspace.today,
        dates=mapping.dates,
        timezone=mapping.timezone or settings.timezone,
        where=readings[0].name,
    )
    rows, failures = conformed.rows, conformed.failures
    if "service" in rows:
        rows = rows.assign(service=_service_codes(rows["service"], workspace))
    if way.contract.name == "street_reports" and len(rows):
        crs = mapping.crs or settings.crs
        area = read_area(Path(mapping.area)) if mapping.area else None
        ours = crs == settings.crs
        wards = workspace.wards if ours else None
        rows, misplaced = locate(
            rows,
            crs=crs,
            area=area if area is not None else wards,
            wards=wards,
            postcodes=workspace.postcodes if ours else None,
            streets=workspace.streets if ours else None,
        )
        failures = pd.concat([failures, misplaced], ignore_index=True)
    failures = failures.astype({"row": "int64"})
    lengths = [len(reading.mapped.frame) for reading in readings]
    file_of = np.repeat(np.arange(len(readings)), lengths)
    stands_for = pd.Series(1, index=rows.index)
    if mapping.add_up:
        rows, stands_for = added_up(rows, way.contract.key, file_of[rows.index])
    elif way.contract.name == "kpi_returns":
        twice = differing(rows, file_of[rows.index]).astype({"row": "int64"})
        failures = pd.concat([failures, twice], ignore_index=True)
        rows = rows.drop(index=pd.Index(twice["row"]))
        stands_for = stands_for.loc[rows.index]
    return Batch(readings, mapped, file_of, rows, failures, stands_for)


def _service_codes(services: pd.Series, workspace: Workspace) -> pd.Series:
    """Return the services' codes where a file gives their names."""
    known = {service.name.casefold(): service.code for service in workspace.settings.services}
    known |= {service.code: service.code for service in workspace.settings.services}
    return services.str.casefold().map(known).astype("string").fillna(services)


def refusal(workspace: Workspace, way: Way, reading: Reading) -> FileRefusedError | None:
    """Return why a file would be refused whole, or nothing; the store is not touched."""
    return _refusal(workspace, way, _check(workspace, way, [reading]), 0)


def _refusal(workspace: Workspace, way: Way, batch: Batch, number: int) -> FileRefusedError | None:
    """Return why a file is refused whole, or nothing."""
    reading, contract = batch.readings[number], way.contract
    failures = batch.failures.loc[batch.file_of[batch.failures["row"]] == number]
    # Two values for one period say nothing against the other rows.
    failures = failures.loc[failures["rule"].ne(TWO_VALUES)]
    wrong, rows = failures["row"].nunique(), len(reading.mapped.frame)
    if wrong <= contract.max_error_share * rows:
        return None
    broken = failures.groupby(["column", "rule"], sort=True)["row"]
    counts = broken.nunique().sort_values(ascending=False, kind="stable")
    column, rule = counts.index[0]
    first = int(batch.mapped.row_numbers.loc[broken.min()[(column, rule)]])
    ours = batch.rows.loc[batch.file_of[batch.rows.index] == number]
    # Alone, so that a file is told the same beside others and by itself.
    frame = batch.mapped.frame
    frame = frame.loc[batch.file_of[frame.index] == number]
    how = how_read(workspace, way.source, contract, reading.mapping, way.mapping_file)
    to_do = suggest_for_file(workspace, how, failures, frame, ours)
    said = " ".join(suggestion.sentence for suggestion in to_do[:MOST_SAID])
    if len(to_do) > MOST_SAID:
        said += " `insight quarantine list` says the rest."
    return FileRefusedError(
        f"{reading.name} was refused: {wrong} of {rows} rows break the {contract.name} "
        f"contract, and it allows {contract.max_error_share:.0%}. Most often, {column}: {rule} "
        f"({counts.iloc[0]} times, first in row {first}). {said} Then ingest the file "
        "again; nothing was stored.",
        to_do,
    )


def _without(batch: Batch, refused: set[int]) -> Batch:
    if not refused:
        return batch
    out = np.isin(batch.file_of, list(refused))
    return replace(
        batch,
        rows=batch.rows.loc[~out[batch.rows.index]],
        failures=batch.failures.loc[~out[batch.failures["row"]]].reset_index(drop=True),
    )


def _private(workspace: Workspace, rows: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Redact what residents wrote and replace who they are, before anything is stored."""
    changed = {}
    for column in contract.columns:
        if column.privacy is Privacy.FREE_TEXT and rows[column.name].notna().any():
            changed[column.name] = workspace.redact(rows[column.name])
        elif column.privacy is Privacy.IDENTIFIER:
            changed[column.name] = pseudonymise(rows[column.name], workspace.key, scope="person")
    return rows.assign(**changed)


def _identified(rows: pd.DataFrame, batch: Batch, way: Way, workspace: Workspace) -> pd.DataFrame:
    """Add each row's key, a hash of its contents, and where it came from."""
    hashes = pd.array([reading.sha256 for reading in batch.readings], dtype="string")
    number = batch.file_of[rows.index]
    return rows.assign(
        source=way.source.name,
        row_key=row_keys(rows, way.contract.key),
        row_hash=row_hashes(rows.drop(columns=list(way.contract.key))),
        file_hash=hashes.take(number),
        row_number=batch.mapped.row_numbers.loc[rows.index],
        run_id=workspace.run_id,
        file=number,
    )
