"""The page of what to build, mend and rewrite in a real browser."""

import numpy as np
import pandas as pd
import pytest

from insight.topics.discovery import discover
from insight.topics.form_gaps import SavingMethod, form_gaps
from pipelines.edge.online_page import online_page
from tests.page_month import page_month
from tests.topic_letters import HEADINGS, enquiries

VOLUMES = pd.DataFrame(
    [
        ("waste", "Missed bins <b>", "email", 140),
        ("council-tax", "Moving home", "email", 90),
        ("", "Nobody's", "post", 12),
        ("planning", "Progress of an application with a long name", "email", 60),
    ],
    columns=["service", "topic", "channel", "enquiries"],
)
CATALOGUE = pd.DataFrame(
    [
        ("Moving home", "/moving", None),
        ("Progress of an application with a long name", None, "/search"),
    ],
    columns=["topic", "form", "page"],
)
WEB = pd.DataFrame(
    [("/moving", 900, 400, 120), ("/search", 20_000, 0, 0)],
    columns=["page", "views", "form_starts", "form_completions"],
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    gaps = form_gaps(VOLUMES, CATALOGUE, WEB, {"email": 8}, pounds={"email": (3.0, 4.0)})
    shares = {"chasing": 0.2, "chasing_lower": 0.1, "chasing_upper": 0.35, "avoidable": np.nan,
              "avoidable_lower": np.nan, "avoidable_upper": np.nan}  # fmt: skip
    gaps = gaps.assign(lgsl="57, 59", wrote_again=np.nan, months=12, **shares)
    letters = pd.DataFrame(enquiries(240, 200)).set_axis(HEADINGS, axis="columns")
    found = discover(letters["text"].iloc[100:], known=letters.iloc[:100], seed=1)
    page = online_page(page_month(), gaps, found, method=SavingMethod())
    path = tmp_path_factory.mktemp("online") / "online.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(page, axe, path, blocked, console_errors, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path.as_uri())
    assert [(f["id"], [n["html"] for n in f["nodes"]][:3]) for f in axe(page)] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert blocked == []
    assert console_errors == []


def test_the_lists_stand_in_their_order_and_nothing_is_taken_for_markup(page, path):
    page.goto(path.as_uri())
    heads = ["In short", "Build", "Mend", "Rewrite", "New topics"]
    assert page.locator("h2").all_text_contents()[:5] == heads
    assert "Missed bins <b>" in page.locator("tbody").first.inner_text()
    assert "\N{POUND SIGN}" in page.locator("tbody").first.inner_text()
    assert page.locator("#new ~ .grid h3").count() >= 1
