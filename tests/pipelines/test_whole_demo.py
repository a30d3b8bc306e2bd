"""`insight demo`, whole: two years of the borough, and all that was planted comes out.

Every row and every file ends as planted, and every planted change is told; what else is told is
counted.
"""

import json
import os
import subprocess
import sysconfig
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models import Hotspot, Result
from pipelines.commands.demo import AUDIENCES
from pipelines.edge.store import read_table
from pipelines.edge.workspace import open_workspace
from pipelines.steps.publish import row_accounts
from pipelines.steps.watch import watch

pytestmark = pytest.mark.slow

INSIGHT = Path(sysconfig.get_path("scripts")) / "insight"
MONTH = date(2026, 10, 1)
FATES = {"read": "rows_read"}  # what the truths call a column of the accounts


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Run the command with Prefect; give the workspace, the outputs, the truths, what was said."""
    folder = tmp_path_factory.mktemp("whole")
    done = subprocess.run(
        [INSIGHT, "demo", folder / "demo", "--outputs", folder / "out"],
        env=os.environ
        | {
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # for a busy machine
            "COLUMNS": "300",
        },
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    truths = json.loads((folder / "demo" / "truths.json").read_text(encoding="utf-8"))
    return folder / "demo", folder / "out" / "demo", truths, done.stdout


@pytest.fixture
def borough(demo):
    return open_workspace(demo[0]), demo[2]


def test_each_reader_is_told_of_a_page_that_is_there(demo):
    _, outputs, _, said = demo
    for audience in AUDIENCES:
        page = outputs / f"{MONTH:%Y-%m}" / audience / "index.html"
        assert page.stat().st_size > 5_000, audience
        assert str(page) in said


def stored(workspace, table, **where):
    with workspace.engine.connect() as connection:
        return read_table(connection, table, where=where, timezone="Europe/London")


def test_every_row_of_every_file_ends_as_planted(borough):
    workspace, truths = borough
    accounts = row_accounts(workspace).set_index(["source", "file"])
    taken = accounts[accounts["status"].eq("accepted")]
    expected = {
        (source, name): told
        for source, files in truths["files"].items()
        for name, told in files.items()
        if truths["broken_files"].get(f"{source}/{name}", {}).get("ends") != "seen before"
    }
    told = {
        key: {fate: row[FATES.get(fate, fate)] for fate in expected[key]}
        for key, row in taken.to_dict(orient="index").items()
    }
    assert len(told) > 400
    assert told == expected


def test_the_broken_files_are_refused_and_no_other(borough):
    workspace, truths = borough
    accounts = row_accounts(workspace)
    accounts["path"] = accounts["source"] + "/" + accounts["file"]
    refused = set(accounts.loc[accounts["status"].eq("refused"), "path"])
    planted = truths["broken_files"]
    assert refused == {name for name, odd in planted.items() if odd["ends"] == "refused"}
    again = {name for name, odd in planted.items() if odd["ends"] == "seen before"}
    assert again
    assert not again & set(accounts["path"]), "a file seen before is no second file"


def test_the_true_hotspots_stand_out_and_the_fallback_does_not(borough):
    workspace, truths = borough
    cells = stored(workspace, Hotspot, period="2026-10")
    found = cells[cells["significant"]]

    def away(place):
        east, north = found["easting"] - place["easting"], found["northing"] - place["northing"]
        return float(((east**2 + north**2) ** 0.5).min())

    for spot in truths["hotspots"]:
        if spot["kind"] != "cooling":  # which is past
            assert away(spot) < 200, spot["kind"]
    assert away(truths["fallback"]) > 500
    # And none is invented: every square that stands out lies at a place that was planted.
    planted = [[spot["easting"], spot["northing"]] for spot in truths["hotspots"]]
    apart = found[["easting", "northing"]].to_numpy()[:, None] - np.array(planted, dtype=float)
    assert (((apart**2).sum(axis=2) ** 0.5).min(axis=1) < 200).all()


def test_satisfaction_with_planning_is_measured_as_it_was_planted(borough):
    workspace, truths = borough
    figures = stored(
        workspace, Result, measure="satisfaction_share", service="planning", breakdown=""
    ).set_index("period")
    planted = pd.Series(
        {month: told["satisfied_share"] for month, told in truths["planning"].items()}
    )
    assert len(planted) == 24
    inside = planted.between(figures["lower"].loc[planted.index], figures["upper"][planted.index])
    assert inside.sum() >= 21  # 95% intervals of draws: one in twenty misses
    story = truths["story"]
    change = stored(
        workspace,
        Result,
        measure="satisfaction_change_relative",
        service="planning",
        period=story["satisfaction_recovered"],
        breakdown="against=6 months before",
    ).iloc[0]
    # Quarters blunt the planted 30%, from a trough month to a recovered one.
    quarters = planted.rolling(3).mean()
    recovered, trough = story["satisfaction_recovered"], story["satisfaction_trough"]
    assert 0 < change["lower"] < quarters[recovered] / quarters[trough] - 1 < change["upper"]


def test_every_planted_change_is_told(borough):
    workspace, told = borough
    truths = told["drift"]
    watched = watch(workspace, MONTH)
    by_kind = {(each.source, each.kind): each.words for each in watched.news}
    late = {each.source for each in watched.freshness if each.late}
    assert truths["stopped"]
    assert truths["volume"]
    assert truths["headings"]
    for planted in truths["stopped"]:
        assert planted["source"] in late or (planted["source"], "volume") in by_kind
    for planted in truths["volume"]:
        assert (planted["source"], "volume") in by_kind
    for planted in truths["headings"]:
        words = by_kind[planted["source"], "columns"]
        assert f'has "{planted["new"]}" where' in words
        assert f'had "{planted["gone"]}"' in words


def test_ordinary_months_tell_of_hardly_anything(borough):
    workspace, _ = borough
    months = [date(2026, month, 1) for month in (5, 6, 7, 8)]
    told = [each for month in months for each in watch(workspace, month).news]
    # 17 sources and some hundred columns a month.
    assert len(told) <= 1, [each.words for each in told]
