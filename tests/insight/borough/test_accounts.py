from datetime import date

import pandas as pd

from insight.borough.accounts import row_accounts
from insight.borough.files import Batch, Export, Form, pack, whole_file
from insight.borough.plan import Plan

PLAN = Plan(date(2026, 10, 1), months=2)
SEPTEMBER, OCTOBER = PLAN.span
EXPORT = Export("jobs", Form(), key=("id",), spoilers=(("day", "never"),), fresh="id")


def jobs(count, day="2026-09-01", start=0):
    ids = (start + pd.Series(range(count))).astype("string")
    return pd.DataFrame({"id": ids, "day": day}, dtype="string")


def test_the_account_tells_duplicates_from_corrections():
    first, again = jobs(100), pd.concat([jobs(30), jobs(20, "2026-09-02", start=30)])
    batch = pack(PLAN, EXPORT, {SEPTEMBER: first, OCTOBER: again})
    september, october = row_accounts(batch).values()
    assert september == {
        "read": 103, "accepted": 100, "quarantined": 2, "duplicates": 1, "filtered": 0,
        "corrections": 0,
    }  # fmt: skip
    assert october["duplicates"] == 30
    assert october["corrections"] == 20
    assert october["accepted"] == 20


def test_a_wide_survey_is_counted_by_its_answers():
    export = Export("survey", Form(), key=("ID",), questions=("How?", "Why?"))
    frame = pd.DataFrame({"ID": ["1", "2"], "How?": ["well", "badly"], "Why?": [None, "rain"]})
    first = whole_file(export, "a.csv", Form(), frame)
    again = whole_file(export, "b.csv", Form(), frame.assign(**{"How?": ["well", "well"]}))
    told = row_accounts(Batch(export, (first, again)))
    assert told["a.csv"] == {
        "read": 4, "accepted": 3, "quarantined": 0, "duplicates": 0, "filtered": 1,
        "corrections": 0,
    }  # fmt: skip
    assert told["b.csv"]["duplicates"] == 2
    assert told["b.csv"]["corrections"] == 1
