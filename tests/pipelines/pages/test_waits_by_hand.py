"""Waits and silent cases, of the month and of today, against statsmodels and plain loops."""

from datetime import date, timedelta

import pytest

from tests.pipelines.pages import cases_by_hand as hand
from tests.pipelines.pages import made_council as made
from tests.pipelines.pages.reading import Page, rows_of, same_numbers

KINDS = [("council-tax", "new claim"), ("planning", "householder"), ("planning", "minor"),
         ("planning", "tree works")]  # fmt: skip
SILENT = ["Case", "Kind", "Received", "Days open", "Days over", "Last told", "Days since"]
TABLES = {"2026-12/customer-services": hand.MONTH_END, "now/customer-services": made.TODAY}


def said(day):
    return f"{day.day} {day:%B %Y}"


def standard_of(service, kind):
    return made.STANDARD.get((service, kind), made.STANDARD.get((service, "")))


def late_on(service, kind, day):
    standard = standard_of(service, kind)
    ages = [(day - row["received_at"]).days for row in hand.open_on(service, day)
            if row["case_type"] == kind]  # fmt: skip
    return len(ages), sum(age > standard for age in ages) if standard else 0


@pytest.mark.parametrize(("folder", "day"), TABLES.items())
def test_the_wait_is_statsmodels_product_limit_and_its_interval(outputs, folder, day):
    page = Page(outputs / folder / "index.html")
    places = {(above, title): texts[0] for above, title, texts in page.tiles}
    for service, kind in KINDS:
        wait, above = hand.wait_on(service, kind, day), kind.capitalize()
        standard = standard_of(service, kind)
        if standard is None:
            assert places[above, "Published standard"] == "Not published"
        else:
            same_numbers(places[above, "Published standard"], standard)
        for title, name in (("Typical wait", "typical"), ("1 in 10 waits longer than", "slowest")):
            ends = [wait[f"{name}_lower"], wait[f"{name}_upper"]]
            same_numbers(places[above, title], wait[name], *ends)
            assert ("days or more" in places[above, title]) == (ends[1] is None)
        _, late = late_on(service, kind, day)
        same_numbers(places.get((above, "Open past standard"), ""), late or None)


@pytest.mark.parametrize(("folder", "day"), TABLES.items())
def test_a_caller_is_told_the_same_days_and_how_they_stand_to_the_standard(outputs, folder, day):
    page = Page(outputs / folder / "index.html")
    words = [text for _, text in page.sentences]
    heads = [text for text in words if text.endswith(" open")]
    for (service, kind), head in zip(KINDS, heads, strict=True):
        wait, standard = hand.wait_on(service, kind, day), standard_of(service, kind)
        number, _ = late_on(service, kind, day)
        same_numbers(head, number)
        late = standard is not None and wait["typical"] > standard
        assert ("Longer than the standard" in head) == late
        tell = (
            f"About half of people hear within {wait['typical']:.0f} days and nine in ten within "
            f"{wait['slowest']:.0f} days."
        )
        tell += f" Our standard is {standard} days." if standard else ""
        (found,) = [text for text in words if text.startswith(tell)]
        assert found.endswith("waiting longer than that at the moment.") == late
    differ = [wait for each in KINDS if abs((wait := hand.wait_on(*each, day))["typical"]
                                            - wait["typical_plain"]) > 1]  # fmt: skip
    notes = [text for text in words if text.startswith("Half of the cases already decided")]
    assert len(notes) == len(differ) >= 1
    for wait, note in zip(differ, notes, strict=True):
        same_numbers(note, wait["typical_plain"])
        assert ("expect more" in note) == (wait["typical"] > wait["typical_plain"])


@pytest.mark.parametrize(
    ("folder", "day", "services"),
    [
        *((folder, day, {"council-tax", "planning"}) for folder, day in TABLES.items()),
        ("2026-12/planning", hand.MONTH_END, {"planning"}),
    ],
)
def test_kinds_of_case_that_take_longer_than_their_standard_are_counted_first(
    outputs, folder, day, services
):
    judged = [(service, kind, standard) for service, kind in KINDS
              if service in services and (standard := standard_of(service, kind))]  # fmt: skip
    late = [kind for service, kind, standard in judged
            if hand.wait_on(service, kind, day)["typical"] > standard]  # fmt: skip
    page = Page(outputs / folder / "index.html")
    (said,) = [t for _, t in page.sentences if " of case typically take" in t]
    same_numbers(said, len(late), len(judged))
    told = said.rstrip(".").partition(": ")[2].split("; ")
    assert [each.rpartition(", ")[2] for each in told] == late


def silent_rows(service, day):
    rows = [
        [row["case_id"], row["case_type"].capitalize(), said(row["received_at"]),
         (day - row["received_at"]).days, hand.over_on(row, day),
         said(told) if (told := hand.told_on(row, day)) else "No record",
         (day - (told or row["received_at"])).days]
        for row in hand.silent_on(service, day)
    ]  # fmt: skip
    return sorted([str(cell) for cell in row] for row in rows)


@pytest.mark.parametrize(("folder", "day"), TABLES.items())
def test_silent_cases_are_those_that_a_loop_over_the_rows_finds(outputs, folder, day):
    page = Page(outputs / folder / "index.html")
    for service in ("council-tax", "planning"):
        wanted = silent_rows(service, day)
        table = page.table(f"{made.SERVICES[service]} (")
        same_numbers(table.caption.partition("(")[2], len(wanted))
        assert table.head == SILENT
        assert sorted(table.rows) == wanted
        over = [int(row[4]) for row in table.rows]
        assert over == sorted(over, reverse=True)
    assert any("more than 14 days" in text for _, text in page.sentences)


def test_the_recovery_sheet_lists_the_silent_cases_of_its_week(outputs):
    for service in ("council-tax", "planning"):
        page = Page(outputs / "now" / f"recovery-{service}" / "index.html")
        wanted = silent_rows(service, made.SUNDAY)
        table = page.table("Past standard without an update (")
        same_numbers(table.caption.partition("(")[2], len(wanted))
        assert sorted(table.rows) == wanted


FILES = [("2026-12/customer-services", hand.MONTH_END, None),
         ("2026-12/planning", hand.MONTH_END, "planning"),
         ("now/customer-services", made.TODAY, None)]  # fmt: skip


@pytest.mark.parametrize(("folder", "day", "only"), FILES)
def test_the_file_of_waits_has_the_same_days(outputs, folder, day, only):
    rows = rows_of(outputs / folder / "waits.csv")
    kinds = [each for each in KINDS if only in (None, each[0])]
    assert [(row["service"], row["case_type"]) for row in rows] == kinds
    for row, (service, kind) in zip(rows, kinds, strict=True):
        wait, standard = hand.wait_on(service, kind, day), standard_of(service, kind)
        number, late = late_on(service, kind, day)
        wanted = {
            "open": number, "past_standard": late, "standard_days": standard,
            "decided": wait["decided"], "typical_days": wait["typical"],
            "slowest_tenth_days": wait["slowest"], "typical_lower": wait["typical_lower"],
            "typical_upper": wait["typical_upper"], "slowest_tenth_lower": wait["slowest_lower"],
            "slowest_tenth_upper": wait["slowest_upper"],
            "typical_decided_only": wait["typical_plain"],
            "slowest_tenth_decided_only": wait["slowest_plain"],
        }  # fmt: skip
        found = {name: float(row[name]) if row[name] else None for name in wanted}
        assert found == wanted
        same_numbers(row["what_to_say"], wait["typical"], wait["slowest"], standard)
        assert row["note"] == "" or f"{wait['typical_plain']} days" in row["note"]


LISTS = [("2026-12/customer-services", hand.MONTH_END, ("council-tax", "planning")),
         ("now/customer-services", made.TODAY, ("council-tax", "planning")),
         ("now/recovery-planning", made.SUNDAY, ("planning",)),
         ("now/recovery-council-tax", made.SUNDAY, ("council-tax",))]  # fmt: skip


@pytest.mark.parametrize(("folder", "day", "services"), LISTS)
def test_the_file_of_silent_cases_has_each_days_and_dates(outputs, folder, day, services):
    rows = {row["case_id"]: row for row in rows_of(outputs / folder / "cases_past_standard.csv")}
    wanted = {row["case_id"]: row for each in services for row in hand.silent_on(each, day)}
    assert sorted(rows) == sorted(wanted)
    for ref, row in wanted.items():
        told, due = hand.told_on(row, day), max(row["target_at"], row["extended_to"] or date.min)
        assert rows[ref] == {
            "service": row["service"], "case_id": ref, "case_type": row["case_type"],
            "ward": row["ward"], "received": f"{row['received_at']}",
            "age_days": f"{(day - row['received_at']).days}",
            "standard_days": f"{float(row['standard'])}" if row["standard"] else "",
            "days_over": f"{float(hand.over_on(row, day))}", "due": f"{due}",
            "last_update": f"{told}" if told else "",
            "days_since_update": f"{(day - (told or row['received_at'])).days}",
        }  # fmt: skip


def week_of(monday: date, service: str) -> list[int]:
    end = monday + timedelta(days=6)
    gone = [row for row in hand.cases(service)
            if row["decided_at"] and monday <= row["decided_at"] <= end]  # fmt: skip
    withdrawn = sum(row["outcome"] == "withdrawn" for row in gone)
    came = sum(monday <= row["received_at"] <= end for row in hand.cases(service))
    return [came, len(gone) - withdrawn, withdrawn, len(hand.open_on(service, end))]


@pytest.mark.parametrize("service", ["council-tax", "planning"])
def test_the_recovery_sheets_weeks_queue_and_tiles_are_plain_counts(outputs, service):
    folder = outputs / "now" / f"recovery-{service}"
    page = Page(folder / "index.html")
    last = made.SUNDAY - timedelta(days=6)
    mondays = [last - timedelta(weeks=n) for n in range(13)]
    table = page.table("The last 13 weeks")
    assert table.rows == [[said(day), *map(str, week_of(day, service))] for day in mondays]
    for row, day in zip(rows_of(folder / "recovery_weeks.csv"), reversed(mondays), strict=True):
        numbers = [int(row[name]) for name in ("received", "decided", "withdrawn", "open")]
        assert (row["monday"], numbers) == (f"{day}", week_of(day, service))
        assert row["week"] == f"{day.isocalendar().year}-W{day.isocalendar().week:02d}"
    still = hand.open_on(service, made.SUNDAY)
    late = [row for row in still if hand.over_on(row, made.SUNDAY) is not None]
    ages = page.table("Open cases by age")
    same_numbers(ages.caption.partition("(")[2], len(still))
    for name in hand.BANDS:
        number = sum(hand.band_of(row, made.SUNDAY) == name for row in still)
        past = sum(hand.band_of(row, made.SUNDAY) == name for row in late)
        same_numbers(ages.column("Open")[name], number)
        same_numbers(ages.column("Past standard")[name], past)
    came, decided, _, number = week_of(last, service)
    for title, value in (("Received", came), ("Decided", decided), ("Open", number)):
        same_numbers(page.tile(title), value)
    silent = hand.silent_on(service, made.SUNDAY)
    same_numbers(page.tile("Past standard"), len(late), len(silent))
