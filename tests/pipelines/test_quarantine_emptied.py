"""The quarantine as the performance team meets it: emptied by what the commands say, and no more.

The tests do what is printed: they paste the lines into the files named, correct what the worklist
lists, and replay.
"""

import json
import re
import sys

import pandas as pd
import pytest
import yaml

from insight.remedies import remedy
from pipelines import cli
from pipelines.edge.store import store_digest
from pipelines.edge.workspace import open_workspace
from pipelines.steps.events import read_events
from pipelines.steps.ingest import ingest_all
from pipelines.steps.quarantine import quarantined_rows, resolved_counts
from pipelines.steps.quarantine_list import open_groups
from pipelines.steps.quarantine_replay import replay

COUNTS = "Date,Channel,Service,Offered,Answered\n"
REPORTS = "Report ID,Reported at,Category,Latitude,Longitude,Description\n"
SURVEY = "Response ID,Survey,Answered at,Question,Scale,Answer\n"


@pytest.fixture
def root(workspace):
    return workspace.root


@pytest.fixture
def insight(monkeypatch, capsys, root):
    def run(*words):
        monkeypatch.setattr(sys, "argv", ["insight", *map(str, words), "--workspace", str(root)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        told = capsys.readouterr()
        return int(stopped.value.code or 0), told.out, told.err

    return run


@pytest.fixture
def drop(root):
    def write(source, name, text):
        path = root / "inbox" / source / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def run_month(root):
    workspace = open_workspace(root)
    return ingest_all(workspace, workspace.month(None))


def pasted(root, told):
    """Do what each "Paste into FILE, WHERE:" says, as a person with an editor would."""
    done = []
    for file, where, text in re.findall(
        r"^Paste into ([^,\n]+), ([^\n]+):\n(.+?)(?=\n\n|\Z)", told, flags=re.S | re.M
    ):
        path = root / file
        lines = yaml.safe_load(text)
        if where == "as a new file":
            assert not path.exists()
            path.write_text(text, encoding="utf-8")
        elif where.startswith("in place of the line of "):
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            assert isinstance(lines, list)
            content["sources"] = [
                lines[0] if one["name"] == lines[0]["name"] else one for one in content["sources"]
            ]
            path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        else:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            assert (next(iter(lines)) in content) == ("in place" in where)
            path.write_text(yaml.safe_dump(content | lines, sort_keys=False), encoding="utf-8")
        done.append(file)
    return done


def counts(start, stop, channel="Phone"):
    return "".join(
        f"{day:02}/{month:02}/2026,{channel},waste,{100 + day},{90 + day}\n"
        for month in (9, 10)
        for day in range(start, stop)
    )


def reports(start, stop, when="{month:02}/{day:02}/2026 09:30", place="52.59,-1.10"):
    return "".join(
        f"R{n},{when.format(day=n % 28 + 1, month=n % 10 + 1)},Dog fouling,{place},by the gate\n"
        for n in range(start, stop)
    )


def answers(start, stop, scale="satisfaction-5"):
    return "".join(
        f"A{n},Parks,{n % 28 + 1:02}/10/2026,overall,{scale},Very satisfied\n"
        for n in range(start, stop)
    )


def test_messy_files_of_three_kinds_are_let_in_by_the_messages_alone(root, insight, drop):
    drop("telephony", "oct.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Telephone line"))
    drop("street-reports", "oct.csv", REPORTS + reports(0, 60))
    known, unknown = answers(0, 60), answers(60, 62, scale="LGA satisfaction scale")
    drop("surveys", "parks.csv", SURVEY + known + unknown)
    run_month(root)
    code, told, _ = insight("quarantine", "list")
    assert code == 0
    assert 'Add the spelling "Telephone line" under synonyms: channel: phone:' in told
    assert "`dates: month-first` in mappings/street-reports.yaml" in told
    assert 'Add the spelling "LGA satisfaction scale" under synonyms: scale: satisfaction-5' in told
    assert set(pasted(root, told)) == {
        "settings/council.yaml",
        "settings/sources.yaml",
        "mappings/street-reports.yaml",
    }
    code, told, err = insight("quarantine", "replay", "--all")
    assert (code, err) == (0, "")
    assert "telephony, oct.csv: 2 rows left quarantine, 0 remain" in told
    code, told, _ = insight("quarantine", "list")
    assert told.startswith("Nothing is in quarantine.")
    assert "Left quarantine before: 4 accepted on replay." in told
    workspace = open_workspace(root)
    assert len(read_events(workspace, "street_reports")) == 60
    assert len(read_events(workspace, "contact_counts")) == 52
    assert len(read_events(workspace, "surveys")) == 62


def test_a_value_close_to_nothing_is_left_to_the_person(root, insight, drop):
    drop("telephony", "oct.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Pigeon"))
    run_month(root)
    _, told, _ = insight("quarantine", "list")
    assert '"Pigeon" may be any of phone, email' in told
    assert "Paste into" not in told
    line = 'Add the spelling "Pigeon" under synonyms: channel: the one that it means: in settings/'
    assert line + "council.yaml" in told
    path = root / "settings" / "council.yaml"
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings["synonyms"]["channel"]["other"] = ["Pigeon"]
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    insight("quarantine", "replay", "telephony")
    assert quarantined_rows(open_workspace(root)).empty


def test_what_the_file_has_wrong_is_corrected_from_the_worklist(root, insight, drop, tmp_path):
    good = COUNTS + counts(1, 26)
    path = drop("telephony", "oct.csv", good + "26/10/2026,Phone,waste,12 mins,=1+1\n")
    run_month(root)
    _, told, _ = insight("quarantine", "list")
    assert 'unit behind the number, "mins"' in told
    for name in ("rows.csv", "rows.xlsx"):
        worklist = tmp_path / name
        code, told, _ = insight("quarantine", "show", "telephony", "--to", worklist)
        assert code == 0
        assert worklist.stat().st_size > 100
    listed = (tmp_path / "rows.csv").read_text(encoding="utf-8-sig")
    assert '"\'=1+1"' in listed
    path.write_text(good + "26/10/2026,Phone,waste,12,1\n", encoding="utf-8")
    code, told, err = insight("quarantine", "replay", "telephony")
    assert (code, err) == (0, "")
    assert "1 row left quarantine, 0 remain" in told
    assert quarantined_rows(open_workspace(root)).empty
    assert resolved_counts(open_workspace(root)) == {"replaced by a corrected file": 1}


def test_another_file_of_the_same_name_closes_nothing(root, insight, drop):
    drop("telephony", "export.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Pigeon"))
    run_month(root)
    drop("telephony", "export.csv", COUNTS + counts(1, 26).replace("waste", "planning"))
    code, _, err = insight("quarantine", "replay", "telephony")
    assert code == 1
    assert "is another file" in err
    assert len(quarantined_rows(open_workspace(root))) == 2


def test_an_original_that_is_gone_is_said_by_name_and_can_be_given_up(root, insight, drop):
    text = COUNTS + counts(1, 26) + counts(26, 27, channel="Pigeon")
    path = drop("telephony", "oct.csv", text)
    run_month(root)
    path.unlink()
    code, _, err = insight("quarantine", "replay", "telephony")
    assert code == 1
    assert "The original of oct.csv is no longer there" in err
    assert "inbox_retention_days" in err
    words = re.search(r"insight (quarantine forget telephony --file \"oct.csv\" --yes)", err)
    assert words is not None
    code, _, told = insight("quarantine", "forget", "telephony", "--file", "oct.csv")
    assert code == 1
    assert "nothing was done" in told
    code, told, _ = insight("quarantine", "forget", "telephony", "--file", "oct.csv", "--yes")
    assert (code, told) == (0, "2 rows of oct.csv closed as given up.\n")
    assert quarantined_rows(open_workspace(root)).empty
    # Should it come back, what was given up is not opened again by a run.
    path.write_text(text, encoding="utf-8")
    run_month(root)
    assert quarantined_rows(open_workspace(root)).empty
    code, _, err = insight("quarantine", "forget", "telephony", "--file", "oct.csv", "--yes")
    assert code == 1
    assert "No row of oct.csv is open" in err


def test_a_renamed_column_is_found_and_its_line_let_the_file_in(root, insight, drop):
    drop("telephony", "oct.csv", (COUNTS + counts(1, 26)).replace("Channel", "Contact Chanel"))
    run_month(root)
    _, told, _ = insight("quarantine", "list")
    assert "no column channel" in told
    drop("telephony", "oct.csv", (COUNTS + counts(1, 26)).replace("Channel", "Contact method"))
    run_month(root)
    _, told, _ = insight("quarantine", "list")
    assert 'Write `channel: "Contact method"` under columns: in mappings/telephony.yaml' in told
    pasted(root, told)
    code, _, err = insight("quarantine", "replay", "telephony")
    assert (code, err) == (0, "")
    assert len(read_events(open_workspace(root), "contact_counts")) == 50


def test_a_file_without_references_gets_them_made(root, insight, drop):
    text = re.sub(r"^[^,]+,", "", REPORTS + reports(0, 30, "25/10/2026"), flags=re.M)
    drop("street-reports", "oct.csv", text)
    run_month(root)
    _, told, _ = insight("quarantine", "list")
    assert "`generate: [report_id]` in mappings/street-reports.yaml" in told
    pasted(root, told)
    code, _, err = insight("quarantine", "replay", "--all")
    assert (code, err) == (0, "")
    assert len(read_events(open_workspace(root), "street_reports")) == 30


def test_columns_that_are_swapped_throughout_are_exchanged(root, insight, drop):
    drop("street-reports", "oct.csv", REPORTS + reports(0, 30, "25/10/2026", "-1.10,52.59"))
    run_month(root)
    _, told, _ = insight("quarantine", "list")
    pasted(root, told)
    code, _, err = insight("quarantine", "replay", "--all")
    assert (code, err) == (0, "")
    stored = read_events(open_workspace(root), "street_reports")
    assert stored["latitude"].round(2).eq(52.59).all()


def test_a_run_reads_again_by_itself_what_a_changed_setting_lets_in(root, insight, drop):
    drop("telephony", "oct.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Telephone line"))
    run_month(root)
    _, told, _ = insight("quarantine", "list")
    pasted(root, told)
    run_month(root)
    assert resolved_counts(open_workspace(root)) == {"accepted on replay": 2}


def test_a_run_reads_again_what_a_new_version_of_the_contract_lets_in(root, drop, monkeypatch):
    from dataclasses import replace

    from pipelines.steps import ingest_reading

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
    root, insight, drop, make_workspace
):
    text = COUNTS + counts(1, 26) + counts(26, 27, channel="Telephone line")
    drop("telephony", "oct.csv", text)
    run_month(root)
    _, told, _ = insight("quarantine", "list")
    pasted(root, told)
    insight("quarantine", "replay", "--all")
    straight = make_workspace("straight").root
    (straight / "inbox" / "telephony" / "oct.csv").write_text(text, encoding="utf-8")
    settings = (root / "settings" / "council.yaml").read_text(encoding="utf-8")
    (straight / "settings" / "council.yaml").write_text(settings, encoding="utf-8")
    run_month(straight)
    once, mended = (
        read_events(open_workspace(each), "contact_counts") for each in (straight, root)
    )
    pd.testing.assert_frame_equal(once, mended)


def test_replaying_what_can_not_be_let_in_changes_nothing_the_second_time(root, insight, drop):
    drop("telephony", "oct.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Pigeon"))
    run_month(root)
    insight("quarantine", "replay", "--all")
    before = store_digest(open_workspace(root).engine)
    code, told, _ = insight("quarantine", "replay", "--all")
    assert (code, "0 rows left quarantine, 2 remain" in told) == (0, True)
    assert "2 times channel: must be one of phone" in told
    assert store_digest(open_workspace(root).engine) == before


def test_postgresql_is_emptied_alike(root, insight, drop, monkeypatch, postgres_url):
    monkeypatch.setenv("INSIGHT_STORE_URL", postgres_url)
    drop("telephony", "oct.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Telephone line"))
    run_month(root)
    _, told, _ = insight("quarantine", "list")
    pasted(root, told)
    code, _, err = insight("quarantine", "replay", "--all")
    assert (code, err) == (0, "")
    assert resolved_counts(open_workspace(root)) == {"accepted on replay": 2}


def wards_and_postcodes(folder):
    ring = [[-1.2, 52.5], [-1.0, 52.5], [-1.0, 52.7], [-1.2, 52.7], [-1.2, 52.5]]
    north = {
        "type": "Feature",
        "properties": {"ward": "North Fields"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    wards, postcodes = folder / "wards.geojson", folder / "postcodes.csv"
    collection = {"type": "FeatureCollection", "features": [north]}
    wards.write_text(json.dumps(collection), encoding="utf-8")
    postcodes.write_text("postcode,easting,northing\nLE18 1AA,461000,299000\n", encoding="utf-8")
    return {"wards_file": str(wards), "postcodes_file": str(postcodes)}


PLACES = {
    "latitude and longitude swapped": "-1.10,52.59,,",
    "outside the area": "51.50,-0.12,,",
    "not a coordinate": "0,0,,",
    "unknown postcode": ",,ZZ1 1ZZ,",
    "unknown ward": ",,,Narnia",
    "needs latitude and longitude or easting and northing or postcode or ward": ",,,",
    "must not be above 90": "95,-1.10,,",
    "must not be below -180": "52.59,-195,,",
    "is not a number": "52.59 north,-1.10,,",
    "must not be longer than 10 characters": ",,LE18 1AA and more,",
}


def test_each_rule_about_places_says_what_to_do_and_goes_with_the_corrected_file(
    make_workspace, tmp_path
):
    root = make_workspace("places", **wards_and_postcodes(tmp_path)).root
    header = "report_id,reported_at,category,latitude,longitude,postcode,ward\n"
    good = "".join(f"R{n},03/10/2026,Fouling,52.59,-1.10,,\n" for n in range(250))
    bad = "".join(f"B{n},03/10/2026,Fouling,{p}\n" for n, p in enumerate(PLACES.values()))
    path = root / "inbox" / "street-reports" / "oct.csv"
    path.write_text(header + good + bad, encoding="utf-8")
    run_month(root)
    groups = open_groups(open_workspace(root))
    assert {group.rule for group in groups} == set(PLACES)
    otherwise = remedy("something nobody has thought of")
    assert [g.rule for g in groups if any(s.sentence == otherwise for s in g.suggestions)] == []
    corrected = "".join(f"B{n},03/10/2026,Fouling,52.59,-1.10,,\n" for n in range(len(PLACES)))
    path.write_text(header + good + corrected, encoding="utf-8")
    told = [(each.left, each.remain, each.problem) for each in replay(open_workspace(root))]
    assert told == [(len(PLACES), 0, "")]
    assert quarantined_rows(open_workspace(root)).empty


def test_nobodys_words_are_in_what_is_said(root, insight, drop):
    words = "rang about Mabel at 12 Elm Road"
    bad = "99,03/10/2026 09:30," + words + ",waste,C1,ok\n"
    header = "contact_id,contacted_at,channel,service,customer,text\n"
    good = "".join(f"{n},03/10/2026 09:30,Phone,waste,C{n},ok\n" for n in range(40))
    drop("contacts", "calls.csv", header + good + bad)
    run_month(root)
    for words_given in (("list",), ("list", "--json")):
        _, told, err = insight("quarantine", *words_given)
        assert "Mabel" not in told + err
    assert "is none of" not in told


def test_lists_and_replays_are_told_as_json_too(root, insight, drop):
    drop("telephony", "oct.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Telephone line"))
    run_month(root)
    _, told, _ = insight("quarantine", "list", "--json")
    content = json.loads(told)
    (group,) = content["groups"]
    assert (group["source"], group["rows"], group["files"]) == ("telephony", 2, ["oct.csv"])
    assert group["suggestions"][0]["settings"][0]["value"] == "Telephone line"
    code, told, _ = insight("quarantine", "replay", "telephony", "--json")
    (file,) = json.loads(told)["files"]
    assert (code, file["left"], file["remain"]) == (0, 0, 2)
    assert list(file["why"]) == ["channel: " + group["rule"]]


@pytest.mark.parametrize("words", [("replay",), ("replay", "telephony", "--all")])
def test_replay_without_or_with_too_much_said_is_wrong_usage(insight, words):
    assert insight("quarantine", *words)[0] == 2


def test_an_unknown_source_is_named(insight):
    code, _, err = insight("quarantine", "replay", "phones")
    assert code == 1
    assert "no source phones" in err
