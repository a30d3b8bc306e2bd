"""The performance store: SQLite or PostgreSQL behind the same few functions.

Rows go in as DataFrames and come out as DataFrames; what is inside one `write_transaction` is
stored together or not at all.
"""

from pipelines.edge.store.engine import open_store, write_transaction
from pipelines.edge.store.errors import (
    StoreError,
    StoreLockedError,
    StoreRefusedError,
    StoreUnavailableError,
    StoreVersionError,
)
from pipelines.edge.store.events import existing_hashes, write_events
from pipelines.edge.store.read import read_table, store_digest
from pipelines.edge.store.versions import upgrade_store
from pipelines.edge.store.write import UpsertCount, replace_period, upsert

__all__ = [
    "StoreError",
    "StoreLockedError",
    "StoreRefusedError",
    "StoreUnavailableError",
    "StoreVersionError",
    "UpsertCount",
    "existing_hashes",
    "open_store",
    "read_table",
    "replace_period",
    "store_digest",
    "upgrade_store",
    "upsert",
    "write_events",
    "write_transaction",
]
