"""What replaying a quarantine does and says: what left, what remains, what can't be read again."""

import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace

import pandas as pd
import pytest

from pipelines.edge.store import store_digest
from pipelines.edge.workspace import open_workspace
from pipelines.steps import ingest_reading
from pipelines.steps.events import read_events
from pipelines.steps.quarantine import quarantined_rows, resolved_counts
from tests.messy_files import COUNTS, counts, pasted, run_month


def test_another_file_of_the_same_name_closes_nothing(root, insight_here, drop):
    drop("telephony", "export.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Pigeon"))
    run_month(root)
    drop("telephony", "export.csv", COUNTS + counts(1, 26).replace("waste", "planning"))
    code, _, err = insight_here("quarantine", "replay", "telephony")
    assert code == 1
    assert "is another file" in err
    assert len(quarantined_rows(open_workspace(root))) == 2


def test_an_original_that_is_gone_is_said_by_name_and_can_be_given_up(root, insight_here, drop):
    text = COUNTS + counts(1, 26) + counts(26, 27, channel="Pigeon")
    path = drop("telephony", "oct.csv", text)
    run_month(root)
    path.unlink()
    code, _, err = insight_here("quarantine", "replay", "telephony")
    assert code == 1
    assert "The original of oct.csv is no longer there" in err
    assert "inbox_retention_days" in err
    words = re.search(r"insight (quarantine forget telephony --file \"oct.csv\" --yes)", err)
    assert words is not None
    code, _, told = insight_here("quarantine", "forget", "telephony", "--file", "oct.csv")
    assert code == 1
    assert "nothing was done" in told
    code, told, _ = insight_here("quarantine", "forget", "telephony", "--file", "oct.csv", "--yes")
    assert (code, told) == (0, "2 rows of oct.csv closed as given up.\n")
    assert quarantined_rows(open_workspace(root)).empty
    # Should it come back, what was given up is not opened again by a run.
    path.write_text(text, encoding="utf-8")
    run_month(root)
    assert quarantined_rows(open_workspace(root)).empty
    code, _, err = insight_here("quarantine", "forget", "telephony", "--file", "oct.csv", "--yes")
    assert code == 1
    assert "No row of oct.csv is open" in err


def test_a_run_reads_again_by_itself_what_a_changed_setting_lets_in(root, insight_here, drop):
    drop("telephony", "oct.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Telephone line"))
    run_month(root)
    _, told, _ = insight_here("quarantine", "list")
    pasted(root, told)
    run_month(root)
    assert resolved_counts(open_workspace(root)) == {"accepted on replay": 2}


def test_a_run_reads_again_what_a_new_version_of_the_contract_lets_in(root, drop, monkeypatch):
    drop("telephony", "oct.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Pigeon"))
    run_month(root)
    load = ingest_reading.load_contract

    def newer(name, synonyms=None):
        contract = load(name, synonyms)
        if name != "contact_counts":
            return contract
        channel = contract.column("channel")
        wider = replace(channel, allowed=(*channel.allowed, "Pigeon"))
        columns = tuple(wider if one is channel else one for one in contract.columns)
        return replace(contract, columns=columns, version="2.0.0")

    monkeypatch.setattr(ingest_reading, "load_contract", newer)
    run_month(root)
    assert resolved_counts(open_workspace(root)) == {"accepted on replay": 2}


def test_a_store_mended_by_replay_holds_what_one_does_that_read_it_right(
    root, insight_here, drop, make_workspace
):
    text = COUNTS + counts(1, 26) + counts(26, 27, channel="Telephone line")
    drop("telephony", "oct.csv", text)
    run_month(root)
    _, told, _ = insight_here("quarantine", "list")
    pasted(root, told)
    insight_here("quarantine", "replay", "--all")
    straight = make_workspace("straight").root
    (straight / "inbox" / "telephony" / "oct.csv").write_text(text, encoding="utf-8")
    settings = (root / "settings" / "council.yaml").read_text(encoding="utf-8")
    (straight / "settings" / "council.yaml").write_text(settings, encoding="utf-8")
    run_month(straight)
    once, mended = (
        read_events(open_workspace(each), "contact_counts") for each in (straight, root)
    )
    pd.testing.assert_frame_equal(once, mended)


def test_a_file_read_with_a_mapping_of_its_own_is_replayed_with_that(root, insight_here, tmp_path):
    mapping, path = tmp_path / "calls.yaml", tmp_path / "calls.csv"
    mapping.write_text(
        "contract: contact_counts\ncolumns: {date: Day, channel: How, service: Team, offered: In}",
        encoding="utf-8",
    )
    text = counts(1, 26) + counts(26, 27, channel="Pigeon")
    path.write_text("Day,How,Team,In,Out\n" + text, encoding="utf-8")
    words = ("ingest", path, "--source", "leisure-calls", "--mapping", mapping)
    assert insight_here(*words)[0] == 0
    changed = mapping.read_text(encoding="utf-8") + "\nvalues: {channel: {Pigeon: other}}\n"
    mapping.write_text(changed, encoding="utf-8")
    code, told, err = insight_here("quarantine", "replay", "leisure-calls")
    assert (code, err) == (0, "")
    assert "leisure-calls, calls.csv: 2 rows left quarantine, 0 remain" in told


def test_a_member_of_an_archive_is_read_again_from_the_archive(root, insight_here):
    text = COUNTS + counts(1, 26) + counts(26, 27, channel="Telephone line")
    with zipfile.ZipFile(root / "inbox" / "telephony" / "calls.zip", "w") as archive:
        archive.writestr("oct.csv", text)
        archive.writestr("sep.csv", text.replace("waste", "planning"))
    run_month(root)
    _, told, _ = insight_here("quarantine", "list")
    pasted(root, told)
    code, told, err = insight_here("quarantine", "replay", "telephony")
    assert (code, err) == (0, "")
    assert "calls.zip/oct.csv: 2 rows left quarantine, 0 remain" in told
    assert resolved_counts(open_workspace(root)) == {"accepted on replay": 4}


def test_rows_that_the_mapping_now_leaves_out_are_told_apart(root, insight_here, drop):
    drop("telephony", "oct.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Pigeon"))
    run_month(root)
    mapping = root / "mappings" / "telephony.yaml"
    mapping.write_text(
        "contract: contact_counts\nrows: {where: {Channel: [Phone]}}\n", encoding="utf-8"
    )
    path = root / "settings" / "sources.yaml"
    line = "{name: telephony, contract: contact_counts"
    settings = path.read_text(encoding="utf-8")
    assert line in settings
    path.write_text(
        settings.replace(line, line + ", mapping: mappings/telephony.yaml"), encoding="utf-8"
    )
    run_month(root)
    assert resolved_counts(open_workspace(root)) == {"left out by the mapping on replay": 2}


def test_replaying_what_can_not_be_let_in_changes_nothing_the_second_time(root, insight_here, drop):
    drop("telephony", "oct.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Pigeon"))
    run_month(root)
    insight_here("quarantine", "replay", "--all")
    before = store_digest(open_workspace(root).engine)
    code, told, _ = insight_here("quarantine", "replay", "--all")
    assert (code, "0 rows left quarantine, 2 remain" in told) == (0, True)
    assert "2 times channel: must be one of phone" in told
    assert store_digest(open_workspace(root).engine) == before


def test_postgresql_is_emptied_alike(root, insight_here, drop, monkeypatch, postgres_url):
    monkeypatch.setenv("INSIGHT_STORE_URL", postgres_url)
    drop("telephony", "oct.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Telephone line"))
    run_month(root)
    _, told, _ = insight_here("quarantine", "list")
    pasted(root, told)
    code, _, err = insight_here("quarantine", "replay", "--all")
    assert (code, err) == (0, "")
    assert resolved_counts(open_workspace(root)) == {"accepted on replay": 2}


def test_lists_and_replays_are_told_as_json_too(root, insight_here, drop):
    drop("telephony", "oct.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Telephone line"))
    run_month(root)
    _, told, _ = insight_here("quarantine", "list", "--json")
    content = json.loads(told)
    (group,) = content["groups"]
    assert (group["source"], group["rows"], group["files"]) == ("telephony", 2, ["oct.csv"])
    assert group["suggestions"][0]["settings"][0]["value"] == "Telephone line"
    code, told, _ = insight_here("quarantine", "replay", "telephony", "--json")
    (file,) = json.loads(told)["files"]
    assert (code, file["left"], file["remain"]) == (0, 0, 2)
    assert list(file["why"]) == ["channel: " + group["rule"]]


@pytest.mark.parametrize("words", [("replay",), ("replay", "telephony", "--all")])
def test_replay_without_or_with_too_much_said_is_wrong_usage(insight_here, words):
    assert insight_here("quarantine", *words)[0] == 2


def test_an_unknown_source_is_named(insight_here):
    code, _, err = insight_here("quarantine", "replay", "phones")
    assert code == 1
    assert "no source phones" in err


def test_replay_and_forget_wait_for_nobody_who_writes_to_the_store(root, insight_here):
    holding = (
        "import sys, time; from pathlib import Path; "
        "from pipelines.edge.run_lock import hold_store; "
        "from pipelines.edge.workspace import open_workspace\n"
        "with hold_store(open_workspace(Path(sys.argv[1])), doing='a test'):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", holding, str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline().strip() == b"held"
        replayed = insight_here("quarantine", "replay", "--all")
        forgot = insight_here("quarantine", "forget", "telephony", "--file", "x.csv", "--yes")
        other.stdin.close()
    for code, _, err in (replayed, forgot):
        assert code == 1
        assert "a test" in err
