import pandas as pd
import pytest

from pipelines.edge.store import open_store, read_table, upgrade_store, upsert, write_transaction

LONDON = "Europe/London"


@pytest.fixture
def store(store_url):
    engine = open_store(store_url, busy_timeout_s=0.2)
    upgrade_store(engine)
    return engine


@pytest.fixture
def put(store):
    """Upsert a frame in a transaction of its own."""

    def put(table, frame):
        with write_transaction(store) as connection:
            return upsert(connection, table, frame)

    return put


@pytest.fixture
def read(store):
    """Read a table with times in London."""

    def read(table, **how):
        with store.connect() as connection:
            return read_table(connection, table, timezone=LONDON, **how)

    return read


@pytest.fixture
def contacts():
    """Make two contacts, or as many as the lists given."""

    def contacts(**changes):
        rows = {
            "source": "calls",
            "row_key": ["a", "b"],
            "row_hash": ["1", "2"],
            "file_hash": "f",
            "row_number": [2, 3],
            "run_id": "first",
            "contacted_at": [
                pd.Timestamp("2026-10-01 09:00", tz=LONDON),
                pd.Timestamp("2026-10-02", tz=LONDON),
            ],
            "wait_seconds": pd.array([30, None], dtype="Int64"),
            "text": pd.array(["Bin not emptied", None], dtype="string"),
        }
        return pd.DataFrame(rows | changes)

    return contacts


@pytest.fixture
def figures():
    """Make two figures of October with the values given."""

    def figures(value, **changes):
        return pd.DataFrame(
            {
                "measure": ["contacts", "enquiries"],
                "service": "all",
                "period": "2026-10",
                "breakdown": "",
                "value": value,
                "status": "final",
                "run_id": "first",
                "computed_at": pd.Timestamp("2026-11-02 06:00", tz="UTC"),
            }
            | changes
        )

    return figures
