"""Watching the sources: each planted change is told once, and an ordinary month tells nothing."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import yaml

from pipelines.edge.workspace import open_workspace
from pipelines.steps.ingest import ingest_inbox
from pipelines.steps.watch import watch, watch_sources

MONTH = date(2026, 10, 1)
MONTHS = pd.date_range("2025-10-01", periods=13, freq="MS")


def calls(rng, month, rows, *, phone=0.6, name="a"):
    seconds = np.sort(rng.integers(0, month.days_in_month * 86400, rows))
    return pd.DataFrame(
        {
            "contact_id": [f"{name}-{month:%Y%m}-{at}" for at in range(rows)],
            "contacted_at": (month + pd.to_timedelta(seconds, unit="s")).strftime("%d/%m/%Y %H:%M"),
            "channel": np.where(rng.random(rows) < phone, "phone", "email"),
            "service": "planning",
            "reason": "chasing",
        }
    )


@pytest.fixture
def borough(make_workspace):
    """Four sources of contacts that nothing happens to, and one that never sent a file."""
    workspace = make_workspace()
    names = ["steady", "stopped", "halved", "renamed", "silent"]
    sources = [{"name": name, "contract": "contacts"} for name in names]
    path = workspace.root / "settings" / "sources.yaml"
    path.write_text(yaml.safe_dump({"sources": sources}), encoding="utf-8")
    services = [{"code": "planning", "name": "Planning", "manager": "Dev Patel"}]
    path = workspace.root / "settings" / "services.yaml"
    path.write_text(yaml.safe_dump({"services": services}), encoding="utf-8")
    measures = workspace.root / "settings" / "measures.yaml"
    measures.write_text("measures: []\n", encoding="utf-8")
    rng = np.random.default_rng(1)
    for name in names[:-1]:
        for month in MONTHS:
            put(workspace, name, month, calls(rng, month, rng.poisson(200), name=name))
    return workspace


def put(workspace, source, month, frame):
    folder = workspace.inbox(source)
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_csv(folder / f"{source}-{month:%Y-%m}.csv", index=False)


def watched(workspace, month=MONTH):
    opened = open_workspace(workspace.root, run_id="test")
    assert [each.reason for each in ingest_inbox(opened) if each.account is None] == []
    return watch_sources(opened, month)


def test_an_ordinary_month_tells_only_of_the_source_that_never_sent_anything(borough):
    summary = watched(borough)
    assert summary.problems == [
        "Nothing has ever come from silent. Put its files into inbox/silent, or take it out of "
        "sources.yaml."
    ]
    assert summary.headline.startswith("5 sources: 4 in time, 1 late or missing; 0 changes")


def test_each_planted_change_is_told_once_and_nothing_else_is(borough):
    rng, last = np.random.default_rng(2), MONTHS[-1]
    for month in MONTHS[-2:]:
        (borough.inbox("stopped") / f"stopped-{month:%Y-%m}.csv").unlink()
    put(borough, "halved", last, calls(rng, last, 100, name="halved"))
    renamed = calls(rng, last, 200, name="renamed").rename(columns={"reason": "Reasons"})
    put(borough, "renamed", last, renamed)
    put(borough, "steady", last, calls(rng, last, 200, phone=0.02, name="steady"))
    problems = watched(borough).problems
    told = {problem.split()[0].strip(":"): problem for problem in problems}
    assert "stopped has stopped: nothing is dated after 31 August 2026" in told["stopped"]
    assert "Ask Dev Patel, who manages Planning, whether" in told["stopped"]
    assert told["halved"].startswith("halved: 100 rows in October 2026, where ")
    assert any('"phone" is' in each and each.startswith("steady: channel") for each in problems)
    assert any('has "Reasons" where' in each and 'had "reason"' in each for each in problems)
    # The renamed column is empty now, which is told too.
    assert any(each.startswith("renamed: reason is blank in 100% of 200") for each in problems)
    assert len(problems) == 6  # and the one that never sent anything


def test_a_month_that_is_not_over_is_not_measured(borough, monkeypatch):
    put(borough, "halved", MONTHS[-1], calls(np.random.default_rng(2), MONTHS[-1], 20))
    monkeypatch.setenv("INSIGHT_TODAY", "2026-10-31")
    assert [each for each in watched(borough).problems if "halved" in each] == []


def test_an_old_month_that_is_run_again_blames_nobody_for_what_came_later(borough, monkeypatch):
    expected = watched(borough).problems
    monkeypatch.setenv("INSIGHT_TODAY", "2028-01-10")
    assert watched(borough).problems == expected


def test_the_rows_of_each_source_are_counted_by_local_month(borough):
    watched(borough)
    found = watch(open_workspace(borough.root, run_id="test"), MONTH)
    volumes = found.volumes.set_index(["source", "month"])["rows"]
    files = pd.read_csv(borough.inbox("steady") / "steady-2026-07.csv")
    assert volumes["steady", pd.Timestamp("2026-07-01")] == len(files)
    assert "silent" not in set(found.volumes["source"])
