"""The demo's command, without Prefect: what it writes, says and refuses."""

import json
from io import StringIO

import pytest
from rich.console import Console

from pipelines.commands import demo
from pipelines.steps.summary import StepSummary


@pytest.fixture
def made(monkeypatch, tmp_path):
    asked = []

    def run(folder, month, only, out):
        asked.append((folder, month, only))
        return [StepSummary("ingest", "done", seconds=3.2), StepSummary("publish", "done")]

    monkeypatch.setattr(demo, "run_and_tell", run)

    def make(folder=tmp_path / "demo", **changes):
        out = Console(record=True, width=300, file=StringIO())
        chosen = {"month": None, "months": 1, "seed": 5, "reports_a_year": 300, "outputs": None}
        demo.make_demo(folder, **(chosen | changes), out=out)
        return out.export_text(), asked

    return make


def test_it_says_what_it_does_and_how_long_each_part_took(made, tmp_path):
    said, asked = made()
    # Published again once a quarter is released.
    assert asked[0] == (tmp_path / "demo", "2026-10", None)
    assert [parts for *_, parts in asked[1:]] == [["publish"]]
    begun = [
        "Inventing a borough...",
        "Writing its files...",
        "Running its last month...",
        "Releasing the last quarter that committee has had...",
        "The lists of its days and weeks...",
    ]
    lines = said.splitlines()
    assert [line for line in lines if line.endswith("...")] == begun
    for part in (*(line.removesuffix("...") for line in begun), "The whole demo"):
        assert any(line.startswith(f"{part}: ") and line.endswith(" s") for line in lines), part
    assert "  ingest: 3.2 s" in lines
    assert f"{tmp_path / 'demo' / 'truths.json'}" in said
    assert "/performance/index.html" in said


def test_the_switch_reaches_the_reports(made, tmp_path):
    made(reports_a_year=30_000)
    truths = json.loads((tmp_path / "demo" / "truths.json").read_text(encoding="utf-8"))
    assert truths["fouling"]["2026-10"] > 2_000


def test_an_earlier_demo_is_made_anew_and_nothing_else_is_touched(made, tmp_path):
    made()
    left = tmp_path / "demo" / "inbox" / "patrols" / "patrols-2020-01.parquet"
    left.write_bytes(b"")
    made(outputs=tmp_path / "out")
    assert not left.exists()
    council = (tmp_path / "demo" / "settings" / "council.yaml").read_text(encoding="utf-8")
    assert f"output_root: {tmp_path / 'out'}" in council
    own = tmp_path / "own"
    own.mkdir()
    (own / "letter.txt").write_text("Dear Sir")
    with pytest.raises(demo.DemoFolderError, match="no demo made"):
        made(own)
    assert (own / "letter.txt").exists()
