"""Numbers on the pages of today, of planning and of comments, worked out again from the rows."""

import random
import re
from collections import Counter
from datetime import date, timedelta

import pytest
from statsmodels.stats.proportion import proportion_confint

from pipelines.edge.workspace import create_workspace, open_workspace
from pipelines.steps.comments import publish_comments
from pipelines.steps.demand import publish_demand
from pipelines.steps.ingest import find_source
from pipelines.steps.ingest_file import ingest_file
from pipelines.steps.now import publish_due, publish_waits
from pipelines.steps.publish import publish_outputs
from pipelines.steps.satisfaction import publish_satisfaction
from pipelines.steps.scorecard import publish_scorecard
from tests.page_reading import Reading
from tests.small_month import write_csv

TODAY, SUNDAY, OCTOBER = date(2026, 11, 23), date(2026, 11, 22), date(2026, 10, 1)
STANDARD, NO_UPDATE = 56, 14
SATISFIED = ("very satisfied", "fairly satisfied")
CASES = ["case_id", "service", "case_type", "received_at", "decided_at", "outcome",
         "applicant_kind", "last_update_sent_at", "customer"]  # fmt: skip


def uk(day):
    return "" if day is None else f"{day:%d/%m/%Y}"


def said(day):
    return f"{day.day} {day:%B %Y}"


def made_cases():
    dice = random.Random(7)  # noqa: S311 - invented rows
    rows = []
    for n in range(160):
        received = date(2026, 5, 1) + timedelta(days=dice.randrange(200))
        decided = received + timedelta(days=dice.randrange(15, 130))
        outcome = dice.choice(["granted", "granted", "refused", "withdrawn"])
        if decided > TODAY - timedelta(days=1):
            decided, outcome = None, ""
        told = received + timedelta(days=dice.randrange(5, 60)) if n % 3 else None
        if told is not None and told > TODAY:
            told = None
        who = dice.choice(["agent", "householder"])
        rows.append((f"P{n:03d}", received, decided, outcome, who, told))
    return rows


def made_answers():
    dice = random.Random(8)  # noqa: S311 - invented rows
    told = ["very satisfied", "fairly satisfied", "fairly dissatisfied", "don't know"]
    return [(case[0], dice.choice(told)) for case in made_cases()[:90]]


COMPLAINTS = [
    # reference, received, acknowledged, stage
    ("K1", date(2026, 11, 16), None, "stage 1"),
    ("K2", date(2026, 11, 5), date(2026, 11, 9), "stage 1"),
    ("K3", date(2026, 10, 20), date(2026, 10, 26), "stage 2"),
    ("K4", date(2026, 10, 1), date(2026, 10, 2), "stage 1"),
    ("K5", date(2026, 11, 20), date(2026, 11, 20), "stage 2"),
]
PRAISED = ["Thank you to the friendly crew", "Lovely park, really tidy"]
BLAMED = ["The bin was missed again", "Website down and slow"]


@pytest.fixture(scope="module")
def council(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INSIGHT_TODAY", f"{TODAY}")
        patch.setenv("INSIGHT_PSEUDONYM_KEY", "0f" * 32)
        workspace = open_workspace(create_workspace(folder / "council"))
        cases = [
            [ref, "planning", "householder", uk(came), uk(gone), outcome, who, uk(told), f"c{ref}"]
            for ref, came, gone, outcome, who, told in made_cases()
        ]
        answers = [
            [f"r{n}", "applicants", f"{1 + n % 28:02d}/10/2026", "overall", "satisfaction-5",
             answer, "planning", case]
            for n, (case, answer) in enumerate(made_answers())
        ]  # fmt: skip
        complaints = [
            [ref, uk(came), "waste", stage, "lgsco", uk(seen)]
            for ref, came, seen, stage in COMPLAINTS
        ]
        comments = [
            [f"m{n}", "12/10/2026", text, "waste", "compliment" if text in PRAISED else "comment"]
            for n, text in enumerate(
                PRAISED[:1] * 21 + PRAISED[1:] * 24 + BLAMED[:1] * 25 + BLAMED[1:] * 22
            )
        ]
        contacts = [
            [f"t{n}", f"{1 + n % 28:02d}/10/2026 10:00", "phone", "planning", f"c{n}",
             "Any update?" if n % 4 == 0 else "Fees"]
            for n in range(60)
        ]  # fmt: skip
        files = {
            "cases": (CASES, cases),
            "surveys": (["response_id", "survey", "answered_at", "question", "scale", "answer",
                         "service", "case_id"], answers),
            "complaints": (["complaint_id", "received_at", "service", "stage", "regime",
                            "acknowledged_at"], complaints),
            "comments": (["comment_id", "received_at", "text", "service", "kind"], comments),
            "contacts": (["contact_id", "contacted_at", "channel", "service", "customer", "text"],
                         contacts),
        }  # fmt: skip
        for source, (header, rows) in files.items():
            path = write_csv(folder / f"{source}.csv", header, rows)
            account = ingest_file(workspace, path, find_source(workspace, source, None))
            assert account.accepted == len(rows)
        for step in (publish_satisfaction, publish_comments, publish_demand, publish_scorecard,
                     publish_due, publish_waits, publish_outputs):  # fmt: skip
            step(workspace, OCTOBER)
    return workspace.outputs


def page(folder):
    return Reading((folder / "index.html").read_text("utf-8")).words


def open_on(day):
    return [row for row in made_cases() if row[1] <= day and (row[2] is None or row[2] > day)]


def silent_on(day):
    """Open past the standard, and the last word (or the receipt) more than 14 days ago."""
    found = []
    for row in open_on(day):
        told = row[5] if row[5] is not None and row[1] <= row[5] <= day else row[1]
        if (day - row[1]).days > STANDARD and (day - told).days > NO_UPDATE:
            found.append(row[0])
    return found


def test_the_recovery_sheets_weeks_are_plain_counts_of_the_rows(council):
    words = page(council / "now" / "recovery-planning")
    monday = SUNDAY - timedelta(days=6)
    for back in range(13):
        start = monday - timedelta(weeks=back)
        end = start + timedelta(days=6)
        received = sum(start <= row[1] <= end for row in made_cases())
        gone = [row for row in made_cases() if row[2] is not None and start <= row[2] <= end]
        decided = sum(row[3] != "withdrawn" for row in gone)
        withdrawn = len(gone) - decided
        line = f"{said(start)} {received} {decided} {withdrawn} {len(open_on(end))}"
        assert line in words


def test_the_recovery_sheets_queue_is_by_age_with_those_past_standard(council):
    words = page(council / "now" / "recovery-planning")
    still = open_on(SUNDAY)
    ages = [(SUNDAY - row[1]).days for row in still]
    assert f"{len(still)} Open as the week ended" in words or f"Open {len(still)}" in words
    past = sum(age > STANDARD for age in ages)
    assert f"{past} Past standard" in words or f"Past standard {past}" in words
    table = words[words.index("Open cases by age") : words.index("Week by week")]
    rows = re.findall(r"(\d+) to (\d+) days (\d+) (\d+)", table)
    assert len(rows) >= 3
    for low, high, number, late in rows:
        band = [age for age in ages if int(low) <= age <= int(high)]
        assert (len(band), sum(age > STANDARD for age in band)) == (int(number), int(late))
    assert f"{len(silent_on(SUNDAY))} heard nothing lately" in words


def test_the_recovery_sheet_has_octobers_chasing_and_satisfaction(council):
    words = page(council / "now" / "recovery-planning")
    assert re.search(r"Chasing contacts 15|15 Chasing contacts", words)
    answered = [answer for _, answer in made_answers() if answer != "don't know"]
    happy = sum(answer in SATISFIED for answer in answered)
    low, high = proportion_confint(happy, len(answered), method="wilson")
    assert f"{happy / len(answered):.0%}" in words
    assert f"likely {low:.0%} to {high:.0%}; {len(answered)} answers" in words


def test_what_customer_services_say_is_a_product_limit_worked_by_hand(council):
    words = page(council / "now" / "customer-services")
    start = date(2026, 8, 24)  # three months, today the last of them
    seen = []
    for _, came, gone, outcome, _, _ in made_cases():
        if came > TODAY or (gone is not None and gone < start):
            continue
        entry = max((start - came).days, 0)
        seen.append((entry, ((gone or TODAY) - came).days, bool(gone) and outcome != "withdrawn"))
    surviving, typical, slowest = 1.0, None, None
    for day in sorted({leaving for _, leaving, event in seen if event}):
        at_risk = sum(entry <= day <= leaving for entry, leaving, _ in seen)
        died = sum(leaving == day and event for _, leaving, event in seen)
        surviving *= 1 - died / at_risk
        if typical is None and surviving <= 0.5:
            typical = day
        if slowest is None and surviving <= 0.1:
            slowest = day
    assert f"Published standard {STANDARD} days" in words
    assert f"Typical wait {typical} days" in words
    assert f"1 in 10 waits longer than {slowest} days" in words
    assert f"{len(open_on(TODAY))} open" in words
    past = sum((TODAY - row[1]).days > STANDARD for row in open_on(TODAY))
    assert f"Open past standard {past}" in words
    silent = silent_on(TODAY)
    assert f"({len(silent)} cases)" in words
    assert set(re.findall(r"P\d{3}", words)) == set(silent)


def working(day, number):
    """Step over weekends; November 2026 has no bank holiday."""
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5
    return day


def test_complaints_are_due_by_a_count_of_weekdays(council):
    words = page(council / "now" / "complaints-officer")
    for ref, came, seen, stage in COMPLAINTS:
        steps = [] if seen else [("Acknowledge", working(came, 5))]
        steps += [("Answer", working(seen or working(came, 5), 10 if stage == "stage 1" else 20))]
        for step, due in steps:
            assert f"{ref} {step} {said(due)}" in words
            left = sum((TODAY + timedelta(days=n + 1)).weekday() < 5
                       for n in range((due - TODAY).days))  # fmt: skip
            late = sum((due + timedelta(days=n + 1)).weekday() < 5
                       for n in range((TODAY - due).days))  # fmt: skip
            number = f"{late} late " if due < TODAY else f"{left} "
            told = f"{step} {said(due)} {number}{stage.capitalize() if due < TODAY else ''}"
            assert told in words
    assert words.count("late Stage") == sum(
        due < TODAY
        for _, came, seen, stage in COMPLAINTS
        for due in (
            [working(seen, 10 if stage == "stage 1" else 20)]
            if seen
            else [working(came, 5), working(working(came, 5), 10)]
        )
    )


def test_plannings_satisfaction_is_split_as_the_rows_are(council):
    words = page(council / "2026-10" / "planning")
    cases = {row[0]: row for row in made_cases()}
    groups = Counter()
    happy = Counter()
    for case, answer in made_answers():
        if answer == "don't know":
            continue
        # The decision that was known when they answered, in October.
        at = date(2026, 10, 1 + [each[0] for each in made_answers()].index(case) % 28)
        decided = cases[case][2] is not None and cases[case][2] <= at
        outcome = cases[case][3] if decided else "undecided"
        for key in (outcome, cases[case][4]):
            groups[key] += 1
            happy[key] += answer in SATISFIED
    for key in ("granted", "refused", "undecided", "agent", "householder"):
        low, high = proportion_confint(happy[key], groups[key], method="wilson")
        share = happy[key] / groups[key]
        line = f"{key.capitalize()} {share:.0%} {low:.0%} to {high:.0%} {groups[key]}"
        assert line in words
    october = [row for row in made_cases() if date(2026, 10, 1) <= row[1] <= date(2026, 10, 31)]
    decided = [
        row for row in made_cases()
        if row[2] is not None and date(2026, 10, 1) <= row[2] <= date(2026, 10, 31)
        and row[3] != "withdrawn"
    ]  # fmt: skip
    flows = f"October 2026 {len(october)} {len(decided)} {len(open_on(date(2026, 10, 31)))}"
    assert flows in words
    ages = [(date(2026, 10, 31) - row[1]).days for row in open_on(date(2026, 10, 31))]
    table = words[words.index("Open at the month") :]
    rows = re.findall(r"(\d+) to (\d+) days (\d+) \d+%", table)
    assert sum(int(number) for *_, number in rows) <= len(ages)
    for low, high, number in rows:
        assert sum(int(low) <= age <= int(high) for age in ages) == int(number)
    assert len(rows) >= 3


def test_praise_stands_apart_and_each_theme_has_as_many_comments_as_were_written(council):
    path = council / "2026-10" / "service-managers" / "waste.html"
    words = Reading(path.read_text("utf-8")).words
    said_block = words[words.index("What people said") :]
    praise = said_block[said_block.index("Praise") : said_block.index("Everything else")]
    rest = said_block[said_block.index("Everything else") :]
    for text, numbers in ((praise, (24, 21)), (rest, (25, 22))):
        for number in numbers:
            assert re.search(rf"\b{number}\b", text)
    assert re.search(r"friendly|crew", praise)
    assert not re.search(r"missed|website", praise)
    assert re.search(r"missed|bin", rest)
