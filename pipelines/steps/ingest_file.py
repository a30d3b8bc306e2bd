"""From one file to rows in the store, with every row accounted for."""

from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
import structlog
from sqlmodel import col, select

from data_contracts import load_contract
from insight.account import RowAccount
from insight.conform import conform
from insight.contract import Contract, Privacy
from insight.errors import InsightError
from insight.mapping import Mapped, Mapping, apply_mapping, identity_mapping
from insight.places import locate
from insight.pseudonym import pseudonymise
from insight.remedies import remedy
from models import EVENT_TABLES, QuarantinedRow, SourceFile
from pipelines.edge.files import load_file, rows_in
from pipelines.edge.geography import read_area
from pipelines.edge.mappings import read_mapping, reading_hash
from pipelines.edge.store import replace_period, upsert, write_transaction
from pipelines.edge.workspace import Workspace
from pipelines.settings_sections import Source
from pipelines.steps.ingest_records import provenance, quarantined

log = structlog.get_logger()


class FileRefusedError(InsightError):
    """A file breaks its contract in more rows than allowed; nothing of it was stored."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """A file's rows after the contract: those to store, and what the others broke."""

    rows: pd.DataFrame
    failures: pd.DataFrame


def ingest_file(
    workspace: Workspace, path: Path, source: Source, mapping: Mapping | None = None
) -> RowAccount:
    """Read one file, hold it to its contract, and store its rows in one transaction.

    Parameters
    ----------
    workspace
        Where to store it.
    path
        The file.
    source
        What kind of file it is.
    mapping
        How its columns meet the contract; the source's own when absent.

    Returns
    -------
    RowAccount
        ``status`` is ``seen before`` when this file was ingested under the same contract and
        mapping; then all its rows count as duplicates.

    Raises
    ------
    InsightError
        If the file cannot be read, lacks a column, or breaks its contract in too many rows.
        The store is then as it was.
    """
    if mapping is None and source.mapping is not None:
        mapping = read_mapping(workspace.root / source.mapping)
    contract = load_contract(
        mapping.contract if mapping else source.contract, workspace.settings.synonyms
    )
    # A file that is known need not be read again.
    loaded = load_file(path)
    under = reading_hash(mapping, workspace.settings.synonyms)
    seen = _seen_before(workspace, source.name, loaded.sha256, contract, under)
    if seen is not None:
        return seen
    raw = rows_in(loaded, sheet=source.sheet)
    if mapping is None:
        mapping = identity_mapping(contract.name, contract.column_names, list(raw.frame.columns))
    mapped = apply_mapping(
        raw.frame,
        mapping,
        row_numbers=raw.row_numbers,
        allowed_columns=contract.column_names,
        where=path.name,
    )
    checked = _check(workspace, mapped, contract, mapping, path.name)
    _refuse_if_too_wrong(checked, mapped, contract, path.name)
    rows = _private(workspace, checked.rows, contract)
    keyed = _keyed(rows, contract, workspace, source.name, raw.sha256, mapped.row_numbers)
    kept = keyed.drop_duplicates("row_key", keep="last")
    quarantine = quarantined(workspace, checked.failures, mapped, contract, source, raw.sha256)
    with write_transaction(workspace.engine) as connection:
        stored = upsert(connection, EVENT_TABLES[contract.name], kept)
        account = RowAccount(
            source=source.name,
            file=path.name,
            contract=contract.name,
            rows_read=mapped.rows_read,
            accepted=stored.inserted + stored.updated,
            quarantined=checked.failures["row"].nunique(),
            duplicates=len(keyed) - len(kept) + stored.unchanged,
            filtered=mapped.filtered,
            corrections=stored.updated,
            notes=raw.notes,
        )
        same_file = {"source": source.name, "file_hash": raw.sha256}
        replace_period(connection, QuarantinedRow, quarantine, where=same_file)
        origin = provenance(workspace, account, contract, under, rows, raw.sha256)
        upsert(connection, SourceFile, origin)
    log.info("file ingested", **asdict(account))
    return account


def _seen_before(
    workspace: Workspace, source: str, sha256: str, contract: Contract, mapping: str
) -> RowAccount | None:
    query = select(SourceFile).where(
        col(SourceFile.source) == source,
        col(SourceFile.file_hash) == sha256,
        col(SourceFile.contract_version) == contract.version,
        col(SourceFile.mapping_hash) == mapping,
    )
    with workspace.engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        return None
    read = int(row["rows_read"])
    return RowAccount(source, row["name"], contract.name, read, 0, 0, read, 0, status="seen before")


def _check(
    workspace: Workspace, mapped: Mapped, contract: Contract, mapping: Mapping, file: str
) -> _Checked:
    """Hold the rows to the contract and, for street reports, find their places."""
    settings = workspace.settings
    conformed = conform(
        mapped.frame,
        contract,
        today=workspace.today,
        dates=mapping.dates,
        timezone=mapping.timezone or settings.timezone,
        where=file,
    )
    rows, failures = conformed.rows, conformed.failures
    if "service" in rows:
        rows = rows.assign(service=_service_codes(rows["service"], workspace))
    if contract.name == "street_reports" and len(rows):
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
        )
        failures = pd.concat([failures, misplaced], ignore_index=True)
    return _Checked(rows, failures)


def _service_codes(services: pd.Series, workspace: Workspace) -> pd.Series:
    """Return the services' codes where a file gives their names."""
    known = {service.name.casefold(): service.code for service in workspace.settings.services}
    known |= {service.code: service.code for service in workspace.settings.services}
    return services.str.casefold().map(known).astype("string").fillna(services)


def _refuse_if_too_wrong(checked: _Checked, mapped: Mapped, contract: Contract, file: str) -> None:
    wrong = checked.failures["row"].nunique()
    if wrong <= contract.max_error_share * len(mapped.frame):
        return
    broken = checked.failures.groupby(["column", "rule"], sort=True)["row"]
    counts = broken.nunique().sort_values(ascending=False, kind="stable")
    column, rule = counts.index[0]
    first = int(mapped.row_numbers.loc[broken.min()[(column, rule)]])
    message = (
        f"{file} was refused: {wrong} of {len(mapped.frame)} rows break the {contract.name} "
        f"contract, and it allows {contract.max_error_share:.0%}. Most often, {column}: {rule} "
        f"({counts.iloc[0]} times, first in row {first}). {remedy(rule)} Then ingest the file "
        "again; nothing was stored."
    )
    raise FileRefusedError(message)


def _private(workspace: Workspace, rows: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Redact what residents wrote and replace who they are, before anything is stored."""
    changed = {}
    for column in contract.columns:
        if column.privacy is Privacy.FREE_TEXT:
            changed[column.name] = workspace.redact(rows[column.name])
        elif column.privacy is Privacy.IDENTIFIER:
            changed[column.name] = pseudonymise(rows[column.name], workspace.key, scope="person")
    return rows.assign(**changed)


def _keyed(
    rows: pd.DataFrame,
    contract: Contract,
    workspace: Workspace,
    source: str,
    sha256: str,
    row_numbers: pd.Series,
) -> pd.DataFrame:
    """Add what identifies a row: its key, a hash of its contents, and where it came from."""
    text = rows.astype("string").fillna("")
    key = text[contract.key[0]]
    for name in contract.key[1:]:
        key = key.str.cat(text[name], sep="|")
    content = pd.util.hash_pandas_object(text, index=False).map("{:016x}".format)
    return rows.assign(
        source=source,
        row_key=key,
        row_hash=content,
        file_hash=sha256,
        row_number=row_numbers.loc[rows.index],
        run_id=workspace.run_id,
    )
