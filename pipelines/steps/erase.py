"""Erase a customer from the store, for good, with a certificate."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import structlog
from sqlalchemy import Connection

from data_contracts import INPUTS, load_contract
from insight.certificate import Certificate, certificate_text
from insight.contract import Privacy
from insight.erasure import CASE, PERSON, fingerprints
from models import Erasure, ModelRun, QuarantinedRow
from pipelines.edge.backup_files import backups_in, set_aside_in
from pipelines.edge.rights_log import ERASURE, free_name, write_record
from pipelines.edge.samples import samples_in
from pipelines.edge.store import read_table, upsert, write_transaction
from pipelines.edge.store.columns import table_of
from pipelines.edge.store.remove import delete_rows, reclaim
from pipelines.edge.workspace import Workspace
from pipelines.steps.held import TABLES, Held, held_on, pseudonym_of
from pipelines.steps.originals import Search, search_originals

SHORT = 16  # digits of the fingerprint that people compare
_PLACE = ["source", "file_hash", "row_number"]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Erased:
    """What is held or was erased, by table, and the certificate where it was."""

    counts: dict[str, int]
    fingerprint: str
    search: Search
    certificate: Path | None = None


def look_up(workspace: Workspace, reference: str) -> Erased:
    """Return what erasing this customer would take, changing nothing."""
    with workspace.engine.connect() as connection:
        held = held_on(connection, workspace, pseudonym_of(workspace, reference))
        search = search_originals(workspace, held)
        counts = held.counts | _refused_counts(_refused(connection, held, search))
    return Erased(counts, _fingerprints(workspace, held)[0][:SHORT], search)


def erase(workspace: Workspace, reference: str) -> Erased:
    """Delete all that is held on a customer, remember to keep it out, and certify it.

    The certificate is written before the deletion is final, so that none can lack one; where
    the deletion fails after all, the certificate goes again.
    """
    pseudonym = pseudonym_of(workspace, reference)
    with workspace.engine.connect() as connection:
        search = search_originals(workspace, held_on(connection, workspace, pseudonym))
    written: list[Path] = []
    try:
        with write_transaction(workspace.engine) as connection:
            held = held_on(connection, workspace, pseudonym)
            counts, certificate = _erase(connection, workspace, held, search)
            written.append(certificate)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
            path.with_suffix(".json").unlink(missing_ok=True)
        raise
    reclaim(workspace.engine)
    log.info("customer erased", certificate=certificate.name, **counts)
    return Erased(counts, _fingerprints(workspace, held)[0][:SHORT], search, certificate)


def remember(connection: Connection, erased: pd.DataFrame) -> None:
    """Remember whose rows stay out; the later of two erasures of one customer counts."""
    if erased.empty:
        return
    known = read_table(connection, Erasure, timezone="UTC")
    both = pd.concat([known, erased], ignore_index=True)
    both["erased_at"] = pd.to_datetime(both["erased_at"], utc=True)
    latest = both.sort_values("erased_at").drop_duplicates("fingerprint", keep="last")
    upsert(connection, Erasure, latest)


def _erase(
    connection: Connection, workspace: Workspace, held: Held, search: Search
) -> tuple[dict[str, int], Path]:
    refused = _refused(connection, held, search)
    counts = held.counts | _refused_counts(refused)
    moment = _now(workspace)
    models = _models(connection, held)
    for name, rows in held.rows.items():
        keys = [column.name for column in table_of(TABLES[name]).primary_key]
        delete_rows(connection, TABLES[name], rows[keys])
    delete_rows(connection, QuarantinedRow, refused[_PLACE])
    every = _fingerprints(workspace, held)
    made = Certificate(
        council=workspace.settings.name,
        erased_at=moment,
        version=version("council-insight"),
        run_id=workspace.run_id,
        fingerprint=every[0][:SHORT],
        removed=counts,
        originals=[_named(workspace, each.path) for each in search.found],
        unsearched=[_named(workspace, path) for path in search.unsearched],
        backups=[
            path.name
            for path in (*backups_in(workspace.backups), *set_aside_in(workspace.root / "store"))
        ],
        models=models,
        samples=_samples(workspace, held),
        free_text=[name for name in INPUTS if _has_free_text(name)],
    )
    name = free_name(workspace.rights, f"erasure-{moment:%Y-%m-%dT%H%M%S}-{made.fingerprint}")
    remember(
        connection,
        pd.DataFrame({"fingerprint": every, "erased_at": moment, "certificate": name}),
    )
    content = asdict(made) | {
        "record": ERASURE,
        "erased_at": moment.isoformat(),
        "fingerprints": every,
    }
    record = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    path = write_record(workspace.rights, name, {".txt": certificate_text(made), ".json": record})
    return counts, path


def _fingerprints(workspace: Workspace, held: Held) -> list[str]:
    """Return the fingerprint of the person, then those of their cases."""
    person = fingerprints(pd.Series([held.pseudonym], dtype="string"), workspace.key, of=PERSON)
    cases = fingerprints(pd.Series(held.cases, dtype="string"), workspace.key, of=CASE)
    return [*map(str, person), *map(str, cases.dropna())]


def _refused(connection: Connection, held: Held, search: Search) -> pd.DataFrame:
    """Return the entries in quarantine that are known to be the customer's."""
    known = held.rows["quarantined_rows"]
    places = pd.DataFrame(
        [
            (found.source, found.file_hash, number)
            for found in search.found
            for number in found.row_numbers
        ],
        columns=_PLACE,
    ).astype({"source": "string", "file_hash": "string", "row_number": "Int64"})
    if places.empty:
        return known
    where = {"file_hash": sorted(set(places["file_hash"]))}
    refused = read_table(connection, QuarantinedRow, where=where, timezone="UTC")
    return pd.concat([known[_PLACE], refused.merge(places, on=_PLACE)[_PLACE]], ignore_index=True)


def _refused_counts(refused: pd.DataFrame) -> dict[str, int]:
    rows = len(refused.drop_duplicates(_PLACE))
    return {"quarantined_rows": rows} if rows else {}


def _models(connection: Connection, held: Held) -> list[str]:
    """Name the fitted models that may have learnt from the customer's texts."""
    enquiries = held.rows["enquiries"]
    if not enquiries["topic"].notna().any():
        return []  # only enquiries that people labelled are learnt from
    models = read_table(connection, ModelRun, columns=["name", "version"], timezone="UTC")
    return sorted((models["name"] + " " + models["version"]).tolist())


def _samples(workspace: Workspace, held: Held) -> list[str]:
    """Name the samples of months in which the customer was in touch; they hold no customer."""
    times = [
        held.rows[name][column]
        for name, column in (("contacts", "contacted_at"), ("enquiries", "received_at"))
        if name in held.rows and len(held.rows[name])
    ]
    months = {f"{at:%Y-%m}" for each in times for at in each.dropna()}
    return [
        _named(workspace, path)
        for path, month in samples_in(workspace.samples)
        if f"{month:%Y-%m}" in months
    ]


def _has_free_text(name: str) -> bool:
    return any(column.privacy is Privacy.FREE_TEXT for column in load_contract(name).columns)


def _named(workspace: Workspace, path: Path) -> str:
    inside = path.is_relative_to(workspace.root)
    return str(path.relative_to(workspace.root) if inside else path)


def _now(workspace: Workspace) -> datetime:
    """Return this moment, or the end of the day that the run takes for today."""
    now = datetime.now(UTC).astimezone(workspace.settings.zone)
    if now.date() == workspace.today:
        return now
    tomorrow = datetime.combine(workspace.today, time(), tzinfo=workspace.settings.zone)
    return tomorrow + timedelta(days=1, microseconds=-1)
