"""The page that says who reports, in a real browser: no finding of axe's, whatever names hold."""

import pandas as pd
import pytest

from pipelines.edge.reporting_page import Reporting, reporting_page
from tests.page_month import page_month

ATTACK = '<img src=x onerror="window.harmed = true">'


@pytest.fixture
def page_file(tmp_path):
    bounds = {"lower": [0.1, 0.0], "upper": [9.0, 3.5]}
    wards = pd.DataFrame({"ward": [ATTACK, "Mill Lane"], "reports": [3, 0]})
    for name in ("people", "km"):
        wards[name] = [1_500.0, 900.5]
        wards[f"{name}_rate"] = [2.0, 0.0]
        for end, values in bounds.items():
            wards[f"{name}_{end}"] = values
    deprivation = pd.DataFrame(
        {"words": ["most deprived fifth of England", "middle fifth"], "areas": [2, 5],
         "exposure": [1_500.0, 3_000.0], "reports": [3, 0], "rate": [2.0, 0.0], **bounds}
    )  # fmt: skip
    findings = pd.DataFrame(
        {"street": [ATTACK, "Elm Road"], "says": ["found, not reported", "neither"],
         "reports": [0, 0], "visits": [4, 9], "found": [2, 0], "lower": [0.15, 0.0],
         "upper": [0.85, 0.3]}
    )  # fmt: skip
    told = Reporting(
        ATTACK, "3 people.", wards, "", deprivation, "They report more.", findings, "Few visits."
    )
    path = tmp_path / "who-reports.html"
    path.write_text(reporting_page(page_month(), told, audience="wardens"), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    page, axe, page_file, blocked, console_errors, width
):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(page_file.as_uri())
    assert [(f["id"], [n["html"] for n in f["nodes"]][:3]) for f in axe(page)] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.harmed") is None
    assert "found, not reported" in page.content()
    assert "neither" not in page.inner_text("main")
    assert blocked == console_errors == []
