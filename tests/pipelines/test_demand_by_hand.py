"""A small council's demand from store to page, each number worked out again from the rows."""

import json
import math
import random
import re
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from insight.periods import period_title
from pipelines.cli import app
from pipelines.edge.workspace import create_workspace, open_workspace
from pipelines.steps.demand import publish_demand
from pipelines.steps.figures import read_figures
from pipelines.steps.ingest import find_source
from pipelines.steps.ingest_file import ingest_file
from pipelines.steps.publish import publish_outputs
from pipelines.steps.scorecard import publish_scorecard
from tests.page_reading import Reading

MONTH = date(2026, 10, 1)
ALLOWED = ("phone", "email", "web", "face to face")
MINUTES = {"phone": 6, "email": 8, "face to face": 12, "web": 1}
CUE = re.compile(r"any update|still waiting", re.IGNORECASE)


def made_rows() -> list[dict]:
    """Four hundred contacts of sixty people over three months, some of whom chase."""
    dice = random.Random(20261001)  # noqa: S311 - invented rows
    rows = []
    for n in range(400):
        at = datetime(2026, 8, 1, 9) + timedelta(days=dice.randrange(92), minutes=n)  # noqa: DTZ001
        rows.append(
            {
                "contact_id": f"c{n}",
                "contacted_at": at.strftime("%Y-%m-%d %H:%M"),
                "channel": dice.choice(ALLOWED),
                "service": dice.choice(["planning", "planning", "waste"]),
                "customer": f"person {dice.randrange(60)}",
                "reason": dice.choice(["Fees", "Missed bin", "Decision"]),
                "outcome": dice.choice(["Resolved", "Resolved", "Passed on"]),
                "text": dice.choice(["Any update?", "About fees", "", "Form sent"]),
            }
        )
    return rows


def wilson(k: float, n: float) -> tuple[float, float]:
    z = 1.959963984540054
    p = k / n
    centre, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


@pytest.fixture(scope="module")
def council(tmp_path_factory):
    root = create_workspace(tmp_path_factory.mktemp("hand") / "council")
    settings = root / "settings" / "council.yaml"
    content = yaml.safe_load(settings.read_text("utf-8"))
    content["contact_costs"] = {"minutes": MINUTES, "pounds": {"phone": [2.0, 4.0]}}
    settings.write_text(yaml.safe_dump(content), encoding="utf-8")
    workspace = open_workspace(root)
    path = root / "contacts.csv"
    pd.DataFrame(made_rows()).to_csv(path, index=False)
    ingest_file(workspace, path, find_source(workspace, "contacts", None))
    summary = publish_demand(workspace, MONTH)
    publish_scorecard(workspace, MONTH)
    publish_outputs(workspace, MONTH)
    return workspace, summary


@pytest.fixture(scope="module")
def figures(council):
    found = read_figures(council[0], months=[MONTH])
    return found.set_index(["measure", "service", "breakdown"])


def by_hand(service: str) -> dict[str, object]:
    """Work out October's figures with plain loops."""
    rows = sorted(made_rows(), key=lambda r: (r["contacted_at"], r["contact_id"]))
    day = {r["contact_id"]: date.fromisoformat(r["contacted_at"][:10]) for r in rows}
    first, last = min(day.values()), max(day.values())
    before: dict[tuple, dict] = {}
    after: dict[str, date] = {}
    repeat, same = {}, {}
    for r in rows:
        who = (r["customer"], r["service"])
        prior = before.get(who)
        gap = (day[r["contact_id"]] - day[prior["contact_id"]]).days if prior else 999
        repeat[r["contact_id"]] = gap <= 14
        same[r["contact_id"]] = gap <= 14 and prior["reason"] == r["reason"]
        if prior:
            after[prior["contact_id"]] = day[r["contact_id"]]
        before[who] = r
    mine = [r for r in rows if r["contacted_at"] >= "2026-10" and r["service"] == service]
    chase = {r["contact_id"]: bool(CUE.search(r["text"])) or same[r["contact_id"]] for r in mine}
    known = [r for r in mine if (day[r["contact_id"]] - first).days >= 14]
    firsts = [
        r for r in known
        if not repeat[r["contact_id"]] and (last - day[r["contact_id"]]).days >= 14
    ]  # fmt: skip
    settled = [
        r for r in firsts
        if r["outcome"] == "Resolved"
        and (after.get(r["contact_id"], date.max) - day[r["contact_id"]]).days > 14
    ]  # fmt: skip
    channels = Counter(r["channel"] for r in mine)
    people = defaultdict(lambda: [0, 0])
    for r in mine:
        people[r["customer"]][0] += chase[r["contact_id"]]
        people[r["customer"]][1] += 1
    k, n, groups = sum(chase.values()), len(mine), len(people)
    p = k / n
    spread = sum((a - p * b) ** 2 for a, b in people.values())
    deff = max(1.0, spread * groups / (groups - 1) * (n - 1) / n / (n * p * (1 - p)))
    return {
        "contacts": n,
        "channels": channels,
        "chasing": k,
        "chasing_bounds": wilson(k / deff, n / deff),
        "repeat": (sum(repeat[r["contact_id"]] for r in known), len(known)),
        "first": (len(settled), len(firsts)),
        "hours": sum(MINUTES[c] * number for c, number in channels.items()) / 60,
    }


@pytest.mark.parametrize("service", ["planning", "waste"])
def test_each_figure_is_what_plain_loops_make_of_the_rows(figures, service):
    hand = by_hand(service)
    assert figures.loc[("contacts", service, ""), "value"] == hand["contacts"]
    for channel, number in hand["channels"].items():
        assert figures.loc[("contacts", service, f"channel={channel}"), "value"] == number
    assert figures.loc[("chasing_contacts", service, ""), "value"] == hand["chasing"]
    share = figures.loc[("chasing_contact_share", service, "")]
    assert share["value"] == pytest.approx(hand["chasing"] / hand["contacts"])
    assert (share["lower"], share["upper"]) == pytest.approx(hand["chasing_bounds"])
    for measure, name in (
        ("repeat_contact_share", "repeat"), ("first_contact_resolution_share", "first"),
    ):  # fmt: skip
        row = figures.loc[(measure, service, "")]
        k, n = hand[name]
        assert (row["value"], row["base"]) == (pytest.approx(k / n), n)
    assert figures.loc[("contact_hours", service, ""), "value"] == pytest.approx(hand["hours"])
    phone = hand["channels"]["phone"]
    assert figures.loc[("contact_pounds", service, ""), "value"] == pytest.approx(3 * phone)


def test_the_page_shows_these_numbers(council):
    workspace, _ = council
    folder = workspace.outputs / "2026-10" / "service-managers"
    said = Reading((folder / "planning.html").read_text("utf-8")).words
    hand = by_hand("planning")
    low, high = hand["chasing_bounds"]
    share = hand["chasing"] / hand["contacts"]
    assert f"Share of contacts that chase {share:.0%} likely {low:.0%} to {high:.0%}" in said
    assert f"Planning: contacts by channel ({hand['contacts']} contacts)" in said
    phone = hand["channels"]["phone"]
    assert f"Phone {phone} {phone / hand['contacts']:.0%}" in said
    weeks = Counter()
    for row in made_rows():
        day = date.fromisoformat(row["contacted_at"][:10])
        if row["service"] == "planning":
            weeks[day - timedelta(days=day.weekday())] += 1
    for monday in (date(2026, 10, 5), date(2026, 10, 19)):
        assert f"From {monday.day} October 2026 {weeks[monday]} –" in said  # noqa: RUF001
    table = pd.read_csv(folder / "planning" / "service_figures.csv")
    csv = table[table["measure"].eq("chasing_contacts") & table["breakdown"].isna()]
    assert csv.set_index("period").loc["2026-10", "value"] == hand["chasing"]
    assert set(table["service"]) == {"planning"}
    assert period_title("2026-10") in said


def test_without_a_change_beyond_chance_there_is_no_headline(council):
    workspace, _ = council
    folder = workspace.outputs / "2026-10" / "service-managers"
    said = Reading((folder / "index.html").read_text("utf-8")).words
    assert "No change this month is more than chance explains." in said


def test_commands_show_what_the_store_has(council, figures):
    workspace, _ = council
    run = CliRunner()
    at = ["--month", "2026-10", "--workspace", str(workspace.root)]
    shown = run.invoke(app, ["demand", "show", "--service", "planning", "--json", *at])
    rows = {row["measure"]: row["value"] for row in json.loads(shown.output)["figures"]}
    assert rows["contacts"] == by_hand("planning")["contacts"]
    chasing = run.invoke(app, ["demand", "chasing", "--json", *at])
    assert {row["service"]: row["value"] for row in json.loads(chasing.output)["services"]}[
        "planning"
    ] == by_hand("planning")["chasing"]
    change = run.invoke(app, ["demand", "chasing", "--change", "2026-09-15", *at])
    assert "which chance alone could bring" in change.output
    forecast = run.invoke(app, ["demand", "forecast", *at])
    assert "needs 560 days on record and has 92" in forecast.output
    wrong = run.invoke(app, ["demand", "show", "--service", "nope", *at])
    assert wrong.exit_code == 1


def test_a_sample_goes_out_is_classed_and_sets_the_avoidable_share(council, tmp_path):
    from openpyxl import load_workbook

    workspace, _ = council
    run = CliRunner()
    at = ["--month", "2026-10", "--workspace", str(workspace.root)]
    drawn = run.invoke(app, ["demand", "sample", "--size", "40", *at])
    assert "40 contacts of October 2026 drawn" in drawn.output
    again = run.invoke(app, ["demand", "sample", "--size", "40", *at])
    assert "may be half filled in" in str(again.exception)
    path = workspace.samples / "avoidable-2026-10.xlsx"
    book = load_workbook(path)
    sheet = book["Sample"]
    assert "person" not in str([[c.value for c in row] for row in sheet.iter_rows()])
    (rule,) = sheet.data_validations.dataValidation
    assert "progress chasing" in rule.formula1
    heading = next(row for row in sheet.iter_rows() if row[0].value == "number")
    for count, row in enumerate(sheet.iter_rows(min_row=heading[0].row + 1)):
        row[-1].value = "progress chasing" if count % 4 == 0 else "not avoidable"
    book.save(path)
    read = run.invoke(app, ["demand", "sample", "--read", *at])
    assert "40 of 40 contacts have a class" in read.output
    publish_demand(workspace, MONTH)
    row = read_figures(workspace, months=[MONTH], measures=["avoidable_contact_share"])
    row = row[row["service"].eq("all") & row["breakdown"].eq("")].iloc[0]
    assert row["base"] == 40
    assert 0.15 < row["value"] < 0.35
    row_one = heading[0].row + 1
    sheet.cell(row=row_one, column=len(heading)).value = "dunno"
    book.save(path)
    (fault,) = [p for p in publish_demand(workspace, MONTH).problems if "avoidable-" in p]
    assert "number 1 have a class that is none of the allowed" in fault
    path.unlink()
