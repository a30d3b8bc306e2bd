"""Files of one source into the store, many at a time, with every row accounted for."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog

from insight.account import RowAccount
from insight.errors import InsightError
from insight.mapping import Mapping
from pipelines.edge.raw_table import FileContent
from pipelines.edge.store import StoreError
from pipelines.edge.workspace import Workspace
from pipelines.settings_sections import Source
from pipelines.steps.ingest_batch import FileRefusedError, store_batch
from pipelines.steps.ingest_reading import (
    Reading,
    Way,
    contents_of,
    known_files,
    read_content,
    way_of,
)

__all__ = ["FileOutcome", "FileRefusedError", "ingest_file", "ingest_paths"]

ROWS_AT_ONCE = 100_000
"""Files are stored together up to so many rows, which bounds the memory they take."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file: its account, or the reason it was refused."""

    source: str
    file: str
    account: RowAccount | None
    error: InsightError | None = None

    @property
    def reason(self) -> str:
        """Why it was refused; empty where it was not."""
        return "" if self.error is None else str(self.error)


def ingest_file(
    workspace: Workspace,
    path: Path,
    source: Source,
    mapping: Mapping | None = None,
    *,
    again: bool = False,
    mapping_file: Path | None = None,
) -> RowAccount:
    """Read one file, hold it to its contract, and store its rows in one transaction.

    As `ingest_paths`, for one file; an archive's accounts are added up.

    Raises
    ------
    InsightError
        If the file cannot be read, lacks a column, or breaks its contract in too many rows.
        Nothing of it is stored then.
    """
    outcomes = ingest_paths(
        workspace, [path], source, mapping, again=again, mapping_file=mapping_file
    )
    for outcome in outcomes:
        if outcome.error is not None:
            raise outcome.error
    accounts = [outcome.account for outcome in outcomes if outcome.account is not None]
    return accounts[0] if len(accounts) == 1 else RowAccount.total(accounts, file=path.name)


def ingest_paths(
    workspace: Workspace,
    paths: Iterable[Path],
    source: Source,
    mapping: Mapping | None = None,
    *,
    again: bool = False,
    mapping_file: Path | None = None,
) -> list[FileOutcome]:
    """Read files of one source, hold them to their contract, and store their rows.

    Parameters
    ----------
    workspace
        Where to store them.
    paths
        The files, in the order in which they count: later ones correct earlier ones. What an
        archive holds counts as so many files.
    source
        What kind of files they are.
    mapping
        How their columns meet the contract; the source's own when absent.
    again
        Read files too that were read in this very way before.
    mapping_file
        Where `mapping` stands, to be remembered with the files.

    Returns
    -------
    list of FileOutcome
        In the order of the files. ``status`` of an account is ``seen before`` when the file was
        ingested under the same contract and mapping; then all its rows count as duplicates. A
        file that is refused does not stop the others.

    Raises
    ------
    StoreError
        If the store cannot be written; files before may have been stored, each whole.
    InsightError
        If the mapping or the contract cannot be used.
    """
    intake = _Intake(workspace, way_of(workspace, source, mapping, mapping_file), again=again)
    for path in paths:
        try:
            for content in contents_of(path, intake.way):
                intake.take(path, content)
        except StoreError:
            raise  # not the file's fault; the flow tries again
        except InsightError as error:
            intake.refuse(path.name, error)
    return intake.finish()


class _Intake:
    """Gathers files until there are enough rows to store, and keeps their outcomes in order."""

    def __init__(self, workspace: Workspace, way: Way, *, again: bool) -> None:
        self.workspace, self.way = workspace, way
        self.known = {} if again else known_files(workspace, way)
        self.outcomes: list[FileOutcome | None] = []
        self.waiting: list[tuple[int, Reading]] = []

    def take(self, path: Path, content: FileContent) -> None:
        """Read one file, unless it is known; store what has gathered once it is much."""
        if any(reading.sha256 == content.sha256 for _, reading in self.waiting):
            self.store()  # the same contents twice: the second is then known
        if content.sha256 in self.known:
            self.outcomes.append(self._seen(content))
            return
        try:
            reading = read_content(path, content, self.way)
        except InsightError as error:
            self.refuse(content.name, error)
            return
        self.waiting.append((len(self.outcomes), reading))
        self.outcomes.append(None)
        if sum(len(reading.mapped.frame) for _, reading in self.waiting) >= ROWS_AT_ONCE:
            self.store()

    def refuse(self, name: str, error: InsightError) -> None:
        """Note that a file was refused."""
        log.warning("file refused", source=self.way.source.name, file=name, reason=str(error))
        self.outcomes.append(FileOutcome(self.way.source.name, name, None, error))

    def store(self) -> None:
        """Store what has gathered, in one transaction."""
        if not self.waiting:
            return
        readings = [reading for _, reading in self.waiting]
        results = store_batch(self.workspace, self.way, readings)
        for (place, reading), result in zip(self.waiting, results, strict=True):
            if isinstance(result, RowAccount):
                self.outcomes[place] = FileOutcome(result.source, result.file, result)
                self.known[reading.sha256] = (reading.name, result.rows_read)
            else:
                log.warning(
                    "file refused",
                    source=self.way.source.name,
                    file=reading.name,
                    reason=str(result),
                )
                self.outcomes[place] = FileOutcome(self.way.source.name, reading.name, None, result)
        self.waiting = []

    def finish(self) -> list[FileOutcome]:
        """Store the rest and return every outcome."""
        self.store()
        return [outcome for outcome in self.outcomes if outcome is not None]

    def _seen(self, content: FileContent) -> FileOutcome:
        name, rows = self.known[content.sha256]
        notes = () if name == content.name else (f"Its contents are those of {name}.",)
        account = RowAccount(
            source=self.way.source.name,
            file=content.name,
            contract=self.way.contract.name,
            rows_read=rows,
            accepted=0,
            quarantined=0,
            duplicates=rows,
            filtered=0,
            status="seen before",
            notes=notes,
        )
        return FileOutcome(self.way.source.name, content.name, account)
