import subprocess
import sys

import pandas as pd
import pytest

from models import Contact, PipelineRun, Rebaseline, Result, Service
from pipelines.edge.store import (
    open_store,
    store_digest,
    upgrade_store,
    upsert,
    write_transaction,
)
from pipelines.edge.store import read as store_read

AT = pd.Timestamp("2026-10-25 01:30:00.000001", tz="UTC")


def contacts(**changes):
    return pd.DataFrame(
        {
            "source": "calls",
            "row_key": ["a", "Z", "é", "🗑"],
            "row_hash": "h",
            "file_hash": "f",
            "row_number": [1, 2, 3, 4],
            "run_id": "first",
            "contacted_at": [AT, AT, pd.NaT, pd.NaT],
            "wait_seconds": pd.array([1, None, 2**62, -5], dtype="Int64"),
            "text": ["It's", None, 'a "bin"\n', ""],
        }
        | changes
    )


def figure(**changes):
    return pd.DataFrame(
        {
            "measure": "satisfaction_share",
            "service": "all",
            "period": "2026-10",
            "breakdown": "",
            "value": [0.1 + 0.2],
            "numerator": [-0.0],
            "status": "final",
            "run_id": "first",
            "computed_at": AT,
        }
        | changes
    )


def run(status="completed"):
    return pd.DataFrame(
        {"run_id": ["x"], "flow": "monthly", "started_at": AT, "status": status, "summary": "{}"}
    )


def digest_of(url, *rows):
    engine = open_store(url)
    upgrade_store(engine)
    with write_transaction(engine) as connection:
        for table, frame in rows:
            upsert(connection, table, frame)
    return store_digest(engine)


@pytest.fixture
def new_url(tmp_path):
    """Give the address of yet another empty SQLite store."""
    addresses = (f"sqlite:///{tmp_path / f'{n}.db'}" for n in range(100))
    return lambda: next(addresses)


def test_the_same_rows_give_the_same_digest_on_both_databases(store_url, new_url):
    rows = [(Contact, contacts()), (Result, figure()), (PipelineRun, run())]
    assert digest_of(store_url, *rows) == digest_of(new_url(), *rows)


def test_the_order_in_which_rows_came_doesnt_matter(store_url, new_url):
    backwards = contacts().iloc[::-1]
    assert digest_of(store_url, (Contact, contacts())) == digest_of(new_url(), (Contact, backwards))


def test_the_zone_in_which_a_time_was_given_doesnt_matter(new_url):
    local = contacts().assign(
        contacted_at=lambda rows: rows["contacted_at"].dt.tz_convert("Asia/Tokyo")
    )
    assert digest_of(new_url(), (Contact, contacts())) == digest_of(new_url(), (Contact, local))


def test_helpings_dont_matter(store_url, new_url, monkeypatch):
    whole = digest_of(new_url(), (Contact, contacts()))
    monkeypatch.setattr(store_read, "ROWS_AT_ONCE", 3)
    assert digest_of(store_url, (Contact, contacts())) == whole


@pytest.mark.parametrize(
    "other",
    [
        (Contact, contacts(run_id="second")),
        (Result, figure(run_id="second", computed_at=pd.Timestamp("2027-01-01", tz="UTC"))),
        (PipelineRun, run("failed")),
    ],
)
def test_which_run_wrote_it_and_when_doesnt_matter(new_url, other):
    rows = {Contact: contacts(), Result: figure(), PipelineRun: run()}
    changed = rows | {other[0]: other[1]}
    assert digest_of(new_url(), *rows.items()) == digest_of(new_url(), *changed.items())


@pytest.mark.parametrize(
    "changed",
    [
        contacts(text=["It's", None, 'a "bin"\n', None]),
        contacts(text=["It's", "", 'a "bin"\n', ""]),
        contacts(contacted_at=[AT, AT, AT, pd.NaT]),
        contacts(contacted_at=[AT, AT + pd.Timedelta("1us"), pd.NaT, pd.NaT]),
        contacts(wait_seconds=pd.array([1, None, 2**62 + 1, -5], dtype="Int64")),
        contacts(file_hash="g"),
        contacts().head(3),
    ],
)
def test_any_other_difference_changes_the_digest(new_url, changed):
    assert digest_of(new_url(), (Contact, contacts())) != digest_of(new_url(), (Contact, changed))


def test_a_figure_that_differs_in_its_last_bit_changes_the_digest(new_url):
    other = figure(value=[0.3])
    assert digest_of(new_url(), (Result, figure())) != digest_of(new_url(), (Result, other))


def test_when_a_patrol_began_counts_for_it_is_no_run_time():
    assert "run_detail" not in store_read.SQLModel.metadata.tables["patrol"].c.started_at.info


def test_what_a_person_recorded_counts(new_url):
    decided = {"measure": ["m"], "service": "all", "period": "2026-10", "agreed_by": "Head"}
    decided |= {"entry": 1}
    one = pd.DataFrame(decided | {"reason": "New system"})
    other = pd.DataFrame(decided | {"reason": "New team"})
    assert digest_of(new_url(), (Rebaseline, one)) != digest_of(new_url(), (Rebaseline, other))


def test_the_digest_covers_every_table_even_in_a_program_that_names_none(tmp_path):
    url = f"sqlite:///{tmp_path / 'insight.db'}"
    rows = (Service, pd.DataFrame({"code": ["bins"], "name": ["Bins"]}))
    digest = digest_of(url, rows)
    code = (
        "import sys; from pipelines.edge.store import open_store, store_digest; "
        "print(store_digest(open_store(sys.argv[1])))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code, url], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == digest
