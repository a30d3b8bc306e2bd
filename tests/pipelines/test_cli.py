"""The command line as its user meets it: what is printed, and the exit code."""

import json
import os
import sqlite3
import sys

import pandas as pd
import pytest

from pipelines import cli
from pipelines.edge.store import store_digest
from pipelines.edge.workspace import open_workspace

GOOD = "contact_id,contacted_at,channel,service\n1,03/10/2026 09:30,Phone,waste\n"


@pytest.fixture
def insight(monkeypatch, capsys):
    def run(*words):
        monkeypatch.setattr(sys, "argv", ["insight", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        told = capsys.readouterr()
        return int(stopped.value.code or 0), told.out, told.err

    return run


@pytest.fixture
def calls(insight, workspace, tmp_path):
    """Ingest a file of contacts; return the exit code and what was said."""

    def run(content, *options, name="calls.csv", source="contacts"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return insight("ingest", path, "--source", source, "--workspace", workspace.root, *options)

    return run


def xlsx(path):
    pd.DataFrame({"contact_id": ["1"]}).to_excel(path, sheet_name="October", index=False)
    return path.read_bytes()


REPORT = "report_id,reported_at,category,latitude,longitude\n1,03/10/2026,Dog fouling,"
WRONG = {
    "an empty file": (b"", "empty"),
    "a PDF named .csv": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", "PDF"),
    "a missing column": (GOOD.replace("channel,", "").replace("Phone,", ""), "no column channel"),
    "a date in 2062": (GOOD.replace("2026", "2062"), "is in the future"),
    "an unknown channel": (GOOD.replace("Phone", "pigeon"), "must be one of phone"),
}


def test_a_day_is_read_as_people_write_it_and_another_is_asked_for(insight, workspace):
    where = ("--workspace", workspace.root)
    assert insight("cases", "list", "--on", "26/10/2026", *where) == insight(
        "cases", "list", "--on", "2026-10-26", *where
    )
    code, _, told = insight("cases", "list", "--on", "26 Octember", *where)
    assert code == 2
    assert "'26 Octember' is no day; write it as 26/10/2026 or 2026-10-26" in told


@pytest.mark.parametrize("name", WRONG)
def test_wrong_files_give_one_sentence_exit_code_1_and_change_nothing(calls, workspace, name):
    content, told = WRONG[name]
    before = store_digest(workspace.engine)
    code, out, err = calls(content)
    assert (code, out) == (1, "")
    assert told in err
    assert "calls.csv" in err
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err
    assert store_digest(workspace.engine) == before


@pytest.mark.parametrize(
    ("place", "told"),
    [("-1.10,52.59", "swapped"), ("54.0,3.0", "outside"), ("95,1", "must not be above 90")],
)
def test_wrong_places_are_each_said(insight, make_workspace, tmp_path, place, told):
    wards = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"ward": "North"},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [
                        [[-1.2, 52.5], [-1.0, 52.5], [-1.0, 52.7], [-1.2, 52.7], [-1.2, 52.5]]
                    ],
                },
            }
        ],
    }
    (tmp_path / "wards.geojson").write_text(json.dumps(wards), encoding="utf-8")
    root = make_workspace(wards_file=str(tmp_path / "wards.geojson")).root
    path = tmp_path / "reports.csv"
    path.write_text(REPORT + place + "\n", encoding="utf-8")
    words = ("ingest", path, "--source", "street-reports", "--workspace", root)
    code, out, err = insight(*words)
    assert (code, out) == (1, "")
    assert told in err


def test_a_wrong_sheet_is_said_with_those_there_are(calls, tmp_path):
    content = xlsx(tmp_path / "made.xlsx")
    code, _, err = calls(content, "--sheet", "November", name="calls.xlsx")
    assert code == 1
    assert "November" in err
    assert "October" in err


@pytest.mark.slow
def test_a_locked_store_is_said_and_nothing_is_lost(calls, workspace):
    assert calls(GOOD)[0] == 0
    lock = sqlite3.connect(workspace.root / "store" / "insight.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        code, _, err = calls(GOOD.replace("1,03", "2,03"), name="next.csv")
    finally:
        lock.rollback()
        lock.close()
    assert code == 1
    assert "used by another" in err
    assert calls(GOOD.replace("1,03", "2,03"), name="next.csv")[0] == 0


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write any folder"
)
def test_a_folder_that_cannot_be_written_is_said(insight, tmp_path):
    tmp_path.chmod(0o500)
    code, _, err = insight("init", tmp_path / "council")
    tmp_path.chmod(0o700)
    assert code == 1
    assert "cannot be written" in err


def test_a_folder_below_a_file_cannot_be_written_and_that_is_said(insight, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, _, err = insight("init", tmp_path / "file" / "council")
    assert code == 1
    assert "cannot be written" in err


def test_a_good_file_is_accounted_for_and_a_second_time_seen_before(calls):
    code, out, _ = calls(GOOD)
    assert code == 0
    assert "1 rows read = 1 accepted + 0 quarantined + 0 duplicates + 0 filtered" in out
    assert "seen before" in calls(GOOD)[1]


def test_json_is_json_alone(calls):
    _, out, _ = calls(GOOD, "--json")
    (account,) = json.loads(out)["files"]
    assert account["accepted"] == 1


def test_quarantine_is_listed_and_shown(calls, insight, workspace):
    rows = "".join(f"{n},03/10/2026,phone,waste\n" for n in range(2, 30))
    calls(GOOD + rows + "99,03/10/2026,pigeon,waste\n")
    at = ("--workspace", workspace.root)
    code, out, _ = insight("quarantine", "list", *at)
    assert code == 0
    assert "must be one of phone" in " ".join(out.split())
    _, out, _ = insight("quarantine", "show", "contacts", *at, "--json")
    (row,) = json.loads(out)
    assert (row["column"], row["value"]) == ("channel", "pigeon")
    assert "Nothing of web" in insight("quarantine", "show", "web", *at)[1]


def test_a_new_workspace_is_well_and_a_second_init_refuses(insight, tmp_path):
    assert insight("init", tmp_path / "council")[0] == 0
    code, out, _ = insight("doctor", "--workspace", tmp_path / "council")
    assert code == 0
    assert "Ready" in out
    code, _, err = insight("init", tmp_path / "council")
    assert code == 1
    assert "not empty" in err


def test_the_doctor_names_a_missing_mapping(insight, workspace):
    sources = workspace.root / "settings" / "sources.yaml"
    text = sources.read_text(encoding="utf-8")
    sources.write_text(
        text.replace("contract: contacts}", "contract: contacts, mapping: mappings/none.yaml}"),
        encoding="utf-8",
    )
    code, out, err = insight("doctor", "--workspace", workspace.root)
    assert code == 1
    assert "none.yaml" in out
    assert "1 of the checks failed" in err


def test_a_folder_that_is_no_workspace_is_said(insight, tmp_path):
    code, _, err = insight("run", "--workspace", tmp_path)
    assert code == 1
    assert "not a workspace" in err


def test_wrong_usage_is_exit_code_2(insight, workspace):
    code, _, err = insight("run", "--only", "everything", "--workspace", workspace.root)
    assert code == 2
    assert "there is no part everything" in " ".join(err.split())


def test_a_month_that_is_none_is_said(insight, workspace):
    code, _, err = insight("run", "--month", "October", "--workspace", workspace.root)
    assert code == 1
    assert "2026-10" in err


def test_a_month_that_has_not_begun_is_said(insight, workspace):
    code, _, err = insight("run", "--month", "2030-01", "--workspace", workspace.root)
    assert code == 1
    assert "January 2030 has not begun" in err


def test_an_error_that_nobody_foresaw_quotes_nothing(insight, workspace, monkeypatch):
    from pipelines.edge import workspace as opened

    def broken(*_, **__):
        raise ValueError("Mrs Thackeray of 4 Mill Lane")

    monkeypatch.setattr(opened, "load_settings", broken)
    code, out, err = insight("store", "digest", "--workspace", workspace.root)
    assert (code, out) == (1, "")
    assert "Thackeray" not in err
    assert "ValueError" in err
    monkeypatch.setenv("INSIGHT_DEBUG", "1")
    with pytest.raises(ValueError, match="Thackeray"):
        cli.main()


def test_a_demo_never_overwrites_a_councils_own_folder(insight, workspace):
    code, _, err = insight("demo", workspace.root)
    assert code == 1
    assert "no demo made" in err
    assert open_workspace(workspace.root).settings.name


def test_the_store_is_made_and_its_digest_printed(insight, workspace):
    at = ("--workspace", workspace.root)
    assert "up to date" in insight("store", "upgrade", *at)[1]
    first, second = (insight("store", "digest", *at)[1].strip() for _ in range(2))
    assert first == second
    assert len(first) == 64
