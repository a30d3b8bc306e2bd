"""Read the originals of quarantined rows again, and close what can't be mended."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from insight.errors import InsightError
from insight.quarantine import GIVEN_UP
from models import QuarantinedRow, RefusedFile
from pipelines.edge.mappings import read_mapping
from pipelines.edge.store import StoreError, read_table, replace_period, upsert, write_transaction
from pipelines.edge.workspace import Workspace
from pipelines.steps.ingest_file import ingest_paths
from pipelines.steps.ingest_reading import Way, contents_of, way_of
from pipelines.steps.quarantine_list import open_files, source_called


class NothingOpenError(InsightError):
    """What was named is not in quarantine."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one file's open rows.

    `left` rows left quarantine and `remain` are in it still, `why` by column and rule; `problem`
    says why the file couldn't be read again, and what can be done.
    """

    source: str
    file: str
    left: int
    remain: int
    why: dict[str, int]
    problem: str = ""


def replay(workspace: Workspace, source: str | None = None) -> Iterator[Replayed]:
    """Read every file with open rows again, and every refused one; tell of each when done.

    Parameters
    ----------
    workspace
        Where they are.
    source
        Only this source's; all when absent.

    Raises
    ------
    StoreError
        If the store cannot be written; the files told of before are done.
    """
    cells = open_files(workspace, source)
    for (name, _), part in cells.groupby(["source", "file_hash"], sort=True):
        yield _replay_file(workspace, str(name), part)
    yield from _replay_refused(workspace, source)


def _replay_file(workspace: Workspace, source: str, cells: pd.DataFrame) -> Replayed:
    first = cells.iloc[0]
    sha256, file = str(first["file_hash"]), str(first["name"])
    before = cells["row_number"].nunique()
    path, same, problem = None, False, ""
    kind = source_called(workspace, source, str(first["contract"]))
    try:
        named = Path(first["mapping_file"]) if pd.notna(first["mapping_file"]) else None
        mapping = read_mapping(named) if named else None
        way = way_of(workspace, kind, mapping, named)
        path, same = _original(workspace, way, file, sha256, first["location"])
        if path is None:
            problem = _gone(source, file)
        elif same or path.parent == workspace.inbox(source):
            outcomes = ingest_paths(
                workspace, [path], kind, mapping, again=same, mapping_file=named
            )
            problem = " ".join(o.reason for o in outcomes if o.file == file and o.reason)
    except StoreError:
        raise  # not the file's fault
    except InsightError as error:
        problem = str(error)
    after = open_files(workspace, source)
    after = after.loc[after["file_hash"].eq(sha256)]
    remain = after["row_number"].nunique()
    if remain and path is not None and not same and not problem:
        problem = _changed(source, file)
    why = Counter[str]()
    for cell in after.to_dict(orient="records"):
        why[f"{cell['column']}: {cell['rule']}"] += 1
    return Replayed(source, file, before - remain, remain, dict(why), problem)


def _original(
    workspace: Workspace, way: Way, file: str, sha256: str, location: object
) -> tuple[Path | None, bool]:
    """Return where the file lies, and whether its contents are those that were read."""
    inbox = workspace.inbox(way.source.name) / file.partition("/")[0]
    places = [Path(location)] if isinstance(location, str) else []
    there = [place for place in dict.fromkeys([*places, inbox]) if place.is_file()]
    for place in there:
        if any(content.sha256 == sha256 for content in contents_of(place, way)):
            return place, True
    return (there[0], False) if there else (None, False)


def _gone(source: str, file: str) -> str:
    return (
        f"The original of {file} is no longer there: it was moved, renamed, or removed when its "
        "time in the inbox was over (inbox_retention_days in council.yaml). Ask the sender for it "
        f"again, put it into inbox/{source} under the same name, and replay again; or close its "
        f'rows as given up: insight quarantine forget {source} --file "{file}" --yes'
    )


def _changed(source: str, file: str) -> str:
    return (
        f"What is now called {file} is another file: it doesn't hold the rows that were accepted "
        "before. Put the original back under its name and replay again; or close its rows as given "
        f'up: insight quarantine forget {source} --file "{file}" --yes'
    )


def _replay_refused(workspace: Workspace, source: str | None) -> Iterator[Replayed]:
    """Read files that were refused whole again; one that goes in is remembered no longer."""
    where = {} if source is None else {"source": source}
    zone = workspace.settings.timezone
    with workspace.engine.connect() as connection:
        refused = read_table(connection, RefusedFile, where=where, timezone=zone)
    for row in refused.to_dict(orient="records"):
        name, file = str(row["source"]), str(row["name"])
        kind = next((one for one in workspace.settings.sources if one.name == name), None)
        path = workspace.inbox(name) / file.partition("/")[0]
        if kind is None or not path.is_file():
            problem, taken = f"{file} was refused whole and is gone from inbox/{name}.", 0
            kept = refused.iloc[0:0]
        else:
            outcomes = [o for o in ingest_paths(workspace, [path], kind) if o.file == file]
            problem = " ".join(o.reason for o in outcomes if o.reason)
            taken = sum(o.account.accepted for o in outcomes if o.account is not None)
            kept = pd.DataFrame([row | {"reason": problem}]) if problem else refused.iloc[0:0]
        with write_transaction(workspace.engine) as connection:
            replace_period(connection, RefusedFile, kept, where={"source": name, "name": file})
        yield Replayed(name, file, taken, 0, {}, problem)


def forget(workspace: Workspace, source: str, file: str) -> int:
    """Close a file's open rows as given up, and return how many there were.

    Raises
    ------
    NothingOpenError
        If no row of such a file is open; the files that have some are named.
    """
    cells = open_files(workspace, source)
    ours = cells.loc[cells["name"].eq(file).fillna(value=False)]
    if ours.empty:
        names = ", ".join(sorted(cells["name"].dropna().unique())) or "none"
        message = (
            f"No row of {file} is open in {source}. Files of {source} with open rows: {names}."
        )
        raise NothingOpenError(message)
    closed = ours.assign(resolution=f"{GIVEN_UP} {workspace.today:%Y-%m-%d}")
    with write_transaction(workspace.engine) as connection:
        upsert(connection, QuarantinedRow, closed[list(QuarantinedRow.model_fields)])
    return len(ours.drop_duplicates(["file_hash", "row_number"]))
