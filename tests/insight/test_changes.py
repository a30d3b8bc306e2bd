import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from insight.changes import find_changes

ROWS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from("abc"), st.sampled_from("12")))
STORED = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("12"))


def one_file_after_the_other(rows, stored):
    """Say what becomes of each row, and of the store, the slow and plain way."""
    store, fate = dict(stored), {}
    written = {}
    for place, (file, key, content) in enumerate(rows):
        replaced = any(f == file and k == key for f, k, _ in rows[place + 1 :])
        if replaced or store.get(key) == content:
            fate[place] = "duplicate"
        else:
            fate[place] = "correction" if key in store else "new"
            store[key] = content
            written[key] = place
    return [fate[place] for place in range(len(rows))], sorted(written.values())


@given(ROWS, STORED)
def test_many_files_at_once_fare_as_one_after_the_other(rows, stored):
    rows = sorted(rows, key=lambda row: row[0])
    arriving = pd.DataFrame(rows, columns=["file", "row_key", "row_hash"]).astype(
        {"row_key": "string", "row_hash": "object"}
    )
    known = pd.Series(stored, dtype="string")
    changes = find_changes(arriving, known)
    fates = [
        "new" if new else "correction" if correction else "duplicate"
        for new, correction in zip(changes.new, changes.corrections, strict=True)
    ]
    assert (fates, sorted(changes.write)) == one_file_after_the_other(rows, stored)
    assert changes.duplicates.tolist() == [fate == "duplicate" for fate in fates]
