import json

import pandas as pd
import pytest
from openpyxl import load_workbook

from models import Erasure, QuarantinedRow, TopicPrediction, TopicReview
from pipelines.edge.store import read_table, store_digest, upsert, write_transaction
from pipelines.steps import erase as erasing
from pipelines.steps.erase import erase, look_up
from pipelines.steps.events import read_events
from pipelines.steps.held import NoReferenceError, pseudonym_of
from pipelines.steps.subject_access import ExportRefusedError, export_customer

REFERENCE = "Jane.Doe@example.com"
OTHER = "sam@example.com"


@pytest.fixture
def council(on_each_database, feed):
    """Make a workspace with two customers in every table that names one."""
    workspace = on_each_database()
    feed(
        workspace, "contacts",
        f"1,03/10/2026 09:00,phone,waste, {REFERENCE.upper()} ,,bin not emptied",
        f"2,03/10/2026 10:00,phone,waste,{OTHER},,bin not emptied",
        "3,04/10/2026 10:00,phone,planning,,K1,asked about it",
        f"4,04/10/2026 11:00,phone,planning,{OTHER},K1,a neighbour asked",
    )  # fmt: skip
    feed(
        workspace, "enquiries",
        f"E1,03/10/2026 09:00,Where is my bin?,,email,waste,{REFERENCE},bins",
        f"E2,03/10/2026 09:00,Where is my bin?,,email,waste,{OTHER},",
    )  # fmt: skip
    feed(
        workspace, "cases",
        f"K1,planning,householder,01/02/2026,,undecided,{REFERENCE}",
        f"K2,planning,householder,01/02/2026,,undecided,{OTHER}",
    )  # fmt: skip
    feed(
        workspace, "surveys",
        "R1,planning,05/10/2026,overall,satisfaction-5,very satisfied,K1,thank you",
        "R2,planning,05/10/2026,overall,satisfaction-5,very satisfied,K2,thank you",
    )  # fmt: skip
    enquiries = {"source": "enquiries", "enquiry_id": ["E1", "E2"]}
    with write_transaction(workspace.engine) as connection:
        upsert(
            connection,
            TopicPrediction,
            pd.DataFrame(
                enquiries
                | {"topic": "bins", "accepted": True, "model_version": "1", "period": "2026-10"}
            ),
        )
        upsert(
            connection,
            TopicReview,
            pd.DataFrame(enquiries | {"reviewer": "team", "topic": "bins"}),
        )
    return workspace


HELD = {
    "enquiries": 1,
    "contacts": 2,
    "cases": 1,
    "surveys": 1,
    "topic_predictions": 1,
    "topic_reviews": 1,
}


def everything(workspace, table):
    with workspace.engine.connect() as connection:
        return read_table(connection, table, timezone="Europe/London")


def test_a_look_changes_nothing_and_tells_what_is_held(council):
    before = store_digest(council.engine)
    told = look_up(council, REFERENCE)
    assert told.counts == HELD
    assert told.certificate is None
    assert [found.path.name for found in told.search.found] == ["file.csv"] * 4
    assert store_digest(council.engine) == before
    assert everything(council, Erasure).empty
    assert not council.rights.exists()


def test_every_row_of_the_customer_goes_and_no_other(council):
    told = erase(council, f"  {REFERENCE.lower()}")
    assert told.counts == HELD
    assert look_up(council, REFERENCE).counts == {}
    assert read_events(council, "contacts")["contact_id"].tolist() == ["2", "4"]
    assert read_events(council, "enquiries")["enquiry_id"].tolist() == ["E2"]
    assert read_events(council, "cases")["case_id"].tolist() == ["K2"]
    assert read_events(council, "surveys")["response_id"].tolist() == ["R2"]
    assert everything(council, TopicPrediction)["enquiry_id"].tolist() == ["E2"]
    assert everything(council, TopicReview)["enquiry_id"].tolist() == ["E2"]
    assert pseudonym_of(council, REFERENCE) not in everything(council, Erasure).to_string()


def test_an_erased_customer_does_not_come_back_from_an_original(council, feed):
    erase(council, REFERENCE)
    rows = [
        f"1,03/10/2026 09:00,phone,waste,{REFERENCE},,bin not emptied",
        f"9,24/11/2026 09:00,phone,waste,{REFERENCE},,a new one",
        "3,04/10/2026 10:00,phone,planning,,K1,asked about it",
    ]
    account = feed(council, "contacts", *rows, name="again.csv")
    assert (account.accepted, account.filtered) == (1, 2)
    assert "9" in read_events(council, "contacts")["contact_id"].tolist()
    answer = "R1,planning,05/10/2026,overall,satisfaction-5,very satisfied,K1,thank you"
    assert feed(council, "surveys", answer, name="again.csv").filtered == 1


def test_refused_rows_of_the_customer_go_where_their_original_tells_whose_they_are(council, feed):
    rows = [f"{n},03/10/2026 09:00,phone,waste,{OTHER},,hello" for n in range(100, 130)]
    rows += [
        f"998,03/10/2026 09:00,pigeon,waste,{REFERENCE},,hello",
    ]
    rows += [f"999,03/10/2026 09:00,pigeon,waste,{OTHER},,hello"]
    feed(council, "contacts", *rows, *rows[:20], name="more.csv")
    assert len(everything(council, QuarantinedRow)) == 2
    assert look_up(council, REFERENCE).counts == HELD | {"quarantined_rows": 1}
    assert erase(council, REFERENCE).counts == HELD | {"quarantined_rows": 1}
    (left,) = everything(council, QuarantinedRow)["row_number"]
    assert left == 33


def test_the_certificate_names_what_must_be_looked_at_and_nobody(council):
    council.backups.mkdir()
    (council.backups / "insight-2026-11-01T000000.backup.zip").write_bytes(b"x")
    told = erase(council, REFERENCE)
    text = told.certificate.read_text(encoding="utf-8")
    record = told.certificate.with_suffix(".json").read_text(encoding="utf-8")
    for secret in ("jane", "doe", pseudonym_of(council, REFERENCE), "K1"):
        assert secret not in (text + record).casefold().replace("k1", "K1")
    assert "contacts: 2" in text
    assert "inbox/contacts/file.csv" in text
    assert "insight-2026-11-01T000000.backup.zip" in text
    assert "comments" in text
    assert told.fingerprint in text
    assert json.loads(record)["removed"] == HELD
    # The council can tell afterwards whose certificate it is, by the reference alone.
    assert look_up(council, REFERENCE).fingerprint == told.fingerprint
    assert look_up(council, OTHER).fingerprint != told.fingerprint


def test_the_certificate_names_the_samples_of_months_in_which_they_were_in_touch(council):
    council.samples.mkdir(exist_ok=True)
    for month in ("2026-10", "2026-04"):
        (council.samples / f"avoidable-{month}.xlsx").write_bytes(b"a workbook")
    text = erase(council, REFERENCE).certificate.read_text(encoding="utf-8")
    assert "samples/avoidable-2026-10.xlsx" in text.replace("\\", "/")
    assert "avoidable-2026-04" not in text


def test_an_original_that_can_not_be_read_is_named_as_not_searched(workspace):
    (workspace.inbox("contacts") / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    assert [path.name for path in look_up(workspace, OTHER).search.unsearched] == ["broken.xlsx"]


def test_a_customer_of_whom_nothing_is_held_can_still_be_kept_out(workspace, feed):
    assert erase(workspace, REFERENCE).counts == {}
    row = f"1,03/10/2026 09:00,phone,waste,{REFERENCE},,bin not emptied"
    assert feed(workspace, "contacts", row).filtered == 1


def test_an_erasure_that_fails_leaves_the_rows_and_no_certificate(council, monkeypatch):
    before = store_digest(council.engine)

    def fail(*_):
        raise RuntimeError("the power went")

    monkeypatch.setattr(erasing, "remember", fail)
    with pytest.raises(RuntimeError):
        erase(council, REFERENCE)
    assert store_digest(council.engine) == before
    assert not council.rights.exists() or not list(council.rights.iterdir())


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_reference_is_refused(workspace, blank):
    with pytest.raises(NoReferenceError, match="blank"):
        erase(workspace, blank)


def test_the_export_holds_every_row_and_says_why(council, tmp_path):
    exported = export_customer(council, REFERENCE, tmp_path / "answer.xlsx")
    assert exported.counts == HELD
    assert exported.answer_by.isoformat() == "2026-12-23"
    book = load_workbook(exported.path)
    about = book["About"]
    told = {row[0].value: row for row in about.iter_rows(min_row=6)}
    assert set(told) == set(HELD)
    assert told["contacts"][1].value == 2
    assert "3 years (1095 days)" in told["contacts"][4].value
    assert told["contacts"][5].value == "contacts: file.csv"
    assert "one month" in about["A2"].value
    assert "23 December 2026" in about["A3"].value
    described = {(row[0].value, row[1].value): row for row in book["Columns"].iter_rows(min_row=4)}
    assert described[("contacts", "text")][3].value == "redacted before storing"
    assert "pseudonym" in described[("contacts", "customer")][3].value
    texts = [cell.value for row in book["contacts"].iter_rows(min_row=4) for cell in row]
    assert "bin not emptied" in texts
    assert "a neighbour asked" not in texts


def test_the_export_as_json_says_the_same(council, tmp_path):
    exported = export_customer(council, REFERENCE, tmp_path / "answer.json")
    content = json.loads(exported.path.read_text(encoding="utf-8"))
    assert {each["table"]: len(each["rows"]) for each in content["tables"]} == HELD
    (contacts,) = [each for each in content["tables"] if each["table"] == "contacts"]
    assert contacts["rows"][0]["contacted_at"] == "03/10/2026 09:00:00"


def test_a_text_that_looks_like_a_formula_stays_text(workspace, feed, tmp_path):
    feed(workspace, "contacts", f"1,03/10/2026 09:00,phone,waste,{REFERENCE},,=1+1")
    exported = export_customer(workspace, REFERENCE, tmp_path / "answer.xlsx")
    cells = [cell for row in load_workbook(exported.path)["contacts"].iter_rows() for cell in row]
    (formula,) = [cell for cell in cells if cell.value == "=1+1"]
    assert formula.data_type == "s"


def test_an_export_replaces_no_file_and_takes_no_other_ending(workspace, tmp_path):
    there = tmp_path / "answer.json"
    there.write_text("mine", encoding="utf-8")
    with pytest.raises(ExportRefusedError, match="isn't overwritten"):
        export_customer(workspace, REFERENCE, there)
    assert there.read_text(encoding="utf-8") == "mine"
    with pytest.raises(ExportRefusedError, match=r"\.xlsx or \.json"):
        export_customer(workspace, REFERENCE, tmp_path / "answer.pdf")


def test_nothing_held_is_said_and_not_an_error(workspace, tmp_path):
    exported = export_customer(workspace, REFERENCE, tmp_path / "answer.xlsx")
    assert exported.counts == {}
    assert load_workbook(exported.path)["About"]["A6"].value == "Nothing is held"
