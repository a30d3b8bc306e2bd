"""The complaints officer's list and the year's report, by a day-by-day count of the rows."""

from datetime import date, timedelta

import openpyxl
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from tests.pipelines.pages import complaints_by_hand as hand
from tests.pipelines.pages import made_council as made
from tests.pipelines.pages.arithmetic import wilson
from tests.pipelines.pages.reading import Page, rows_of, same_numbers

BUCKETS = ("Overdue", "Due today", "About to breach", "Due this week", "Due later")
SERVICE = made.SERVICES
STAGES = ("stage 1", "stage 2", "ombudsman")


def steps():
    """Give what has to be sent: bucket, reference, stage, step, day, days left, service, note."""
    on, found = made.TODAY, []
    sunday = on + timedelta(days=6 - on.weekday())
    for row in hand.complaints():
        final = row["outcome"] not in (None, "open")
        if "by" not in row or row["received_at"] > on or row["responded_at"] or final:
            continue
        unseen = row["acknowledged_at"] is None
        own = [("acknowledge", row["see_by"])] if unseen else []
        for step, due in [*own, ("answer", row["at_the_latest"])]:
            bucket = next(
                name for name, true in zip(
                    BUCKETS,
                    (due < on, due == on, due <= hand.working(on, 2), due <= sunday, True),
                    strict=True,
                ) if true
            )  # fmt: skip
            longer = step == "answer" and due > row["by"]
            found.append((bucket, row, step, due, hand.working_days_to(on, due), longer))
    return found


def test_what_is_due_is_listed_by_a_count_of_working_days(outputs):
    page = Page(outputs / "now" / "complaints-officer" / "index.html")
    for bucket in BUCKETS:
        wanted = {(row["complaint_id"], step): (row, due, left, longer)
                  for name, row, step, due, left, longer in steps() if name == bucket}  # fmt: skip
        same_numbers(page.tile(bucket), len(wanted))
        tables = [t for t in page.tables if t.caption.startswith(f"{bucket} (")]
        assert len(tables) == bool(wanted)
        for table in tables:
            same_numbers(table.caption.partition("(")[2], len(wanted))
            assert len(table.rows) == len(wanted)
            for cells in table.rows:
                told = dict(zip(table.head, cells, strict=True))
                row, due, left, longer = wanted[told["Complaint"], told["To do"].lower()]
                assert told["Stage"].lower() == row["stage"]
                said = f"{due.day} {due:%B %Y}"
                assert told["Due"] == (f"{said} (extended)" if longer else said)
                number = f"{-left} late" if left < 0 else f"{left}"
                assert told["Working days left"] == number
                assert told["Service"] == SERVICE[row["service"]]
                assert told["Ombudsman"] == "Local Government"
    assert sum(len(t.rows) for t in page.tables) == len(steps()) >= 10


def test_the_file_of_what_is_due_has_the_same_days(outputs):
    rows = rows_of(outputs / "now" / "complaints-officer" / "complaints_due.csv")
    told = sorted(
        (row["bucket"], row["complaint_id"], row["step"], row["received"], row["due"],
         int(row["working_days_left"]), row["extended"] == "True", row["stage"], row["regime"])
        for row in rows
    )  # fmt: skip
    assert told == sorted(
        (bucket.lower(), row["complaint_id"], step, f"{row['received_at']}", f"{due}", left,
         longer, row["stage"], row["regime"])
        for bucket, row, step, due, left, longer in steps()
    )  # fmt: skip


@pytest.fixture(scope="module")
def report(council_root, tmp_path_factory):
    """Write the year's report by the command line; give its sheets as rows."""
    path = tmp_path_factory.mktemp("report") / "report.xlsx"
    told = CliRunner().invoke(
        app, ["complaints", "annual", "--year", "2026-27", "--file", str(path), "--workspace",
              str(council_root)], env={"INSIGHT_TODAY": f"{made.TODAY}"},
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    book = openpyxl.load_workbook(path)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def closed_in_the_year():
    return [
        row for row in hand.complaints()
        if row["responded_at"] and row["responded_at"] <= made.TODAY
        and row["outcome"] in hand.DECIDED
    ]  # fmt: skip


def stage_lines(stage):
    """Work out one column of the report's layout."""
    every = [row for row in hand.complaints() if stage in ("total", row["stage"])]
    came = [row for row in every if row["received_at"] <= made.TODAY]
    closed = [row for row in closed_in_the_year() if stage in ("total", row["stage"])]
    timed = [row for row in closed if "by" in row]
    strict = sum(row["responded_at"] <= row["by"] for row in timed)
    longer = sum(row["responded_at"] <= row["at_the_latest"] for row in timed)
    days = [hand.working_days_to(row["received_at"], row["responded_at"]) for row in timed]

    def part(number, whole):
        return number / whole if whole else "[x]"

    lines = {"Received": len(came), "Closed": len(closed)}
    for outcome in hand.DECIDED:
        number = sum(row["outcome"] == outcome for row in closed)
        lines[outcome.capitalize()] = number
        lines[f"{outcome.capitalize()}, share of closed"] = part(number, len(closed))
    return lines | {
        "Closed on time": strict,
        "Closed on time, share of timed": part(strict, len(timed)),
        "Closed on time with extensions": longer,
        "Closed on time with extensions, share of timed": part(longer, len(timed)),
        "Timed (with dates and a clock)": len(timed),
        "Mean working days to close": part(sum(days), len(days)),
    }


def body(rows, first):
    """Give the rows of a sheet below its headings, by what the first column calls them."""
    at = next(n for n, row in enumerate(rows) if row[0] == first)
    return [row for row in rows[at + 1 :] if row[0] is not None]


def test_the_years_report_has_each_stage_as_counted(report):
    found = {row[0]: row[1:5] for row in body(report["Stages"], "Figure")}
    for at, stage in enumerate((*STAGES, "total")):
        for line, number in stage_lines(stage).items():
            assert found[line][at] == pytest.approx(number), (stage, line)


def test_the_years_report_splits_by_service_ward_and_category(report):
    table = body(report["Where and what"], "Split by")
    for by, group, came, closed, upheld, share, lower, upper, *_ in table:
        name = by.lower()
        own = next((code for code, named in SERVICE.items() if named == group), group)
        assert name != "service" or own != group, "a service is called by its name"
        mine = [row for row in hand.complaints() if row[name] == own]
        done = [row for row in closed_in_the_year() if row[name] == own]
        hits = sum(row["outcome"] != "not upheld" for row in done)
        assert (came, closed, upheld) == (len(mine), len(done), hits)
        if done:
            assert share == pytest.approx(hits / len(done))
            assert (lower, upper) == pytest.approx(wilson(hits, len(done)))
    assert len(table) >= 8


def test_the_years_report_has_refusals_regimes_and_what_was_learnt(report):
    flat = {row[0]: row[1] for name in ("Refused", "Learning") for row in report[name] if row[0]}
    rows = hand.complaints()
    ended = [row for row in rows if row["responded_at"] and row["responded_at"] <= made.TODAY]
    refused = [row["refused_reason"] for row in ended if row["outcome"] == "refused"]
    known = refused.count("Considered before")
    assert (flat["Considered before"], flat["other"]) == (known, len(refused) - known)
    paid = [row["compensation"] for row in ended if row["compensation"]]
    assert flat["Complaints with compensation"] == len(paid)
    assert flat["Compensation paid, pounds"] == sum(paid)
    learnt = sum(row["learning_action"] is not None for row in ended)
    assert flat["Actions learnt from complaints"] == learnt
    every = made.complaints()
    requests = every["stage"].eq("request").sum()
    assert flat["Requests for service recorded with complaints"] == requests
    done = every["learning_done_at"].dropna().map(lambda day: day <= made.TODAY).sum()
    assert flat["Actions done in the year"] == done
    ombudsmen = {"Local Government and Social Care Ombudsman": "lgsco",
                 "Housing Ombudsman": "housing ombudsman"}  # fmt: skip
    told = {(ombudsmen[row[0]], row[1]): row[2:5] for row in body(report["By Code"], "Code")}
    for (regime, stage), (timed, strict, longer) in told.items():
        own = [row for row in closed_in_the_year() if "by" in row and row["regime"] == regime
               and row["stage"] == stage]  # fmt: skip
        assert timed == len(own)
        assert strict == sum(row["responded_at"] <= row["by"] for row in own)
        assert longer == sum(row["responded_at"] <= row["at_the_latest"] for row in own)
    assert len(told) == 3


def test_no_working_day_of_the_test_is_a_holiday_or_a_weekend():
    assert hand.working(date(2026, 12, 23), 5) == date(2027, 1, 4)
    assert hand.working(date(2026, 12, 26), 5) == date(2027, 1, 5)
