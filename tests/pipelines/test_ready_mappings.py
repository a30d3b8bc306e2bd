"""The mappings that come with us, each on a file of the shape that it is for."""

import csv
import json
from datetime import datetime, timedelta
from io import BytesIO, StringIO

import pandas as pd
import pytest
import xlsxwriter
import yaml

from pipelines.edge.mappings import MappingFileError, read_mapping
from pipelines.edge.patrol_map import COLUMNS as PATROL_TICKS
from pipelines.edge.ready_mappings import ready_names
from pipelines.edge.workspace import open_workspace
from pipelines.steps.ingest_file import FileRefusedError, ingest_file
from pipelines.steps.ingest_reading import contents_of, read_content, way_of

# As in mysociety/fixmystreet, perllib/FixMyStreet/Reporting.pm
FIXMYSTREET = [
    "Report ID",
    "Title",
    "Detail",
    "User Name",
    "Category",
    "Created",
    "Confirmed",
    "Acknowledged",
    "Fixed",
    "Closed",
    "Status",
    "Latitude",
    "Longitude",
    "Query",
    "Ward",
    "Easting",
    "Northing",
    "Report URL",
    "Device Type",
    "Site Used",
    "Reported As",
]
# As in http://csvlint.io/schemas/542d62e063737644c4080000
PLANNING = [
    "ExtractDate",
    "PublisherURI",
    "PublisherLabel",
    "OrganisationURI",
    "OrganisationLabel",
    "CaseReference",
    "CaseURL",
    "CaseDate",
    "ServiceTypeURI",
    "ServiceTypeLabel",
    "ClassificationURI",
    "ClassificationLabel",
    "CaseText",
    "LocationText",
    "DecisionTargetDate",
    "Status",
    "DecisionDate",
    "Decision",
]


def text(headings, *rows):
    written = StringIO()
    writer = csv.DictWriter(written, headings, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode("utf-8-sig")


def fixmystreet():
    row = dict.fromkeys(FIXMYSTREET, "") | {
        "Report ID": "2901334",
        "Detail": "By the gate, again",
        "User Name": "(anonymous)",
        "Category": "Dog fouling",
        "Created": "2026-05-01T08:58:11",
        "Confirmed": "2026-05-01T09:00:02",
        "Fixed": "2026-05-04T11:00:00",
        "Status": "fixed - council",
        "Latitude": "52.5901",
        "Longitude": "-1.1052",
        "Device Type": "mobile",
    }
    return text(FIXMYSTREET, row, row | {"Report ID": "2901335", "Fixed": ""})


def open311():
    request = {
        "service_request_id": 638344,
        "status": "closed",
        "status_notes": "Duplicate request.",
        "service_name": "Dog fouling",
        "service_code": "006",
        "description": None,
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": "2026-05-01T06:37:38+01:00",
        "updated_datetime": "2026-05-02T06:37:38+01:00",
        "expected_datetime": None,
        "address": "The Parade",
        "address_id": 545483,
        "zipcode": None,
        "lat": 52.5901,
        "long": -1.1052,
        "media_url": None,
        "extended_attributes": {"channel": "phone"},
    }
    return json.dumps({"service_requests": [request, request | {"service_request_id": 638349}]})


def microsoft_forms():
    questions = [
        "How satisfied are you with\nthe service\u00a0you received? ",
        "How easy was it to get what you needed?",
    ]
    headings = ["ID", "Start time", "Completion time", "Email", "Name", *questions, "Else?"]
    done = datetime(2026, 5, 1, 14, 5)  # noqa: DTZ001 - Excel's dates have no zone
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "m/d/yy h:mm:ss"}) as workbook:
        sheet = workbook.add_worksheet("Form1")
        sheet.write_row(0, 0, headings)
        for row, answers in enumerate([("Very satisfied", "Satisfied"), ("Dissatisfied", None)], 1):
            start = done - timedelta(minutes=4)
            sheet.write_row(row, 0, [row, start, done, "anonymous", None, *answers, "No"])
    return content.getvalue()


def firmstep():
    headings = ["Case reference", "Date submitted", "Source", "Process name", "Customer ID"]
    headings.append("Case status")
    row = ["FS-Case-512345678", "01/05/2026 09:30", "Self", "Report a missed bin", "C1", "Closed"]
    other = ["FS-Case-512345679", "01/05/2026 10:00", "Service", "Council tax enquiry", "", "Open"]
    return text(headings, *(dict(zip(headings, r, strict=True)) for r in (row, other)))


def telephony():
    rows = [
        ["Daily queue report", "", "", "", "", "", ""],
        ["From 01/05/2026 to 02/05/2026", "", "", "", "", "", ""],
        [""] * 7,
        [
            "Date",
            "Queue",
            "Calls Offered",
            "Calls Answered",
            "Calls Abandoned",
            "Average Speed of Answer",
            "Service Level",
        ],
        ["46143", "Council Tax", "1,204", "1,100", "104", "0:01:32", "81.5%"],
        ["02/05/2026", "Waste", "310", "n/a", "-", "0:00:20", "95%"],
        ["Total", "", "1,514", "1,100", "104", "", "84.3%"],
    ]
    written = StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()


def planning():
    row = dict.fromkeys(PLANNING, "") | {
        "CaseReference": "26/00123/HH",
        "CaseDate": "03/02/2026",
        "ServiceTypeLabel": "Householder application",
        "DecisionTargetDate": "31/03/2026",
        "DecisionDate": "27/03/2026 00:00",
        "Decision": "Grant Planning Permission",
    }
    undecided = {"CaseReference": "26/00124/FUL", "DecisionDate": "", "Decision": ""}
    return text(PLANNING, row, row | undecided)


def patrol_ticks():
    row = {
        "Reference": "2026-05-04-1-1",
        "Visited": "Yes",
        "When": "04/05/2026 15:10",
        "Place": "Blaby Road (SK 587 989)",
        "Square": "458700_298900",
        "Minutes": "15",
        "Done": "sign",
        "Found": "fouling",
    }
    return text(list(PATROL_TICKS), row, row | {"Reference": "", "Square": ""})


FILES = {
    "patrol-ticks": ("ticked-patrols", "patrol-ticks-2026-05-04.csv", patrol_ticks),
    "fixmystreet": ("street-reports", "export.csv", fixmystreet),
    "open311": ("street-reports", "requests.json", open311),
    "microsoft-forms": ("surveys", "Survey(1-2).xlsx", microsoft_forms),
    "firmstep": ("contacts", "cases.csv", firmstep),
    "telephony-daily": ("telephony", "queues.csv", telephony),
    "planning-register": ("cases", "planning.csv", planning),
}


@pytest.fixture
def taken(workspace):
    """Ingest a ready mapping's file; return its account and the rows read."""

    def take(name):
        source_name, file, make = FILES[name]
        path = workspace.root / "settings" / "sources.yaml"
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for one in content["sources"]:
            if one["name"] == source_name:
                one["mapping"] = name
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        opened = open_workspace(workspace.root, run_id="test")
        source = next(s for s in opened.settings.sources if s.name == source_name)
        place = opened.inbox(source_name) / file
        data = make()
        place.write_bytes(data.encode() if isinstance(data, str) else data)
        way = way_of(opened, source, None)
        (content,) = contents_of(place, way)
        rows = read_content(place, content, way).mapped.frame
        return ingest_file(opened, place, source), rows

    return take


def test_each_ready_mapping_is_tested_here():
    assert set(FILES) == set(ready_names())


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_the_shape_goes_in_whole(taken, name):
    account, rows = taken(name)
    expected = 4 if name == "microsoft-forms" else 2
    blank = int(name == "microsoft-forms")
    assert (account.rows_read, account.accepted) == (expected, expected - blank)
    assert account.quarantined == 0
    assert account.filtered == blank
    assert len(rows) == expected - blank


def test_a_telephony_reports_numbers_are_what_they_say(taken):
    account, rows = taken("telephony-daily")
    assert rows["date"].tolist() == ["2026-05-01", "02/05/2026"]
    assert rows["wait_seconds_mean"].tolist() == ["92", "20"]
    told = " ".join(account.notes)
    assert all(part in told for part in ("row 1 to 2", "Row 7 is a total", "Numbers in date"))


def test_a_question_is_found_however_it_is_spaced(taken):
    _, rows = taken("microsoft-forms")
    assert rows["question"].tolist() == ["overall", "ease", "overall"]
    assert pd.Timestamp(rows["answered_at"][0]) == pd.Timestamp("2026-05-01 14:05")


def test_a_new_workspace_has_them_to_adapt_and_its_own_go_first(workspace):
    own = workspace.root / "mappings" / "telephony-daily.yaml"
    assert {p.stem for p in own.parent.glob("*.yaml")} == set(ready_names())
    own.write_text("contract: contact_counts\ndates: iso\n", encoding="utf-8")
    assert read_mapping(workspace.root / "telephony-daily").dates == "iso"
    own.unlink()
    assert read_mapping(workspace.root / "telephony-daily").dates == "day-first"
    assert read_mapping(own).dates == "day-first"


def test_an_unknown_name_is_answered_with_those_there_are(workspace):
    with pytest.raises(MappingFileError, match=r"mappings/fixmystret\.yaml.*fixmystreet, "):
        read_mapping(workspace.root / "fixmystret")


def test_a_suppressed_count_is_refused_and_never_counts(taken, workspace, monkeypatch):
    few = telephony().replace(b"310,n/a,-", b"310,<5,-")
    monkeypatch.setitem(FILES, "telephony-daily", ("telephony", "queues.csv", lambda: few))
    with pytest.raises(FileRefusedError, match=r"1 of 2 rows break .* answered: is not a whole"):
        taken("telephony-daily")


def test_the_command_takes_a_name_from_whatever_folder(insight_here, tmp_path, monkeypatch):
    file = tmp_path / "queues.csv"
    file.write_bytes(telephony())
    monkeypatch.chdir(tmp_path)
    code, out, err = insight_here(
        "ingest", file, "--source", "telephony", "--mapping", "telephony-daily", "--json"
    )
    assert code == 0, err
    assert json.loads(out)["files"][0]["accepted"] == 2


def test_none_is_called_like_a_source_that_would_get_a_mapping_of_its_own(workspace):
    assert not set(ready_names()) & {source.name for source in workspace.settings.sources}
