"""Run months in processes that are killed at a chosen moment; `test_kills.py` starts this script.

It imports everything and runs one month to be warm, then forks a child for each order it reads
from standard input: a JSON object with ``root``, ``store``, ``kill_at`` and ``wait_s``. The child
runs the month as the flows do, without Prefect, and counts its moments: statements to the
database, a few of the rows written in bulk, commits (before and after), files opened for writing,
half written, renamed and removed. What another process can see changes at these and at no other.
At moment ``kill_at`` it kills itself with SIGKILL, which nothing in it can catch. The answer is a
JSON object with ``signal``, and for a run that ended ``digest``, ``moments`` of each step, or
``error``.
"""

import gc
import json
import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

from pipelines.edge import page_charts
from pipelines.edge.run_lock import hold_store
from pipelines.edge.store import store_digest
from pipelines.edge.workspace import open_workspace
from pipelines.steps import figures, ingest_file, month
from tests.small_month import MONTH

ROWS_A_MOMENT = 10  # of rows written in bulk, one in so many counts
ROWS_OF_A_BATCH = 12  # so that a source's files take several transactions
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Moments:
    """Counts what changes on disk or in the database, and ends the process at one of them."""

    def __init__(self, kill_at: int | None) -> None:
        self.kill_at, self.passed, self.rows = kill_at, 0, 0

    def __call__(self, *_: object, **__: object) -> None:
        """Count one moment; the process may end here."""
        self.passed += 1
        if self.passed == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def row(self) -> None:
        """Count one row of many."""
        self.rows += 1
        if self.rows % ROWS_A_MOMENT == 0:
            self()

    def statement(self, sql: str) -> None:
        """Count a statement of SQLite, which names each row of a bulk insert."""
        if sql.startswith("INSERT"):
            self.row()
        else:
            self()


def watch(moments: Moments) -> None:
    """Let every change pass through `moments`."""
    event.listen(Engine, "connect", lambda connection, _: _trace(connection, moments))
    event.listen(Engine, "before_cursor_execute", moments)
    _around(DefaultDialect, "do_commit", moments)
    _around(psycopg.Copy, "write_row", moments.row)
    for name in ("write_bytes", "write_text"):
        _torn(name, moments)

    def audited(what: str, details: tuple[Any, ...]) -> None:
        if what in CHANGES or (
            what == "open" and isinstance(details[2], int) and details[2] & WRITING
        ):
            moments()

    sys.addaudithook(audited)


def _trace(connection: Any, moments: Moments) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.set_trace_callback(moments.statement)


def _around(owner: Any, name: str, moment: Callable[[], None]) -> None:
    plain = getattr(owner, name)

    def watched(*given: Any, **named: Any) -> Any:
        moment()
        done = plain(*given, **named)
        moment()
        return done

    setattr(owner, name, watched)


def _torn(name: str, moments: Moments) -> None:
    """Make `Path`'s method `name` write the first half, then all."""
    plain = getattr(Path, name)

    def torn(path: Path, content: Any, *given: Any, **named: Any) -> Any:
        plain(path, content[: len(content) // 2], *given, **named)
        moments()
        return plain(path, content, *given, **named)

    setattr(Path, name, torn)


def run(root: Path, moments: Moments, wait_s: float) -> dict[str, object]:
    """Run the month; tell the digest and how many moments had passed at each step's end."""
    ends = {}
    workspace = open_workspace(root, run_id="a-run")
    with hold_store(workspace, doing="run of a test", wait_s=wait_s):
        _ = workspace.engine
        ends["opening"] = moments.passed
        for name, step in month.STEPS.items():
            step(workspace, MONTH)
            ends[name] = moments.passed
    return {"digest": store_digest(workspace.engine), "moments": ends}


def in_a_child(order: dict[str, Any]) -> dict[str, object]:
    """Carry an order out in a process and group of its own, and wait for its end."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.close(reader)
        answer: dict[str, object]
        try:
            os.environ["INSIGHT_STORE_URL"] = order["store"]
            moments = Moments(order["kill_at"])
            watch(moments)
            answer = run(Path(order["root"]), moments, order["wait_s"])
        except BaseException:  # the parent tells of it
            answer = {"error": traceback.format_exc()}
        with os.fdopen(writer, "w", encoding="utf-8") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return {"signal": killed} | (json.loads(said) if said else {})


def spare_the_machine() -> None:
    """Leave out what costs time and writes nothing: drawings, and most months of the trends."""
    page_charts.svg_text = lambda figure, *, name, alt: f'<svg id="{name}"></svg>'
    for name in ("period_trend", "service_bars", "channel_volumes"):
        setattr(page_charts, name, lambda *_, **__: None)
    figures.window.__defaults__ = (2,)
    ingest_file.ROWS_AT_ONCE = ROWS_OF_A_BATCH


def tell(answer: dict[str, object]) -> None:
    """Write one answer to whoever gave the order."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Warm up on the workspace given, then serve."""
    spare_the_machine()
    run(Path(sys.argv[1]), Moments(None), 0)
    gc.freeze()  # else each child would walk, and so copy, all that was imported
    gc.disable()
    tell({"ready": True})
    for line in sys.stdin:
        tell(in_a_child(json.loads(line)))


if __name__ == "__main__":
    main()
