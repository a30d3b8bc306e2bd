from datetime import date

import numpy as np
import pandas as pd
import pytest

from insight.borough.files import (
    Export,
    Form,
    by_month,
    monthly_extracts,
    pack,
    whole_file,
    with_files,
)
from insight.borough.plan import Plan

PLAN = Plan(date(2026, 10, 1), months=2)
SEPTEMBER, OCTOBER = PLAN.span
EXPORT = Export("jobs", Form(), key=("id",), spoilers=(("day", "never"),), fresh="id")


def jobs(count, day="2026-09-01", start=0):
    ids = (start + pd.Series(range(count))).astype("string")
    return pd.DataFrame({"id": ids, "day": day}, dtype="string")


def test_a_file_has_broken_and_repeated_rows_below_every_error_share():
    (file,) = pack(PLAN, EXPORT, {SEPTEMBER: jobs(1000)}).files
    assert file.name == "jobs-2026-09.csv"
    assert len(file.frame) == 1000 + 15 + 8
    assert file.broken.sum() == 15
    assert file.frame.loc[file.broken, "day"].eq("never").all()
    assert not file.frame.loc[file.broken, "id"].isin(jobs(1000)["id"]).any()
    assert file.frame.loc[~file.broken, "id"].duplicated().sum() == 8


def test_no_true_row_is_lost_or_moved():
    (file,) = pack(PLAN, EXPORT, {SEPTEMBER: jobs(300)}).files
    kept = file.frame[~file.broken].drop_duplicates().reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, jobs(300), check_dtype=False)


def test_a_small_file_stays_whole():
    (file,) = pack(PLAN, EXPORT, {SEPTEMBER: jobs(39)}).files
    assert not file.broken.any()


def test_rows_that_the_mapping_leaves_out_are_neither_broken_nor_repeated():
    export = Export(
        "jobs", Form(), ("id",), (("day", "never"),), "id", leave_out={"day": ("skip",)}
    )
    (file,) = pack(PLAN, export, {SEPTEMBER: pd.concat([jobs(500), jobs(500, "skip", 500)])}).files
    assert file.filtered.sum() == 500
    assert not (file.filtered & file.broken).any()


@pytest.mark.parametrize("snapshot", [False, True])
def test_an_extract_shows_what_was_known_at_the_end_of_the_month(snapshot):
    times = [("2026-08-05", "2026-10-09"), ("2026-09-05", "2026-09-20"), ("2026-09-06", None)]
    opened, closed = (pd.to_datetime(pd.Series(column)) for column in zip(*times, strict=True))
    events = pd.DataFrame({"id": [1, 2, 3], "opened": opened, "closed": closed, "how": "done"})
    extracts = monthly_extracts(
        events, PLAN, opened="opened", changed="closed", later={"closed": ("how",)},
        snapshot=snapshot,
    )  # fmt: skip
    september, october = extracts[SEPTEMBER], extracts[OCTOBER]
    assert september["id"].tolist() == ([1, 2, 3] if snapshot else [2, 3])
    assert september.set_index("id")["how"].dropna().index.tolist() == [2]
    assert october["id"].tolist() == ([1, 3] if snapshot else [1])
    assert october.set_index("id").loc[1, "how"] == "done"


def test_events_fall_into_the_month_of_their_local_time():
    when = np.array(["2026-09-30T23:59:59", "2026-10-01T00:00:00"], "M8[s]")
    months = by_month(pd.DataFrame({"at": when}), PLAN, "at")
    assert [len(rows) for rows in months.values()] == [1, 1]


def test_the_files_of_a_quarter_lie_in_one_archive():
    export = Export("jobs", Form(archive=True), key=("id",))
    files = pack(PLAN, export, {SEPTEMBER: jobs(3), OCTOBER: jobs(3)}).files
    assert [file.name for file in files] == [
        "jobs-2026-q3.zip/jobs-2026-09.csv",
        "jobs-2026-q4.zip/jobs-2026-10.csv",
    ]


def test_more_files_are_put_in_the_order_of_their_names():
    batch = pack(PLAN, EXPORT, {SEPTEMBER: jobs(3), OCTOBER: jobs(3)})
    early = whole_file(EXPORT, "jobs-2026-08.csv", Form(), jobs(2))
    assert [file.name[5:12] for file in with_files(batch, [early]).files] == [
        "2026-08", "2026-09", "2026-10",
    ]  # fmt: skip
