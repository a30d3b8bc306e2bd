"""A whole month of the invented borough, without Prefect: what the flows wrap."""

import hashlib
import json
import re
import shutil
from dataclasses import asdict
from datetime import date

import pandas as pd
import pytest

from data_contracts import load_contract
from models import Hotspot, Result, TopicPrediction
from pipelines.edge.demo import write_demo
from pipelines.edge.store import read_table, store_digest
from pipelines.edge.workspace import open_workspace, prepare_folders
from pipelines.steps.events import read_events
from pipelines.steps.ingest import ingest_inbox
from pipelines.steps.month import STEPS
from pipelines.steps.publish import row_accounts

pytestmark = pytest.mark.slow

MONTH = date(2026, 10, 1)


@pytest.fixture(scope="module")
def environment():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INSIGHT_TODAY", "2026-11-23")
        patch.setenv("INSIGHT_PSEUDONYM_KEY", "0f" * 32)
        yield


def run(workspace):
    outcomes = ingest_inbox(workspace)
    rest = [step for name, step in STEPS.items() if name != "ingest"]
    return outcomes, [step(workspace, MONTH) for step in rest]


def fingerprint(workspace):
    folder = workspace.outputs
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        # Drawings that were kept for another time may differ, and may be deleted.
        if path.is_file() and not path.name.startswith(".drawings")
    }


@pytest.fixture(scope="module")
def borough(tmp_path_factory, environment):
    root = tmp_path_factory.mktemp("borough") / "demo"
    write_demo(root, last_month=MONTH, months=6, seed=2026)
    prepare_folders(root)
    workspace = open_workspace(root, run_id="first")
    outcomes, summaries = run(workspace)
    return workspace, outcomes, summaries


def truths(workspace):
    return json.loads((workspace.root / "truths.json").read_text(encoding="utf-8"))


def stored(workspace, table, **where):
    with workspace.engine.connect() as connection:
        return read_table(connection, table, where=where, timezone="Europe/London")


def test_only_the_broken_files_are_refused_and_every_account_adds_up(borough):
    workspace, outcomes, _ = borough
    broken = truths(workspace)["broken_files"]
    refused = {f"{o.source}/{o.file}" for o in outcomes if o.account is None}
    assert refused == {name for name, odd in broken.items() if odd["ends"] == "refused"}
    for outcome in outcomes:
        if (account := outcome.account) is not None:
            told = account.accepted + account.quarantined + account.duplicates + account.filtered
            assert told == account.rows_read
            assert told > 0 or f"{outcome.source}/{outcome.file}" in broken


def test_the_accounts_are_those_that_the_generator_planted(borough):
    workspace, outcomes, _ = borough
    planted = truths(workspace)["files"]
    told = [outcome for outcome in outcomes if outcome.file in planted.get(outcome.source, ())]
    assert len(told) == sum(len(files) for files in planted.values()) > 50
    for outcome in told:
        wanted = planted[outcome.source][outcome.file]
        account = asdict(outcome.account)
        account["read"] = account["rows_read"]
        assert {name: account[name] for name in wanted} == wanted, outcome.file


def test_every_step_says_what_it_did(borough):
    _, _, summaries = borough
    assert all(summary.headline and summary.table for summary in summaries)


def test_running_the_month_again_changes_neither_store_nor_bytes(borough):
    workspace, _, _ = borough
    digest, files = store_digest(workspace.engine), fingerprint(workspace)
    again = open_workspace(workspace.root, run_id="second")
    run(again)
    assert store_digest(again.engine) == digest
    assert fingerprint(again) == files
    assert len(stored(again, Result)) > 100


def test_postgresql_holds_the_same_and_gives_the_same_pages(
    borough, tmp_path, postgres_url, monkeypatch
):
    workspace, _, _ = borough
    digest, files = store_digest(workspace.engine), fingerprint(workspace)
    inputs = shutil.ignore_patterns("store", "outputs")
    root = shutil.copytree(workspace.root, tmp_path / "demo", ignore=inputs)
    prepare_folders(root)
    monkeypatch.setenv("INSIGHT_STORE_URL", postgres_url)
    other = open_workspace(root, run_id="first")
    assert other.engine.dialect.name == "postgresql"
    run(other)
    assert store_digest(other.engine) == digest
    assert fingerprint(other) == files


def test_each_audience_has_its_page_and_only_allowed_columns(borough):
    workspace, _, _ = borough
    folder = workspace.outputs / "2026-10"
    for audience in (
        "performance",
        "wardens",
        "service-managers",
        "planning",
        "customer-services",
        "senior-leadership",
        "public",
    ):
        assert (folder / audience / "index.html").stat().st_size > 1000
    tables = list(folder.rglob("*.csv"))
    assert len(tables) >= 10
    for table in tables:
        header = pd.read_csv(table, encoding="utf-8-sig", nrows=0).columns
        assert tuple(header) == load_contract(table.stem).column_names


def test_no_planted_address_or_number_is_in_the_store_or_an_output(borough):
    workspace, _, _ = borough
    planted = truths(workspace)["personal_data"]
    with workspace.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = [*(workspace.root / "store").iterdir(), *workspace.outputs.rglob("*.*")]
    content = b"".join(path.read_bytes() for path in kept if path.is_file()).decode(errors="ignore")
    # However they are spaced or written; alone, because a hash can hold any eight digits.
    close = re.sub(r"(?<=[0-9a-z]) (?=[0-9a-z])", "", content.casefold())
    there = {
        "emails": set(re.findall(r"[\w.+-]+@[\w.-]+", content.casefold())),
        "phones": set(re.findall(r"0\d{10}", close)),
        "ni_numbers": set(re.findall(r"[a-z]{2}\d{6}[a-d]", close)),
        "accounts": set(re.findall(r"(?<!\w)\d{8}(?!\w)", content)),
    }
    for kind, found in there.items():
        wanted = {value.casefold().replace(" ", "") for value in planted[kind]}
        assert len(wanted) > 10
        assert wanted & found == set()


def test_what_residents_wrote_reaches_no_page(borough):
    workspace, _, _ = borough
    texts = read_events(workspace, "enquiries")["text"].dropna().str.slice(0, 60).unique()
    told = [text for text in texts if len(text) > 50]
    pages = "".join(path.read_text(encoding="utf-8") for path in workspace.outputs.rglob("*.html"))
    assert len(told) > 100
    assert not any(text in pages for text in told)


def test_the_planted_hotspots_are_found_and_the_false_one_is_named(borough):
    workspace, _, summaries = borough
    cells = stored(workspace, Hotspot, period="2026-10")
    found = cells[cells["significant"]]
    assert len(found) >= 1
    planted = truths(workspace)["hotspots"]
    for spot in planted:
        away = (
            (found["easting"] - spot["easting"]) ** 2 + (found["northing"] - spot["northing"]) ** 2
        ) ** 0.5
        assert away.min() < 200
    (hotspots,) = (summary for summary in summaries if summary.step == "hotspots")
    assert any("lie on one point" in problem for problem in hotspots.problems)


def test_topics_are_mostly_right_where_the_model_answers(borough):
    workspace, _, _ = borough
    predictions = stored(workspace, TopicPrediction)
    answered = predictions[predictions["accepted"]]
    topic_of = {
        enquiry: topic for topic, ids in truths(workspace)["topics"].items() for enquiry in ids
    }
    truth = answered["enquiry_id"].map(topic_of)
    assert len(answered) > 0.5 * len(predictions)
    assert answered["topic"].eq(truth).mean() > 0.85


def test_the_satisfaction_of_a_service_is_that_of_its_answers(borough):
    workspace, _, _ = borough
    answers = read_events(workspace, "surveys", months=[MONTH])
    mine = answers[answers["service"].eq("planning") & answers["question"].eq("overall")]
    customer = read_events(workspace, "cases").set_index("case_id")["customer"]
    mine = mine.assign(who=mine["case_id"].map(customer).fillna(mine["response_id"]))
    mine = mine.sort_values("answered_at").drop_duplicates("who", keep="last")
    said = mine["answer"].str.casefold()
    satisfied = said.isin(["very satisfied", "fairly satisfied", "5", "4"]).sum()
    scored = len(mine) - said.str.startswith("don").sum()
    (figure,) = stored(
        workspace,
        Result,
        measure="satisfaction_share",
        service="planning",
        period="2026-10",
        breakdown="",
    ).to_dict(orient="records")
    assert figure["base"] == scored
    assert figure["value"] == pytest.approx(satisfied / scored)
    assert figure["lower"] < figure["value"] < figure["upper"]


def test_the_accounts_in_the_store_are_those_that_were_printed(borough):
    workspace, outcomes, _ = borough
    accounts = row_accounts(workspace)
    taken = [o.account for o in outcomes if o.account and o.account.status != "seen before"]
    assert accounts["rows_read"].sum() == sum(account.rows_read for account in taken)
