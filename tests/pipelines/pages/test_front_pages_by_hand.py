"""The page of all services, this month's front page and the recovery sheet's to-do list."""

from datetime import date, timedelta

import pandas as pd
import pytest

from insight.recovery_sheet import _actions
from tests.pipelines.pages import cases_by_hand as cases
from tests.pipelines.pages import made_council as made
from tests.pipelines.pages import surveys_by_hand as surveys
from tests.pipelines.pages.all_by_hand import TITLES, UNITS, by_hand
from tests.pipelines.pages.arithmetic import poisson
from tests.pipelines.pages.reading import Page, numbers_in, same_numbers, same_share

NOW, DASH = made.PERIOD, "\N{EN DASH}"
NAMES = made.SERVICES | {"all": "All services"}
CODES = {name: code for code, name in NAMES.items()}


@pytest.fixture(scope="module")
def page(outputs):
    return Page(outputs / "2026-12" / "service-managers" / "index.html")


def same(measure, text, *numbers):
    (same_share if UNITS[measure] == "share" else same_numbers)(text, *numbers)


def test_each_service_has_its_figures_at_a_glance(page):
    table = page.table("Each service")
    assert [CODES[row[0]] for row in table.rows] == [*made.SERVICES, "all"]
    for row in table.rows:
        for title, cell in zip(table.head[1:], row[1:], strict=True):
            measure = TITLES[title]
            figure = by_hand(CODES[row[0]]).get((measure, NOW, ""))
            if figure is None:
                assert cell == DASH
            else:
                same(measure, cell, figure.value, figure.lower, figure.upper)


def test_services_side_by_side_add_up_by_channel(page):
    table = page.table("Contacts by channel, December 2026")
    (says,) = [text for _, text in page.sentences if " in all: phone" in text]
    wanted = []
    for row in [*table.rows]:
        hand = by_hand(CODES[row[0]])
        for title, cell in zip(table.head[1:], row[1:], strict=True):
            key = "" if title == "All" else f"channel={title.lower()}"
            figure = hand.get(("contacts", NOW, key))
            same_numbers(cell, figure.value if figure else 0)
        channels = {key[2]: f.value for key, f in hand.items() if key[:2] == ("contacts", NOW)}
        wanted.append(sorted(channels.values()))
    assert len(table.rows) == len(made.SERVICES)
    whole = by_hand("all")["contacts", NOW, ""].value
    first, *rest = says.rstrip(".").split(". ")
    channels = {key[2].partition("=")[2]: f.value for key, f in by_hand("all").items()
                if key[:2] == ("contacts", NOW) and key[2]}  # fmt: skip
    total, _, parts = first.partition(" in all: ")
    same_numbers(total, whole)
    assert len(parts.split(", ")) == len(channels)
    for part in parts.split(", "):
        (name,) = [each for each in channels if part.startswith(each)]
        (number, _), (share, half) = numbers_in(part)
        assert number == channels[name]
        assert abs(share - 100 * number / whole) <= half + 1e-9
    for text, numbers in zip(rest, wanted, strict=True):
        assert sorted(number for number, _ in numbers_in(text)) == numbers


def test_services_side_by_side_compare_those_who_are_satisfied(page):
    table = page.table("Satisfied customers, December 2026")
    codes = {"Service not recorded": "not recorded"} | CODES
    assert len(table.rows) == 3
    (says,) = [t for _, t in page.sentences if t.startswith("Satisfied customers, December 2026 ")]
    for row in table.rows:
        figure = surveys.monthly(codes[row[0]], NOW)["satisfaction_share", NOW, ""]
        same_share(table.column("Satisfied")[row[0]], figure.value)
        same_share(table.column("Likely between")[row[0]], figure.lower, figure.upper)
        same_numbers(table.column("Answers")[row[0]], figure.base)
        words = says.partition(row[0])[2].partition(")")[0].replace("95% interval", "")
        shares, _, base = words.partition(", base")
        same_share(shares, figure.value, figure.lower, figure.upper)
        same_numbers(base, figure.base)


def test_the_front_page_has_each_readers_first_number(outputs):
    marks = (" contacts", "% satisfied", "longer than the")
    told = {
        above: text for above, text in Page(outputs / "2026-12" / "index.html").sentences
        if any(mark in text for mark in marks)
    }  # fmt: skip
    everything = by_hand("all")["contacts", NOW, ""].value
    same_numbers(told["What people contact us about"], everything)
    happy = by_hand("planning")["satisfaction_share", NOW, ""].value
    same_share(told["Planning: satisfaction and cases"], happy)
    late = sum(
        cases.wait_on(service, kind, cases.MONTH_END)["typical"]
        > made.STANDARD.get((service, kind), made.STANDARD.get((service, ""), float("inf")))
        for service, kind in (("council-tax", "new claim"), ("planning", "householder"),
                              ("planning", "minor"), ("planning", "tree works"))
    )  # fmt: skip
    same_numbers(told["What to tell callers"], late)


def in_weeks(service, back):
    """Count received and decided of four weeks, and the change of the queue over them."""
    end = made.SUNDAY - timedelta(weeks=back)
    start = end - timedelta(days=27)
    came = sum(start <= row["received_at"] <= end for row in cases.cases(service))
    gone = len(cases.decided_between(service, start, end))
    before = len(cases.open_on(service, start - timedelta(days=1)))
    return came, gone, len(cases.open_on(service, end)) - before


@pytest.mark.parametrize("service", ["council-tax", "planning"])
def test_what_to_do_this_week_is_drawn_from_the_same_counts(outputs, service):
    page = Page(outputs / "now" / f"recovery-{service}" / "index.html")
    write, *pace = [text for above, text in page.sentences if above == "To do"]
    same_numbers(write, len(cases.silent_on(service, made.SUNDAY)), cases.SILENT_DAYS)
    came, gone, grown = in_weeks(service, 0)
    (text,) = pace
    if grown > 0:
        same_numbers(text, grown, came / 4, gone / 4)
    else:
        late = sum(cases.over_on(row, made.SUNDAY) is not None
                   for row in cases.open_on(service, made.SUNDAY))  # fmt: skip
        assert gone - came < 2 * (gone + came) ** 0.5, "chance brings as much"
        same_numbers(text, late, came, gone)
    chased = by_hand(service)["chasing_contacts", NOW, ""].value
    said = page.tile("Chasing contacts")
    same_numbers(said.partition(";")[0], chased)
    assert said.endswith("December 2026")
    assert date(2027, 1, 10) == made.SUNDAY


def test_a_queue_that_shrinks_beyond_chance_says_how_long_it_takes():
    weeks = pd.DataFrame({"open": [90, 70, 60, 50, 40], "received": 5, "decided": 15})
    (said,) = _actions(weeks, 8, 0, 14)
    same_numbers(said, (15 - 5), 8, 1)
    near = weeks.assign(decided=6)
    (said,) = _actions(near, 8, 0, 14)
    same_numbers(said, 8, 4 * 5, 4 * 6)
    assert "too close to say" in said


@pytest.mark.parametrize("service", ["planning", "waste", "all"])
def test_the_tile_of_enquiries_counts_conversations(outputs, service):
    page = Page(outputs / "2026-12" / "service-managers" / f"{service}.html")
    rows = made.enquiries()
    mine = ~rows["reply"] & (rows["service"].eq(service) | (service == "all"))
    same_numbers(page.tile("Enquiries"), mine.sum(), *poisson(mine.sum()))


def test_every_page_says_what_it_was_made_from(outputs):
    tables = [(made.cases(), "received_at"), (made.contacts(), "at"),
               (made.counts(), "date"), (made.web(), "date"),
              (made.enquiries(), "at"), (made.complaints(), "received_at"),
              (made.surveys(), "at")]  # fmt: skip
    newest = max(pd.to_datetime(rows[name]).max() for rows, name in tables)
    files = len({id(rows) for rows, _ in tables} | {id(made.comments())})
    made_from = f"Made from {files} files, with events up to {newest.day} {newest:%B %Y}."
    whole = sum(len(rows) for rows in {id(rows): rows for rows, _ in tables}.values())
    whole += len(made.comments())
    pages = sorted((outputs / "2026-12").glob("*/*.html"))
    for path in pages:
        if path.name != "map.html" and path.parent.name != "public":
            assert Page(path).sentences[-1][1] == made_from, path
    front = Page(outputs / "2026-12" / "index.html")
    assert front.sentences[-1][1] == made_from
    (rows,) = [text for _, text in front.sentences if "rows read" in text]
    same_numbers(rows, whole, 0)
    on = f"{made.TODAY.day} {made.TODAY:%B %Y}"
    for name in ("complaints-officer", "customer-services"):
        last = Page(outputs / "now" / name / "index.html").sentences[-1][1]
        assert last == f"As the records stood on {on}."
    for name in ("planning", "council-tax"):
        last = Page(outputs / "now" / f"recovery-{name}" / "index.html").sentences[-1][1]
        assert last == f"As the records stood at the end of {made.SUNDAY.day} January 2027."


# The workspace's own targets and tolerances, settings/measures.yaml and council.yaml.
TARGETS = {
    "Applicants satisfied with the planning service":
        ("planning", "satisfaction_share", 0.70, 0.65, "higher"),
    "Complaints received": ("all", "complaints_received", 12, 12.6, "lower"),
}  # fmt: skip


def test_senior_leadership_has_the_measures_with_their_target_and_colour(outputs):
    page = Page(outputs / "2026-12" / "senior-leadership" / "index.html")
    table, greens = page.table("Measures on target or not rated"), 0
    for title, (service, measure, target, tolerated, better) in TARGETS.items():
        figure = by_hand(service)[measure, NOW, ""]
        cell = {name: table.column(name)[title] for name in table.head[1:]}
        same(measure, cell["Value"], figure.value)
        same(measure, cell["Likely between"], figure.lower, figure.upper)
        same(measure, cell["Target"], target)
        if UNITS[measure] == "share":
            same_numbers(cell["Based on"], figure.base)
        sign = 1 if better == "higher" else -1
        met, near = (sign * figure.value >= sign * each for each in (target, tolerated))
        assert met or near, "none is red"
        assert ("Green" if met else "Amber") in cell["Status"]
        before = by_hand(service)[measure, "2026-11", ""].value
        up = sign * (figure.value - before)
        assert ("Getting better" if up > 0 else "Getting worse") in cell["Direction"]
        greens += met
    assert greens == 2
    told = [text for above, text in Page(outputs / "2026-12" / "index.html").sentences
            if above == "What is off target"]  # fmt: skip
    same_numbers(next(text for text in told if "off target" in text), 0)
    counts = page.table("Status by family of measures")
    assert sum(int(cell) for cell in counts.column("Green").values()) == greens
    awaited = sum(int(cell) for cell in counts.column("Awaited").values())
    assert sum(int(cell) for cell in counts.column("All").values()) == greens + awaited == 5
    tiles = {title: said[0] for _, title, said in page.tiles}
    assert {tiles["\N{BLACK CIRCLE}Green"], tiles["\N{HORIZONTAL ELLIPSIS}Awaited"]} == {"2", "3"}
