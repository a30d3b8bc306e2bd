"""The borough's planted changes are told, each of them, and what else is told is counted."""

import json
from datetime import date

import pytest

from pipelines.edge.demo import write_demo
from pipelines.edge.workspace import open_workspace, prepare_folders
from pipelines.steps.ingest import ingest_inbox
from pipelines.steps.watch import watch

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def borough(tmp_path_factory):
    root = tmp_path_factory.mktemp("drift") / "demo"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INSIGHT_TODAY", "2026-11-23")
        patch.setenv("INSIGHT_PSEUDONYM_KEY", "0f" * 32)
        write_demo(root, last_month=date(2026, 10, 1), months=24)
        prepare_folders(root)
        workspace = open_workspace(root, run_id="test")
        ingest_inbox(workspace)
        yield workspace, json.loads((root / "truths.json").read_text(encoding="utf-8"))["drift"]


def test_every_planted_change_is_told(borough):
    workspace, truths = borough
    watched = watch(workspace, date(2026, 10, 1))
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
