"""A month that is killed at any moment and run again ends as if nothing had happened.

The moments are drawn from a seed, as many from each step, and named when one of them fails. To see
one again: run the script `killed_month.py` with the ``kill_at`` that the failure tells. In a test
run the two databases share the steps between them, and both have those of `ON_BOTH`; a soak kills
every step on each.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from tests.small_month import small_workspace

pytestmark = pytest.mark.slow

SEED = 20261031
SCRIPT = Path(__file__).with_name("killed_month.py")
WORKERS = 2
SOAK = bool(os.environ.get("INSIGHT_SOAK"))
SQLITE_KILLS, POSTGRES_KILLS = 50, 25  # of a soak; a test run kills each of its steps once
ON_BOTH = ("ingest", "publish")  # where most is written, to the store and to the outputs
SETTINGS = {
    "INSIGHT_TODAY": "2026-11-23",
    "INSIGHT_PSEUDONYM_KEY": "0f" * 32,
    "PYTHONPATH": str(SCRIPT.parents[2]),
    "PYTHONHASHSEED": "0",  # so that each run passes the same moments
}


class Months:
    """A warm process that runs months and can be told when to be killed."""

    def __init__(self, template: Path, folder: Path, store: str) -> None:
        self.template, self.folder, self.store = template, folder, store
        scratch = folder / "warm"
        shutil.copytree(template, scratch)
        self.process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(scratch)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=os.environ | SETTINGS,
        )
        self.said()

    def said(self) -> dict[str, Any]:
        """Read the next answer; lines of the log are not one."""
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise AssertionError(f"the months' process ended with {self.process.wait()}")

    def run(
        self, root: Path, store: str, kill_at: int | None = None, *, wait_s: float = 60
    ) -> dict[str, Any]:
        order = {"root": str(root), "store": store, "kill_at": kill_at, "wait_s": wait_s}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self.said()

    @contextmanager
    def workspace(self) -> Iterator[tuple[Path, str]]:
        """Give a fresh workspace and its store's address, empty."""
        root = self.folder / "council"
        shutil.copytree(self.template, root)
        if self.store:
            empty_database(self.store)
        try:
            yield root, self.store or f"sqlite:///{root / 'store' / 'insight.db'}"
        finally:
            shutil.rmtree(root)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)


def empty_database(url: str) -> None:
    import psycopg

    address = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def outputs(root: Path) -> dict[str, bytes]:
    """Return all that the outputs' folder holds, hidden files too."""
    folder = root / "outputs"
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
        # Drawings that were kept for another time may differ, and may be deleted.
        if not path.name.startswith(".drawings")
    }


@dataclass(frozen=True)
class Council:
    """Processes that run a council's months, and what one left alone ends with."""

    workers: list[Months]
    alone: dict[str, Any]
    pages: dict[str, bytes]


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return small_workspace(tmp_path_factory.mktemp("template") / "council")


@pytest.fixture(scope="module")
def sqlite_months(template, tmp_path_factory):
    with several(template, tmp_path_factory.mktemp("kills"), [""] * WORKERS) as council:
        yield council


@pytest.fixture(scope="module")
def postgres_months(template, tmp_path_factory, postgres_server):
    import psycopg

    names = [f"kills_{uuid.uuid4().hex}" for _ in range(WORKERS)]
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        for name in names:
            connection.execute(f'CREATE DATABASE "{name}"')
        urls = [postgres_server.get_uri(database=name, driver="psycopg") for name in names]
        with several(template, tmp_path_factory.mktemp("kills"), urls) as council:
            yield council
        for name in names:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def several(template: Path, folder: Path, stores: list[str]) -> Iterator[Council]:
    def start(given: tuple[int, str]) -> Months:
        own = folder / f"worker-{given[0]}"
        own.mkdir()
        return Months(template, own, given[1])

    with ThreadPoolExecutor(len(stores)) as pool:
        workers = list(pool.map(start, enumerate(stores)))
    try:
        with workers[0].workspace() as (root, store):
            alone = workers[0].run(root, store)
            assert "error" not in alone, alone.get("error")
            pages = outputs(root)
        yield Council(workers, alone, pages)
    finally:
        for worker in workers:
            worker.close()


def drawn(ends: dict[str, int], killed: Sequence[str], wanted: int) -> list[tuple[str, int]]:
    """Draw moments, as many from each step of `killed`; the first kills come first in the run."""
    dice = random.Random(SEED)  # noqa: S311 - moments, not secrets
    starts = [0, *list(ends.values())[:-1]]
    steps = [(name, start, end) for (name, end), start in zip(ends.items(), starts, strict=True)]
    steps = [step for step in steps if step[0] in killed]
    chosen = [steps[number % len(steps)] for number in range(wanted)]
    return sorted(
        ((name, dice.randint(start + 1, end)) for name, start, end in chosen), key=lambda m: m[1]
    )


def killed_and_run_again(council: Council, killed: Sequence[str], wanted: int) -> list[str]:
    """Kill `wanted` months, run each again to its end, and say what differs from one left alone."""
    workers, alone, pages = council.workers, council.alone, council.pages
    free: Queue[Months] = Queue()
    for worker in workers:
        free.put(worker)

    def one(moment: tuple[str, int]) -> str:
        step, kill_at = moment
        worker = free.get()
        try:
            with worker.workspace() as (root, store):
                stopped = worker.run(root, store, kill_at)
                again = worker.run(root, store)
                left = outputs(root)
        finally:
            free.put(worker)
        wrong = []
        if stopped["signal"] != signal.SIGKILL:
            wrong.append("it was not killed")
        if "error" in again:
            wrong.append(again["error"])
        elif again["digest"] != alone["digest"]:
            wrong.append("the store differs")
        wrong += [f"{name} differs" for name in sorted(pages) if left.get(name) != pages[name]]
        wrong += [f"{name} is left over" for name in sorted(left.keys() - pages.keys())]
        return f"killed in {step}, kill_at {kill_at}: {'; '.join(wrong)}" if wrong else ""

    moments = drawn(alone["moments"], killed, wanted)
    assert {step for step, _ in moments} == set(killed)
    with ThreadPoolExecutor(len(workers)) as pool:
        return [told for told in pool.map(one, moments) if told]


def test_kills_on_sqlite_change_nothing_in_the_end(sqlite_months):
    killed = list(sqlite_months.alone["moments"])
    if not SOAK:
        killed = [name for at, name in enumerate(killed) if at % 2 == 0 or name in ON_BOTH]
    wanted = SQLITE_KILLS if SOAK else len(killed)
    assert killed_and_run_again(sqlite_months, killed, wanted) == []


def test_kills_on_postgresql_change_nothing_in_the_end(postgres_months):
    killed = list(postgres_months.alone["moments"])
    if not SOAK:
        killed = [name for at, name in enumerate(killed) if at % 2 == 1 or name in ON_BOTH]
    wanted = POSTGRES_KILLS if SOAK else len(killed)
    assert killed_and_run_again(postgres_months, killed, wanted) == []


def two_at_once(council: Council, wait_s: float) -> tuple[list[dict[str, Any]], bool]:
    """Start one month twice; return both answers, and whether all is as after one run."""
    workers = council.workers
    with workers[0].workspace() as (root, store), ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda worker: worker.run(root, store, wait_s=wait_s), workers))
        done = next(answer for answer in answers if "digest" in answer)
        same = done["digest"] == council.alone["digest"] and outputs(root) == council.pages
        return answers, same


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_of_two_runs_at_once_one_is_refused_and_the_other_is_whole(database, request):
    answers, as_one = two_at_once(request.getfixturevalue(f"{database}_months"), 0)
    (refused,) = [answer["error"] for answer in answers if "error" in answer]
    assert "RunLockedError" in refused
    assert "run of a test, since" in refused
    assert as_one


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_of_two_runs_at_once_one_waits_and_both_end_as_one(database, request):
    answers, as_one = two_at_once(request.getfixturevalue(f"{database}_months"), 120)
    assert [answer["digest"] for answer in answers] == [answers[0]["digest"]] * 2
    assert as_one
