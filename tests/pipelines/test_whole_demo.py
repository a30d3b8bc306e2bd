"""Two years of the borough, taken in at one go: all that was planted comes out.

Every row and every file ends as planted, and every planted change is told; what else is told is
counted.
"""

import json
from dataclasses import asdict
from datetime import date

import numpy as np
import pandas as pd
import pytest

from models import Hotspot, Result
from pipelines.edge.demo import write_demo
from pipelines.edge.store import read_table
from pipelines.edge.workspace import open_workspace, prepare_folders
from pipelines.steps.ingest import ingest_inbox
from pipelines.steps.month import STEPS
from pipelines.steps.watch import watch
from tests.uncovered import uncovered

pytestmark = pytest.mark.slow

MONTH = date(2026, 10, 1)


@pytest.fixture(scope="module")
def borough(tmp_path_factory):
    root = tmp_path_factory.mktemp("whole") / "demo"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INSIGHT_TODAY", "2026-11-23")
        patch.setenv("INSIGHT_PSEUDONYM_KEY", "0f" * 32)
        with uncovered():
            write_demo(root, last_month=MONTH)
            prepare_folders(root)
            workspace = open_workspace(root, run_id="whole")
            outcomes = ingest_inbox(workspace)
            for name in ("hotspots", "satisfaction"):
                STEPS[name](workspace, MONTH)
        yield workspace, outcomes, json.loads((root / "truths.json").read_text(encoding="utf-8"))


def stored(workspace, table, **where):
    with workspace.engine.connect() as connection:
        return read_table(connection, table, where=where, timezone="Europe/London")


def test_every_row_of_every_file_ends_as_planted(borough):
    _, outcomes, truths = borough
    expected = {
        f"{source}/{name}": told
        for source, files in truths["files"].items()
        for name, told in files.items()
    }
    told = {}
    for outcome in outcomes:
        name = f"{outcome.source}/{outcome.file}"
        if outcome.account is not None:
            account = asdict(outcome.account)
            account["read"] = account["rows_read"]
            told[name] = {fate: account[fate] for fate in expected[name]}
    assert len(told) > 400
    assert told == expected


def test_the_broken_files_are_refused_and_no_other(borough):
    _, outcomes, truths = borough
    refused = {f"{o.source}/{o.file}" for o in outcomes if o.account is None}
    planted = truths["broken_files"]
    assert refused == {name for name, odd in planted.items() if odd["ends"] == "refused"}
    again = {
        f"{o.source}/{o.file}" for o in outcomes if o.account and o.account.status == "seen before"
    }
    assert again == {name for name, odd in planted.items() if odd["ends"] == "seen before"}


def test_the_true_hotspots_stand_out_and_the_fallback_does_not(borough):
    workspace, _, truths = borough
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
    workspace, _, truths = borough
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
    workspace, _, told = borough
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
    workspace, _, _ = borough
    months = [date(2026, month, 1) for month in (5, 6, 7, 8)]
    told = [each for month in months for each in watch(workspace, month).news]
    # 17 sources and some hundred columns a month.
    assert len(told) <= 1, [each.words for each in told]
