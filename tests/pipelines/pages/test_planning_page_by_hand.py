"""Planning's page: tiles, flows, ages, waits and how satisfaction splits, from the made rows."""

from datetime import timedelta

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from tests.pipelines.pages import cases_by_hand as cases
from tests.pipelines.pages import made_council as made
from tests.pipelines.pages.all_by_hand import MONTHS, by_hand
from tests.pipelines.pages.arithmetic import poisson
from tests.pipelines.pages.reading import Page, figures_in_table, same_numbers, same_share

NOW, APOSTROPHE = made.PERIOD, "\N{RIGHT SINGLE QUOTATION MARK}"


@pytest.fixture(scope="module")
def page(outputs):
    return Page(outputs / "2026-12" / "planning" / "index.html")


def days_of(period):
    month = pd.Period(period)
    return month.start_time.date(), month.end_time.date()


def flows(period):
    start, end = days_of(period)
    came = sum(start <= row["received_at"] <= end for row in cases.cases("planning"))
    decided = len(cases.decided_between("planning", start, end))
    return came, decided, len(cases.open_on("planning", end))


def in_time(*, extended):
    rows = cases.decided_between("planning", *days_of(NOW))
    late = [row["extended_to"] if extended else None for row in rows]
    hits = sum(
        row["decided_at"] <= max(row["target_at"], longer or row["target_at"])
        for row, longer in zip(rows, late, strict=True)
    )
    return hits, len(rows)


def test_the_tiles_count_decembers_cases_and_those_in_time(page):
    came, decided, still = flows(NOW)
    same_numbers(page.tile("cases received"), came, *poisson(came))
    same_numbers(page.tile("cases decided"), decided, *poisson(decided))
    same_numbers(page.tile(f"cases open at the month{APOSTROPHE}s end"), still)
    for title, extended in (
        ("decided in time", True), ("decided in time, agreed later dates not counted", False),
    ):  # fmt: skip
        hits, base = in_time(extended=extended)
        share, _, rest = page.tile(title).partition(";")
        same_share(share, hits / base)
        ends, _, number = rest.partition(";")
        same_share(ends, *proportion_confint(hits, base, method="wilson"))
        same_numbers(number, base)
    happy = by_hand("planning")["satisfaction_share", NOW, ""]
    share, ends, answers = page.tile("of applicants satisfied").split(";")
    same_share(share, happy.value)
    same_share(ends, happy.lower, happy.upper)
    same_numbers(answers, happy.base)


def test_every_month_of_cases_is_counted_in_and_out(page):
    table = page.table("Cases by month")
    first = min(row["received_at"] for row in cases.cases("planning"))
    months = [f"{month}" for month in pd.period_range(first, NOW, freq="M")]
    assert len(table.rows) == len(months)
    for row, month in zip(table.rows, months, strict=True):
        assert row[0] == pd.Period(month).strftime("%B %Y")
        assert [int(cell) for cell in row[1:]] == list(flows(month))
    chart = page.table("Open cases at each month's end")
    for month, row in zip(months, chart.rows, strict=True):
        still = flows(month)[2]
        same_numbers(row[1], still)
        same_numbers(row[2], *poisson(still))
        same_numbers(row[3], still)
    (says,) = [t for _, t in page.sentences if t.startswith("Open cases at each month's end From")]
    opens = [flows(month)[2] for month in months]
    wanted = [opens[0], opens[-1], *poisson(opens[-1]), opens[-1], min(opens), max(opens)]
    same_numbers(without_dates(says.replace("95% interval", "")), *wanted)
    (short,) = [t for _, t in page.sentences if t.endswith(" than a month before.")]
    same_numbers(without_dates(short), opens[-1], opens[-2] - opens[-1])
    assert "fewer" in short


def without_dates(text):
    """Take out the months, which are names and not figures."""
    for year in ("2025", "2026"):
        text = text.replace(f" {year}", "")
    return text


def test_the_queue_is_split_by_age(page):
    _, end = days_of(NOW)
    still = cases.open_on("planning", end)
    table = page.table(f"Open at the month{APOSTROPHE}s end, by age")
    same_numbers(table.caption.partition("(")[2], len(still))
    counts = {name: sum(cases.band_of(row, end) == name for row in still) for name in cases.BANDS}
    shown = {name: number for name, number in counts.items() if number}
    assert list(table.column("Number")) == list(shown)
    for name, number in shown.items():
        same_numbers(table.column("Number")[name], number)
        same_share(table.column("Share")[name], number / len(still))


def test_the_waits_stand_beside_their_standard(page):
    table = page.table("Planning (days from receipt")
    assert [row[0] for row in table.rows] == ["Householder", "Minor", "Tree works"]
    for label in ("Householder", "Minor", "Tree works"):
        kind, day = label.lower(), cases.MONTH_END
        wait = cases.wait_on("planning", kind, day)
        standard = made.STANDARD.get(("planning", kind))
        still = [row for row in cases.open_on("planning", day) if row["case_type"] == kind]
        same_numbers(table.column("Open")[label], len(still))
        same_numbers(table.column("Standard")[label], standard)
        same_numbers(table.column("Typical")[label], wait["typical"])
        same_numbers(table.column("Slowest tenth")[label], wait["slowest"])
        mark = "Longer than the standard" if standard and wait["typical"] > standard else ""
        assert mark in table.column("Against the standard")[label]


@pytest.mark.parametrize(
    ("caption", "by"),
    [
        ("Satisfaction by question", "question"),
        ("Satisfaction by who applied", "applicant_kind"),
        ("Satisfaction by decision", "outcome"),
    ],
)
def test_satisfaction_splits_by_question_applicant_and_decision(page, caption, by):
    hand = {
        key[2].partition("=")[2]: figure for key, figure in by_hand("planning").items()
        if key[:2] == ("satisfaction_share", NOW) and key[2].startswith(f"{by}=")
    }  # fmt: skip
    table = page.table(caption)
    assert [row[0] for row in table.rows] == sorted(name.capitalize() for name in hand)
    for name, figure in hand.items():
        label = name.capitalize()
        same_share(table.column("Satisfied")[label], figure.value)
        same_share(table.column("Likely between")[label], figure.lower, figure.upper)
        same_numbers(table.column("Answers")[label], figure.base)


@pytest.mark.parametrize(
    ("caption", "measure"),
    [
        ("Applicants satisfied, month by month", "satisfaction_share"),
        ("Satisfied, three months at a time", "satisfaction_share_quarter"),
    ],
)
def test_the_trends_have_every_month_with_interval_and_base(page, caption, measure):
    hand = by_hand("planning")
    months = {p: hand[measure, p, ""] for p in MONTHS}
    figures_in_table(page, caption, months)


def test_planning_files_are_the_service_managers_rows_of_planning(outputs):
    month = outputs / "2026-12"
    theirs = (month / "service-managers" / "satisfaction.csv").read_text("utf-8-sig").splitlines()
    ours = (month / "planning" / "satisfaction.csv").read_text("utf-8-sig").splitlines()
    assert ours == [theirs[0], *(line for line in theirs if ',"planning",' in line)]
    assert len(ours) > 50


def test_the_planning_weeks_end_on_the_day_that_they_say(outputs):
    words = [t for _, t in Page(outputs / "now" / "recovery-planning" / "index.html").sentences]
    assert f"As the records stood at the end of {made.SUNDAY.day} January 2027." in words
    assert made.SUNDAY - timedelta(days=6) == pd.Timestamp("2027-01-04").date()
