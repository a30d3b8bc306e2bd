"""Today's pages in a real browser: what is due, what to tell callers, the recovery sheet."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from insight.caller_words import waits
from insight.case_lists import past_standard
from insight.complaints.clocks import run_clocks
from insight.complaints.due import due_complaints
from insight.recovery_sheet import recovery_sheet
from pipelines.edge.now_pages import Measured, due_page, recovery_page, waits_page

TODAY = date(2026, 11, 23)
MONDAY = date(2026, 11, 16)
PAGES = ["due.html", "waits.html", "recovery.html"]
STANDARDS = pd.DataFrame({"service": ["planning"], "case_type": [""], "standard_days": [56.0]})
SHARE = {"period": "2026-10", "value": 0.61, "lower": 0.55, "upper": 0.67, "base": 240.0}


def applications(number=240):
    """One application a day and a half up to today; two in three decided, after 20 to 120 days."""
    at = np.arange(number)
    received = pd.Timestamp(TODAY) - pd.to_timedelta(at * 1.5, unit="D").floor("D")
    decided = received + pd.to_timedelta(20 + at * 37 % 100, unit="D")
    done = (at % 3 != 0) & (decided <= pd.Timestamp(TODAY))
    return pd.DataFrame(
        {
            "case_id": [f"26/00{n:03d}/FUL" for n in at],
            "service": "planning",
            "case_type": np.where(at % 2, "householder", "minor development"),
            "received_at": received,
            "target_at": received + pd.Timedelta(days=56),
            "extended_to": pd.NaT,
            "decided_at": pd.Series(decided).where(done),
            "outcome": pd.Series("granted", range(number), dtype="string").where(done),
            "last_update_sent_at": pd.NaT,
            "ward": "Oadby Woodlands",
        }
    )


def complaints():
    received = pd.bdate_range(end=pd.Timestamp(TODAY), periods=25)
    stages = np.where(np.arange(25) % 4, "stage 1", "stage 2")
    return pd.DataFrame(
        {
            "complaint_id": [f"CMP-{n:05d}" for n in range(25)],
            "received_at": received,
            "service": "planning",
            "stage": stages,
            "regime": "lgsco",
        }
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root, cases = tmp_path_factory.mktemp("now"), applications()
    told = {"council": "Oadby and Wigston Borough Council"}
    names = {"planning": "Planning applications"}
    listed = waits(cases, TODAY, STANDARDS).rename(
        columns={"typical": "typical_days", "slowest_tenth": "slowest_tenth_days"}
    )
    silent = past_standard(cases, TODAY, STANDARDS)
    sheet = recovery_sheet(
        cases, service="planning", monday=MONDAY, standards=STANDARDS, no_update_days=14, agreed=()
    )
    pages = {
        "due.html": due_page(due_complaints(run_clocks(complaints()), TODAY), TODAY, **told,
                             names=names),
        "waits.html": waits_page(listed, silent, TODAY, **told, names=names, no_update_days=14),
        "recovery.html": recovery_page(
            sheet, **told, name="Planning applications", chasing=Measured(**SHARE, before=None),
            satisfaction=Measured(**SHARE, before=0.5),
        ),
    }  # fmt: skip
    for path, content in pages.items():
        (root / path).write_text(content, encoding="utf-8", newline="")
    return root


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    page, axe, folder, blocked, console_errors, path, width
):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((folder / path).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = axe(page)
    assert [(f["id"], [n["html"] for n in f["nodes"]][:3]) for f in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, summary, button")]
            .filter(e => !e.matches(".skip") && e.getBoundingClientRect().height < 24)
            .map(e => e.textContent)"""
    )
    assert small == []
    assert blocked == []
    assert console_errors == []


def test_the_recovery_sheet_prints_on_few_sides_of_a4(page, folder):
    page.goto((folder / "recovery.html").as_uri())
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") <= 6
