import io

import openpyxl
import pandas as pd
import pytest

from insight.rag import Rag
from insight.rounding import written
from insight.spc_rules import Assurance, Variation
from insight.spc_words import ASSURANCE_WORDS, VARIATION_WORDS
from insight.verdict_table import verdict_of
from pipelines.edge.page_words import capitalised
from pipelines.edge.pages import render_site
from pipelines.edge.scorecard_rows import Judged
from pipelines.edge.workbook import scorecard_workbook
from tests.judged_month import TITLES, figures, judged
from tests.page_month import page_month
from tests.page_reading import Reading

DETAIL = "performance/scorecard-service-bins-and-recycling.html"


@pytest.fixture(scope="module")
def month():
    return judged()


@pytest.fixture(scope="module")
def site(month):
    return render_site(page_month(judged=month, scorecard=month.card))


def test_each_view_has_its_page_for_each_reader(site):
    names = {name.split("/")[1] for name in site if name.startswith("performance/scorecard")}
    assert names == {
        "scorecard.html", "scorecard-service-bins-and-recycling.html",
        "scorecard-head-head-of-bins.html", "scorecard-family-service-standard.html",
        "scorecard-family-general-statutory.html", "scorecard-family-general-improvement.html",
    }  # fmt: skip
    for name in names:
        assert site[f"senior-leadership/{name}"] == site[f"performance/{name}"]


def test_the_page_shows_figures_worked_out_separately(site):
    said = Reading(site[DETAIL]).words
    values = figures().query("measure == 'CHANCE'").set_index("period")["value"]
    mean = written(pd.Series([values.mean()]), "score", 1).item()
    year = written(pd.Series([values["2026-04":].mean()]), "score", 1).item()
    assert f"Mean {mean}, limits" in said
    assert f"Year so far {year}" in said
    assert "79.0 against 80.0" in said
    assert "Turned amber from green; a change of this size is chance." in said
    assert "24 points, November 2024 to October 2026" in said


def test_a_rebase_stands_beside_its_measure_with_the_old_status(site):
    said = Reading(site[DETAIL]).words
    assert "Limits begin afresh in January 2026. New <crews> began." in said
    assert "Recorded by A. Head on 5 November 2025. Before it: no change." in said
    assert "the chart would say: real change for the better, high" in said
    assert ">rebased</text>" in site[DETAIL]


def test_what_people_wrote_is_escaped(site):
    for name in ("performance/scorecard.html", DETAIL):
        assert "<crew" not in site[name]
        assert "<off>" not in site[name]
        assert TITLES["WORSE"] in Reading(site[name]).words


def test_a_suppressed_measure_is_named_and_nothing_else(site):
    said = Reading(site[DETAIL]).words
    hidden = said[said.rindex(TITLES["HIDDEN"]) :].split("Code HIDDEN")[0]
    assert "Not shown" in hidden
    assert "3.0" not in hidden
    assert "Year so far" not in hidden


def test_every_verdict_variation_and_assurance_reaches_the_page(month):
    kinds = [(rag.value, kind, sure) for rag in Rag for kind in (None, *Variation)
             for sure in (None, *Assurance)]  # fmt: skip
    card = pd.concat([month.card.iloc[:1]] * len(kinds), ignore_index=True)
    codes = [f"K{at}" for at in range(len(kinds))]
    found = pd.concat([month.processes.measures.iloc[:1]] * len(kinds), ignore_index=True)
    said = [verdict_of(*kind) for kind in kinds]
    whole = Judged(
        card.assign(measure=codes, rag=[kind[0] for kind in kinds]),
        type(month.processes)(
            found.assign(
                measure=codes,
                variation=[kind[1] for kind in kinds],
                assurance=[kind[2] for kind in kinds],
                verdict=[each.title for each in said],
                verdict_words=[each.words for each in said],
            ),
            month.processes.points.iloc[:0],
        ),
        pd.concat([month.year.iloc[:1]] * len(kinds), ignore_index=True),
        month.ledger,
    )
    words = Reading(render_site(page_month(judged=whole))[DETAIL]).words
    for each in said:
        told = each.words if each.words.startswith(each.title) else f"{each.title}. {each.words}"
        assert told in words
    for sign in (*VARIATION_WORDS.values(), *ASSURANCE_WORDS.values()):
        assert capitalised(sign) in words


def test_senior_leadership_reads_the_verdict_of_what_is_off_target(site):
    said = Reading(site["senior-leadership/index.html"]).words
    assert "Missed by a real change." in said
    assert "Open the scorecard" in said


def test_the_public_page_says_nothing_of_processes(site):
    assert "limits" not in Reading(site["public/index.html"]).words


def test_the_workbook_says_what_the_page_says(month):
    made = scorecard_workbook(
        month.card, council="C", period_label="October 2026", notes=["One."], judged=month
    )
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == [
        "Cover", "Scorecard", "Off target", "Real change", "Year", "Service standard",
        "General statutory", "General improvement", "Rebases", "Definitions", "Notes",
    ]  # fmt: skip
    for sheet in book:
        assert len(sheet.tables) == 1
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
    rows = [[cell.value for cell in row] for row in book["Real change"].iter_rows(min_row=3)]
    by = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    chance = by[TITLES["CHANCE"]]
    values = figures().query("measure == 'CHANCE'")["value"]
    assert chance["Mean"] == pytest.approx(values.mean())
    assert chance["Change of colour"].endswith("a change of this size is chance.")
    assert (chance["Since"], chance["Limits"]) == ("[z]", "Settled")
    assert by[TITLES["WORSE"]]["Is the change real"] == "Real change for the worse, low"
    assert by[TITLES["HIDDEN"]]["Mean"] == "[c]"
    ledger = [cell.value for cell in book["Rebases"][4]]
    assert ledger[1:6] == [
        "January 2026", "New <crews> began.", "A. Head", "5 November 2025", "no change",
    ]  # fmt: skip
