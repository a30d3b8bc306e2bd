from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from insight.account import AccountError, RowAccount
from insight.errors import InsightError, MissingColumnsError
from insight.mapping import Mapping
from pipelines.edge.store import store_digest
from pipelines.steps.events import read_events
from pipelines.steps.ingest import UnknownSourceError, find_source, ingest_inbox
from pipelines.steps.ingest_file import FileRefusedError, ingest_file
from pipelines.steps.publish import row_accounts
from pipelines.steps.quarantine import quarantine_by_rule, quarantined_rows

HEADER = "contact_id,contacted_at,channel,service,customer,text\n"


def rows(start, stop, **change):
    given = {"when": "03/10/2026 09:30", "channel": "Phone", "text": "bin not emptied"} | change
    return "".join(
        f"{n},{given['when']},{given['channel']},Waste and recycling,C{n % 7},{given['text']}\n"
        for n in range(start, stop)
    )


@pytest.fixture
def drop(workspace):
    def write(text, name="calls.csv", source="contacts", encoding="utf-8"):
        path = workspace.inbox(source) / name
        path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
        return path

    return write


@pytest.fixture
def ingest(workspace, drop):
    def run(text, name="calls.csv", **options):
        path = drop(text, name, **options)
        return ingest_file(workspace, path, find_source(workspace, "contacts", None))

    return run


def test_every_row_is_accounted_for(workspace, ingest):
    text = HEADER + rows(0, 99) + rows(99, 100, channel="pigeon") + rows(0, 5)
    account = ingest(text)
    assert (account.rows_read, account.accepted) == (105, 99)
    assert (account.quarantined, account.duplicates, account.filtered) == (1, 5, 0)
    assert len(read_events(workspace, "contacts")) == 99


def test_an_account_that_does_not_add_up_cannot_be_made():
    with pytest.raises(AccountError, match="10 rows were read but 9"):
        RowAccount("calls", "f.csv", "contacts", 10, 9, 0, 0, 0)


def test_the_same_file_again_changes_nothing(workspace, ingest):
    ingest(HEADER + rows(0, 50))
    before = store_digest(workspace.engine)
    again = ingest(HEADER + rows(0, 50), name="copy-of-calls.csv")
    assert again.status == "seen before"
    assert store_digest(workspace.engine) == before


def test_an_overlapping_file_adds_only_what_is_new(workspace, ingest):
    ingest(HEADER + rows(0, 50))
    account = ingest(HEADER + rows(40, 60), name="later.csv")
    assert (account.accepted, account.duplicates, account.corrections) == (10, 10, 0)
    assert len(read_events(workspace, "contacts")) == 60


def test_a_correction_replaces_its_row_and_is_counted(workspace, ingest):
    ingest(HEADER + rows(0, 50))
    account = ingest(HEADER + rows(0, 1, channel="email") + rows(1, 50), name="corrected.csv")
    assert (account.accepted, account.corrections, account.duplicates) == (1, 1, 49)
    stored = read_events(workspace, "contacts", where={"contact_id": "0"})
    assert stored["channel"].tolist() == ["email"]


def test_a_service_given_by_name_is_stored_by_code(workspace, ingest):
    ingest(HEADER + rows(0, 3))
    assert set(read_events(workspace, "contacts")["service"]) == {"waste"}


def test_customers_are_pseudonyms_and_words_are_redacted(workspace, ingest):
    ingest(HEADER + rows(0, 3, text="ring me on 07700 900123 or jo@example.org"))
    stored = read_events(workspace, "contacts")
    assert not stored["customer"].isin([f"C{n}" for n in range(7)]).any()
    assert stored["customer"].nunique() == 3
    assert not stored["text"].str.contains("900123|jo@").any()
    assert stored["text"].str.contains("[phone]", regex=False).all()


def test_nothing_that_was_redacted_is_anywhere_in_the_store(workspace, ingest):
    bad = rows(20, 21, channel="jo@example.org 07700 900123")
    ingest(HEADER + rows(0, 20, text="jo@example.org 07700 900123") + bad)
    content = b"".join(path.read_bytes() for path in workspace.root.rglob("*.db*"))
    assert b"jo@example" not in content
    assert b"900123" not in content


def test_a_refused_row_is_in_quarantine_with_file_row_column_and_rule(workspace, ingest):
    ingest(HEADER + rows(0, 20) + rows(20, 21, channel="pigeon") + rows(21, 41))
    (row,) = quarantined_rows(workspace, "contacts").to_dict(orient="records")
    assert (row["file"], row["row_number"], row["column"]) == ("calls.csv", 22, "channel")
    assert row["value"] == "pigeon"
    assert row["rule"].startswith("must be one of phone")
    assert quarantine_by_rule(workspace)["rows"].tolist() == [1]


def test_a_file_wrong_in_too_many_rows_is_refused_whole(workspace, ingest):
    before = store_digest(workspace.engine)
    with pytest.raises(FileRefusedError, match=r"2 of 20 rows .* first in row 20") as caught:
        ingest(HEADER + rows(0, 18) + rows(18, 20, when="03/10/2062 09:30"))
    assert "contacted_at: is in the future" in str(caught.value)
    assert store_digest(workspace.engine) == before


def test_a_missing_column_is_named_and_nothing_is_stored(workspace, ingest):
    before = store_digest(workspace.engine)
    with pytest.raises(MissingColumnsError, match=r"calls\.csv has no column channel"):
        ingest("contact_id,contacted_at,service\n1,03/10/2026,waste\n")
    assert store_digest(workspace.engine) == before


@pytest.mark.parametrize(
    ("content", "encoding"),
    [(b"", None), (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", None), (b"\x00\x01\x02" * 99, None)],
)
def test_what_is_no_table_is_refused_in_a_sentence(workspace, ingest, content, encoding):
    before = store_digest(workspace.engine)
    with pytest.raises(InsightError, match=r"calls\.csv"):
        ingest(content)
    assert store_digest(workspace.engine) == before


def test_a_locked_store_is_said_and_the_file_can_be_ingested_afterwards(workspace, ingest):
    import sqlite3

    ingest(HEADER + rows(0, 2), name="first.csv")
    other = sqlite3.connect(workspace.root / "store" / "insight.db", isolation_level=None)
    workspace.engine.pool.dispose()
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(InsightError, match=r"used by another"):
            ingest(HEADER + rows(0, 20))
    finally:
        other.rollback()
        other.close()
    assert ingest(HEADER + rows(0, 20)).accepted == 18


def test_one_bad_file_does_not_stop_the_inbox(workspace, drop):
    drop(HEADER + rows(0, 10), "a.csv")
    drop(b"%PDF-1.7", "b.csv")
    drop(HEADER + rows(10, 20), "c.csv")
    outcomes = ingest_inbox(workspace)
    assert [outcome.account is not None for outcome in outcomes] == [True, False, True]
    assert "b.csv" in outcomes[1].reason
    assert len(read_events(workspace, "contacts")) == 20


def test_a_refused_file_is_told_the_same_beside_others_and_alone(workspace, drop):
    drop(HEADER + rows(0, 200), "good.csv")
    drop(HEADER + "".join(rows(n, n + 1, channel=f"road {n % 2}") for n in range(60)), "moved.csv")
    beside, alone = (
        next(o.reason for o in ingest_inbox(workspace) if o.file == "moved.csv") for _ in range(2)
    )
    assert beside == alone


def test_a_refused_file_is_remembered_until_it_is_put_right(workspace, drop):
    drop(HEADER + rows(0, 10), "a.csv")
    drop(b"%PDF-1.7", "b.csv")
    ingest_inbox(workspace)
    before = store_digest(workspace.engine)
    accounts = row_accounts(workspace).set_index("file")
    assert accounts["status"].to_dict() == {"a.csv": "accepted", "b.csv": "refused"}
    assert "PDF" in accounts.loc["b.csv", "reason"]
    ingest_inbox(workspace)
    assert store_digest(workspace.engine) == before
    drop(HEADER + rows(10, 12), "b.csv")
    ingest_inbox(workspace)
    assert set(row_accounts(workspace)["status"]) == {"accepted"}


def test_a_refused_file_that_is_gone_is_forgotten(workspace, drop):
    path = drop(b"%PDF-1.7", "b.csv")
    ingest_inbox(workspace)
    assert set(row_accounts(workspace)["status"]) == {"refused"}
    path.unlink()
    ingest_inbox(workspace)
    assert row_accounts(workspace).empty


def test_a_spelling_added_to_the_settings_lets_the_same_file_in_again(workspace, ingest):
    text = HEADER + rows(0, 30) + rows(30, 31, channel="switchboard")
    assert ingest(text).quarantined == 1
    own = {"channel": {"phone": ["Switchboard"]}}
    taught = replace(workspace, settings=workspace.settings.model_copy(update={"synonyms": own}))
    path = workspace.inbox("contacts") / "calls.csv"
    account = ingest_file(taught, path, find_source(taught, "contacts", None))
    assert (account.accepted, account.duplicates, account.quarantined) == (1, 30, 0)
    assert quarantined_rows(taught).empty


def test_an_unknown_source_is_named_with_those_there_are(workspace):
    with pytest.raises(UnknownSourceError, match=r"no source phones.*telephony"):
        find_source(workspace, "phones", None)


def test_a_sources_name_in_the_wrong_form_is_said(workspace):
    with pytest.raises(UnknownSourceError, match="small letters"):
        find_source(workspace, "My Files!", Mapping("street_reports"))


def test_a_mapping_alone_describes_a_source(workspace):
    assert find_source(workspace, "boston", Mapping("street_reports")).contract == "street_reports"


@pytest.mark.parametrize("when", [date(2026, 3, 29), date(2026, 10, 25)])
def test_times_around_the_clock_change_survive_the_store(workspace, ingest, when):
    ingest(HEADER + rows(0, 1, when=f"{when:%d/%m/%Y} 00:30"))
    (time,) = read_events(workspace, "contacts")["contacted_at"]
    assert time.tz_localize(None) == pd.Timestamp(when) + pd.Timedelta(minutes=30)


def test_a_councils_own_name_model_redacts_before_storing(make_workspace, tmp_path):
    import spacy

    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns(
        [{"label": "PERSON", "pattern": "Mabel Thackeray"}]
    )
    pipeline.to_disk(tmp_path / "model")
    workspace = make_workspace(name_model=str(tmp_path / "model"))
    path = tmp_path / "calls.csv"
    path.write_text(HEADER + rows(0, 2, text="spoke to Mabel Thackeray again"), encoding="utf-8")
    ingest_file(workspace, path, find_source(workspace, "contacts", None))
    assert set(read_events(workspace, "contacts")["text"]) == {"spoke to [name] again"}


HALF_HOURS = """Day,Interval,Queue,Offered,Handled
01/04/2024,08:00,CT,10,9
01/04/2024,08:30,CT,12,12
02/04/2024,08:00,CT,20,x
02/04/2024,08:30,CT,20,15
"""


@pytest.mark.parametrize("add_up", [True, False])
def test_half_hours_are_added_up_to_days_where_the_mapping_says_so(workspace, tmp_path, add_up):
    path = tmp_path / "calls.csv"
    path.write_text(HALF_HOURS.replace(",x", ",15"), encoding="utf-8")
    mapping = Mapping(
        "contact_counts",
        {"date": "Day", "service": "Queue", "offered": "Offered", "answered": "Handled"},
        constants={"channel": "phone"},
        add_up=add_up,
    )
    account = ingest_file(workspace, path, find_source(workspace, "calls", mapping), mapping)
    stored = read_events(workspace, "contact_counts")
    assert (account.rows_read, len(stored)) == (4, 2)
    if add_up:
        assert (account.accepted, stored["offered"].tolist()) == (4, [22, 40])
        assert account.notes == ()
    else:
        assert "1 rows gave way" in account.notes[0]
