import json
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from models import Purge, QuarantinedRow, Result, TopicPrediction
from pipelines.edge.store import read_table, store_digest, upsert, write_transaction
from pipelines.steps.demand import publish_demand
from pipelines.steps.events import read_events
from pipelines.steps.purge import purge

OLD, NEW = "03/02/2023 09:30", "03/10/2026 09:30"


def call(number, when, customer="C1"):
    return f"{number},{when},phone,waste,{customer},,bin not emptied"


def due(outcome):
    return {each.kind: each.count for each in outcome.due if each.count}


def everything(workspace, table, **how):
    with workspace.engine.connect() as connection:
        return read_table(connection, table, timezone="Europe/London", **how)


def test_a_dry_run_says_what_would_go_and_changes_nothing(on_each_database, feed):
    workspace = on_each_database()
    feed(workspace, "contacts", call(1, OLD), call(2, OLD), call(3, NEW))
    before = store_digest(workspace.engine)
    outcome = purge(workspace, carry_out=False)
    assert due(outcome) == {"contacts": 2}
    (contacts,) = [each for each in outcome.due if each.kind == "contacts"]
    assert (contacts.oldest, contacts.newest) == (date(2023, 2, 3), date(2023, 2, 3))
    assert store_digest(workspace.engine) == before
    assert everything(workspace, Purge).empty
    assert not workspace.rights.exists()


def test_what_is_due_goes_and_does_not_come_back_from_its_original(on_each_database, feed):
    workspace = on_each_database()
    rows = [call(1, OLD), call(2, OLD), call(3, NEW)]
    feed(workspace, "contacts", *rows)
    assert due(purge(workspace, carry_out=True)) == {"contacts": 2}
    assert read_events(workspace, "contacts")["contact_id"].tolist() == ["3"]
    account = feed(workspace, "contacts", *rows, again=True)
    assert (account.duplicates, account.filtered) == (1, 2)
    assert any("purged or erased" in note for note in account.notes)
    assert read_events(workspace, "contacts")["contact_id"].tolist() == ["3"]
    assert due(purge(workspace, carry_out=True)) == {}


def test_history_that_is_loaded_stays_until_somebody_purges(workspace, feed):
    assert feed(workspace, "contacts", call(1, OLD)).accepted == 1


def test_the_settings_period_goes_before_the_contracts(make_workspace, feed):
    workspace = make_workspace(retention_days={"contacts": 10})
    feed(workspace, "contacts", call(1, NEW))
    assert due(purge(workspace, carry_out=False)) == {"contacts": 1}


def test_a_longer_period_later_does_not_let_in_what_was_purged(make_workspace, feed):
    workspace = make_workspace(retention_days={"contacts": 10})
    feed(workspace, "contacts", call(1, NEW))
    purge(workspace, carry_out=True)
    longer = workspace.settings.model_copy(update={"retention_days": {"contacts": 9000}})
    later = replace(workspace, settings=longer)
    purge(later, carry_out=True)
    assert feed(later, "contacts", call(1, NEW), again=True).filtered == 1


def test_an_old_case_that_is_still_open_stays_and_is_told(workspace, feed):
    feed(
        workspace,
        "cases",
        "1,planning,householder,01/02/2018,01/03/2018,granted,",
        "2,planning,householder,01/02/2018,,undecided,",
    )
    (cases,) = [each for each in purge(workspace, carry_out=True).due if each.kind == "cases"]
    assert cases.count == 1
    assert "still open, and so kept although older: 1" in cases.note
    assert read_events(workspace, "cases")["case_id"].tolist() == ["2"]


def test_an_enquirys_topics_go_with_it(workspace, feed):
    feed(workspace, "enquiries", f"E1,{OLD},Where is my bin?,,email,waste,a@example.com,")
    predicted = {
        "source": read_events(workspace, "enquiries")["source"],
        "enquiry_id": ["E1"],
        "topic": "bins",
        "accepted": True,
        "model_version": "1",
        "period": "2023-02",
    }
    with write_transaction(workspace.engine) as connection:
        upsert(connection, TopicPrediction, pd.DataFrame(predicted))
    assert due(purge(workspace, carry_out=False)) == {"enquiries": 1, "topics of enquiries": 1}
    assert due(purge(workspace, carry_out=True)) == {"enquiries": 1, "topics of enquiries": 1}
    assert everything(workspace, TopicPrediction).empty


def test_refused_rows_go_with_their_files_events(workspace, feed):
    lines = [call(n, OLD) for n in range(30)]
    feed(workspace, "contacts", *lines, call(99, "no date"))
    assert due(purge(workspace, carry_out=True)) == {"contacts": 30, "quarantined rows": 1}
    assert everything(workspace, QuarantinedRow).empty


def test_figures_of_purged_months_keep_what_they_had(make_workspace, feed):
    workspace = make_workspace(retention_days={"contacts": 100, "enquiries": 5000})
    feed(workspace, "contacts", call(1, "03/05/2026 09:00"), call(2, "03/08/2026 09:00"),
         call(3, "20/08/2026 09:00"), call(4, NEW))  # fmt: skip
    publish_demand(workspace, date(2026, 10, 1))
    where = {"measure": "contacts", "breakdown": "", "service": "all"}
    before = everything(workspace, Result, where=where).set_index("period")["value"]
    assert before[["2026-05", "2026-08", "2026-10"]].tolist() == [1, 2, 1]
    purge(workspace, carry_out=True)  # up to the middle of August
    feed(workspace, "contacts", call(5, NEW), name="late.csv")
    publish_demand(workspace, date(2026, 10, 1))
    after = everything(workspace, Result, where=where).set_index("period")["value"]
    assert after[["2026-05", "2026-08", "2026-10"]].tolist() == [1, 2, 2]


def age(path, days):
    import os
    import time

    then = time.time() - days * 86400
    os.utime(path, (then, then))


def test_an_original_goes_when_it_was_ingested_long_ago_and_not_before(make_workspace, feed):
    workspace = make_workspace(inbox_retention_days=30)
    feed(workspace, "contacts", call(1, NEW))
    folder = next(p for p in (workspace.root / "inbox").iterdir() if any(p.iterdir()))
    (folder / "refused.csv").write_text("not,ours\n1,2\n", encoding="utf-8")
    # Ingesting happens by the real clock, whatever day the run takes for today.
    from datetime import UTC, datetime

    soon = datetime.now(UTC).date()
    assert "inbox originals" not in due(purge(replace(workspace, today=soon), carry_out=True))
    later = replace(workspace, today=soon + timedelta(days=32))
    outcome = purge(later, carry_out=True)
    assert due(outcome)["inbox originals"] == 1
    assert [path.name for path in folder.iterdir()] == ["refused.csv"]
    assert any("refused.csv was never ingested" in line for line in outcome.kept)


def test_old_logs_and_backups_go_but_never_the_newest_backup(make_workspace):
    workspace = make_workspace(log_retention_days=10, backup_retention_days=10)
    for folder, names in {
        "logs": ["a.jsonl", "b.jsonl"],
        "backups": [f"insight-2020-01-0{n}T000000.backup.zip" for n in (1, 2)],
    }.items():
        (workspace.root / folder).mkdir(exist_ok=True)
        for name in names:
            path = workspace.root / folder / name
            path.write_text("x", encoding="utf-8")
            age(path, 5000)
    age(workspace.root / "logs" / "b.jsonl", -5000)
    assert due(purge(workspace, carry_out=True)) == {"logs": 1, "backups": 1}
    assert not (workspace.root / "logs" / "a.jsonl").exists()
    (kept,) = (workspace.root / "backups").iterdir()
    assert kept.name.startswith("insight-2020-01-02")


def test_nothing_of_a_purged_row_stays_in_the_stores_file(workspace, feed):
    feed(workspace, "contacts", f"1,{OLD},phone,waste,C1,,a most peculiar sentence")
    folder = workspace.root / "store"

    def found():
        return any(b"a most peculiar sentence" in path.read_bytes() for path in folder.iterdir())

    assert found()
    purge(workspace, carry_out=True)
    assert not found()


def test_the_record_of_a_purge_holds_counts_and_days_alone(workspace, feed):
    feed(workspace, "contacts", call(1, OLD, customer="PETERSON"))
    purge(workspace, carry_out=True)
    (record,) = workspace.rights.iterdir()
    text = record.read_text(encoding="utf-8")
    assert json.loads(text)["removed"] == {"contacts": 1}
    assert "PETERSON" not in text


@pytest.mark.parametrize("days", [0, -1])
def test_a_period_of_no_days_is_refused(make_workspace, days):
    with pytest.raises(Exception, match="at least 1 day"):
        make_workspace(retention_days={"contacts": days})


def test_a_sample_goes_with_the_contacts_that_it_was_drawn_from(workspace):
    workspace.samples.mkdir(exist_ok=True)
    old, new, copy = (
        workspace.samples / f"avoidable-{name}.xlsx" for name in ("2023-02", "2026-10", "mine")
    )
    for path in (old, new, copy):
        path.write_bytes(b"a workbook")
    outcome = purge(workspace, carry_out=True)
    assert due(outcome) == {"samples": 1}
    (samples,) = [each for each in outcome.due if each.kind == "samples"]
    assert samples.oldest == date(2023, 2, 28)
    assert [path.exists() for path in (old, new, copy)] == [False, True, True]
