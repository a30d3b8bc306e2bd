"""A month whose files of boundaries and streets went wrong after its reports were stored."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from insight.errors import InsightError
from pipelines.steps.hotspots import publish_hotspots
from pipelines.steps.ingest import ingest_inbox
from pipelines.steps.publish import publish_outputs
from pipelines.steps.sound_geography import with_sound_geography

MONTH = date(2026, 10, 1)
SQUARE = [[-1.13, 52.57], [-1.06, 52.57], [-1.06, 52.62], [-1.13, 52.62], [-1.13, 52.57]]
BOW_TIE = [[-1.13, 52.57], [-1.06, 52.62], [-1.06, 52.57], [-1.13, 52.62], [-1.13, 52.57]]
METRES = [[460_000, 298_000], [464_000, 298_000], [464_000, 302_000], [460_000, 298_000]]


def wards_of(ring):
    ward = {"type": "Feature", "properties": {"name": "North"},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": [ward]})


def reopened(workspace):
    """Return the workspace as the next command sees it: nothing of its maps is read yet."""
    return replace(workspace)


@pytest.fixture
def workspace(make_workspace):
    made = make_workspace(wards_file="reference/wards.geojson", hotspot_categories=[])
    (made.root / "reference" / "wards.geojson").write_text(wards_of(SQUARE), "utf-8")
    rng = np.random.default_rng(3)
    points = zip(rng.uniform(52.58, 52.61, 150), rng.uniform(-1.12, -1.07, 150), strict=True)
    rows = [
        f"{number},{1 + number % 28:02}/10/2026,Litter,{north:.6f},{east:.6f}"
        for number, (north, east) in enumerate(points)
    ]
    header = "report_id,reported_at,category,latitude,longitude\n"
    path = made.root / "inbox" / "street-reports" / "litter.csv"
    path.write_text(header + "\n".join(rows), "utf-8")
    ingest_inbox(made)
    return made


def test_the_month_is_finished_without_them_and_says_so_everywhere(workspace):
    sound = publish_hotspots(workspace, MONTH)
    (workspace.root / "reference" / "wards.geojson").write_text("no boundary", "utf-8")
    settings = workspace.settings.model_copy(update={"streets_file": "reference/gone.gpkg"})
    broken = replace(workspace, settings=settings)
    found = publish_hotspots(broken, MONTH)
    assert found.headline.split(",")[1] == sound.headline.split(",")[1]  # as many reports
    published = publish_outputs(reopened(broken), MONTH)
    for summary in (found, published):
        assert [each.split(":")[0] for each in summary.problems] == [
            "Made without wards (wards_file in council.yaml)",
            "Made without streets (streets_file in council.yaml)",
        ]
    folder = workspace.outputs / "2026-10"
    for name in ("wardens/index.html", "wardens/map.html"):
        assert "gone.gpkg: there is no such street file" in (folder / name).read_text("utf-8")
    assert (folder / "service-managers" / "index.html").is_file()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no such boundary file"),
        (wards_of(METRES), "too large for that"),
        (json.dumps({"type": "FeatureCollection", "features": []}), "holds no shapes"),
    ],
)
def test_each_fault_of_a_boundary_is_told_apart(workspace, text, said):
    path = workspace.root / "reference" / "wards.geojson"
    path.unlink()
    if text is not None:
        path.write_text(text, "utf-8")
    left, faults = with_sound_geography(reopened(workspace))
    assert left.wards is None
    assert len(faults) == 1
    assert said in faults[0]
    with pytest.raises(InsightError, match=said):
        _ = reopened(workspace).wards


def test_a_broken_outline_is_mended_and_nothing_is_left_out(workspace):
    (workspace.root / "reference" / "wards.geojson").write_text(wards_of(BOW_TIE), "utf-8")
    left, faults = with_sound_geography(reopened(workspace))
    assert faults == []
    assert left.wards.geometry.is_valid.all()
