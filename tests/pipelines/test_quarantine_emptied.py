"""The quarantine as the performance team meets it: emptied by what the commands say, and no more.

The tests do what is printed: they paste the lines into the files named, correct what the worklist
lists, and replay.
"""

import json
import re

import yaml

from insight.remedies import remedy
from pipelines.edge.workspace import open_workspace
from pipelines.steps.events import read_events
from pipelines.steps.quarantine import quarantined_rows, resolved_counts
from pipelines.steps.quarantine_list import open_groups
from pipelines.steps.quarantine_replay import replay
from tests.messy_files import COUNTS, REPORTS, SURVEY, answers, counts, pasted, reports, run_month


def test_messy_files_of_three_kinds_are_let_in_by_the_messages_alone(root, insight_here, drop):
    drop("telephony", "oct.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Telephone line"))
    drop("street-reports", "oct.csv", REPORTS + reports(0, 60))
    known, unknown = answers(0, 60), answers(60, 62, scale="LGA satisfaction scale")
    drop("surveys", "parks.csv", SURVEY + known + unknown)
    run_month(root)
    code, told, _ = insight_here("quarantine", "list")
    assert code == 0
    assert 'Add the spelling "Telephone line" under synonyms: channel: phone:' in told
    assert "`dates: month-first` in mappings/street-reports.yaml" in told
    assert 'Add the spelling "LGA satisfaction scale" under synonyms: scale: satisfaction-5' in told
    assert set(pasted(root, told)) == {
        "settings/council.yaml",
        "settings/sources.yaml",
        "mappings/street-reports.yaml",
    }
    settings = open_workspace(root).settings
    assert settings.synonyms["channel"]["phone"] == ["contact centre", "Telephone line"]
    code, told, err = insight_here("quarantine", "replay", "--all")
    assert (code, err) == (0, "")
    assert "telephony, oct.csv: 2 rows left quarantine, 0 remain" in told
    code, told, _ = insight_here("quarantine", "list")
    assert told.startswith("Nothing is in quarantine.")
    assert "Left quarantine before: 4 accepted on replay." in told
    workspace = open_workspace(root)
    assert len(read_events(workspace, "street_reports")) == 60
    assert len(read_events(workspace, "contact_counts")) == 52
    assert len(read_events(workspace, "surveys")) == 62


def test_a_mapping_that_lies_there_already_is_not_written_over(root, insight_here, drop):
    there = root / "mappings" / "street-reports.yaml"
    there.write_text("contract: street_reports\n", encoding="utf-8")
    drop("street-reports", "oct.csv", REPORTS + reports(0, 60))
    run_month(root)
    _, told, _ = insight_here("quarantine", "list")
    assert "mappings/street-reports-own.yaml" in told
    assert "street-reports.yaml, as a new file" not in told


def test_a_value_close_to_nothing_is_left_to_the_person(root, insight_here, drop):
    drop("telephony", "oct.csv", COUNTS + counts(1, 26) + counts(26, 27, channel="Pigeon"))
    run_month(root)
    _, told, _ = insight_here("quarantine", "list")
    assert '"Pigeon" may be any of phone, email' in told
    assert "Paste into" not in told
    line = 'Add the spelling "Pigeon" under synonyms: channel: the one that it means: in settings/'
    assert line + "council.yaml" in told
    path = root / "settings" / "council.yaml"
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings["synonyms"]["channel"]["other"] = ["Pigeon"]
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    insight_here("quarantine", "replay", "telephony")
    assert quarantined_rows(open_workspace(root)).empty


def test_what_the_file_has_wrong_is_corrected_from_the_worklist(root, insight_here, drop, tmp_path):
    good = COUNTS + counts(1, 26)
    path = drop("telephony", "oct.csv", good + "26/10/2026,Phone,waste,12 mins,=1+1\n")
    run_month(root)
    _, told, _ = insight_here("quarantine", "list")
    assert 'unit behind the number, "mins"' in told
    for name in ("rows.csv", "rows.xlsx"):
        worklist = tmp_path / name
        code, told, _ = insight_here("quarantine", "show", "telephony", "--to", worklist)
        assert code == 0
        assert worklist.stat().st_size > 100
    listed = (tmp_path / "rows.csv").read_text(encoding="utf-8-sig")
    assert '"\'=1+1"' in listed
    path.write_text(good + "26/10/2026,Phone,waste,12,1\n", encoding="utf-8")
    code, told, err = insight_here("quarantine", "replay", "telephony")
    assert (code, err) == (0, "")
    assert "1 row left quarantine, 0 remain" in told
    assert quarantined_rows(open_workspace(root)).empty
    assert resolved_counts(open_workspace(root)) == {"replaced by a corrected file": 1}


def test_a_renamed_column_is_found_and_its_line_let_the_file_in(root, insight_here, drop):
    drop("telephony", "oct.csv", (COUNTS + counts(1, 26)).replace("Channel", "Contact Chanel"))
    run_month(root)
    _, told, _ = insight_here("quarantine", "list")
    assert "no column channel" in told
    drop("telephony", "oct.csv", (COUNTS + counts(1, 26)).replace("Channel", "Contact method"))
    run_month(root)
    _, told, _ = insight_here("quarantine", "list")
    assert 'Write `channel: "Contact method"` under columns: in mappings/telephony.yaml' in told
    pasted(root, told)
    code, _, err = insight_here("quarantine", "replay", "telephony")
    assert (code, err) == (0, "")
    assert len(read_events(open_workspace(root), "contact_counts")) == 50


def test_a_file_without_references_gets_them_made(root, insight_here, drop):
    text = re.sub(r"^[^,]+,", "", REPORTS + reports(0, 30, "25/10/2026"), flags=re.M)
    drop("street-reports", "oct.csv", text)
    run_month(root)
    _, told, _ = insight_here("quarantine", "list")
    assert "`generate: [report_id]` in mappings/street-reports.yaml" in told
    pasted(root, told)
    code, _, err = insight_here("quarantine", "replay", "--all")
    assert (code, err) == (0, "")
    assert len(read_events(open_workspace(root), "street_reports")) == 30


def test_columns_that_are_swapped_throughout_are_exchanged(root, insight_here, drop):
    drop("street-reports", "oct.csv", REPORTS + reports(0, 30, "25/10/2026", "-1.10,52.59"))
    run_month(root)
    _, told, _ = insight_here("quarantine", "list")
    pasted(root, told)
    code, _, err = insight_here("quarantine", "replay", "--all")
    assert (code, err) == (0, "")
    stored = read_events(open_workspace(root), "street_reports")
    assert stored["latitude"].round(2).eq(52.59).all()


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
    "needs latitude and longitude or easting and northing or postcode or street or ward": ",,,",
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


def test_nobodys_words_are_in_what_is_said(root, insight_here, drop):
    words = "rang about Mabel at 12 Elm Road"
    bad = "99,03/10/2026 09:30," + words + ",waste,C1,ok\n"
    header = "contact_id,contacted_at,channel,service,customer,text\n"
    good = "".join(f"{n},03/10/2026 09:30,Phone,waste,C{n},ok\n" for n in range(40))
    drop("contacts", "calls.csv", header + good + bad)
    run_month(root)
    for words_given in (("list",), ("list", "--json")):
        _, told, err = insight_here("quarantine", *words_given)
        assert "Mabel" not in told + err
    assert "is none of" not in told
