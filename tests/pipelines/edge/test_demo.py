import gzip
import hashlib
import json
import re
import zipfile
from dataclasses import asdict
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import yaml

from insight.redaction import redact
from pipelines.edge.demo import TRUTHS, DemoNotWrittenError, write_demo
from pipelines.edge.files import read_rows
from pipelines.edge.geography import read_postcodes, read_wards
from pipelines.edge.workspace import Workspace, open_workspace, prepare_folders
from pipelines.settings import load_settings
from pipelines.steps.ingest import ingest_inbox
from tests.uncovered import uncovered

OCTOBER = date(2026, 10, 1)
MAILBOX_OCTOBER = "council-tax-mailbox-2026-10.mbox"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return write_demo(tmp_path_factory.mktemp("demo"), last_month=OCTOBER, months=6)


@pytest.fixture(scope="module")
def settings(demo):
    return load_settings(demo.folder / "settings")


@pytest.fixture(scope="module")
def truths(demo):
    return json.loads(demo.truths.read_text(encoding="utf-8"))


def hashes(folder: Path):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_the_same_seed_gives_the_same_bytes(demo, tmp_path):
    write_demo(tmp_path, last_month=OCTOBER, months=6)
    assert hashes(tmp_path) == hashes(demo.folder)


def test_another_seed_and_span_give_another_borough(tmp_path):
    short = write_demo(tmp_path, last_month=date(2026, 2, 1), months=1, seed=5)
    assert {path.parent.name for path in short.inbox} == {
        source.name for source in load_settings(tmp_path / "settings").sources
    }
    dated = [found for path in short.inbox for found in re.findall(r"20\d\d-\d\d", path.name)]
    assert set(dated) == {"2026-02"}
    assert load_settings(tmp_path / "settings").name.endswith("(invented)")


def test_the_settings_are_a_council_s(settings, demo):
    assert len(settings.sources) == 17
    assert len(settings.measures) >= 14
    assert {path.parent.name for path in demo.inbox} == {s.name for s in settings.sources}
    assert len(demo.inbox) == len(set(demo.inbox)) > 6 * 17
    assert demo.summary() == f"{len(demo.inbox)} files of 17 sources."


def test_wards_and_postcodes_are_read_as_any_council_s(settings, demo):
    wards = read_wards(
        demo.folder / settings.wards_file, name_column=settings.wards_name_column
    ).to_crs("EPSG:27700")
    assert len(wards) == 10
    assert wards.geometry.is_valid.all()
    assert wards.area.sum() == pytest.approx(23.5e6, rel=0.03)
    postcodes = read_postcodes(demo.folder / settings.postcodes_file)
    points = gpd.GeoSeries.from_xy(postcodes["easting"], postcodes["northing"], crs=wards.crs)
    assert points.within(wards.union_all().buffer(1)).all()


def test_every_yaml_says_that_it_is_invented_and_repeats_itself_in_full(demo):
    written = [*demo.folder.glob("settings/*.yaml"), *demo.folder.glob("mappings/*.yaml")]
    assert len(written) == 17
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# Tessenby and Wendlow is invented")
        assert "&id" not in text
        assert yaml.safe_load(text)


@pytest.fixture(scope="module")
def ingested(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INSIGHT_TODAY", "2026-11-02")
        patch.setattr(Workspace, "key", b"k" * 32)
        root = tmp_path_factory.mktemp("ingested") / "demo"
        write_demo(root, last_month=OCTOBER, months=6)
        prepare_folders(root)
        workspace = open_workspace(root)
        with uncovered():
            outcomes = ingest_inbox(workspace)
        yield workspace, outcomes


def test_each_file_ends_as_its_truth_says(ingested, truths):
    _, outcomes = ingested
    expected = {
        f"{s}/{name}": told for s, files in truths["files"].items() for name, told in files.items()
    }
    accounts = {}
    for outcome in outcomes:
        if outcome.account is not None:
            account = asdict(outcome.account)
            told = account | {"read": account["rows_read"]}
            name = f"{outcome.source}/{outcome.file}"
            accounts[name] = {key: told[key] for key in expected[name]}
    assert accounts == expected


def test_each_broken_file_ends_where_it_should_and_says_why(ingested, truths):
    _, outcomes = ingested
    broken = truths["broken_files"]
    ends = {}
    for outcome in outcomes:
        status = "refused" if outcome.account is None else outcome.account.status
        ends[f"{outcome.source}/{outcome.file}"] = (status, outcome)
    assert {name: ends[name][0] for name in broken} == {
        name: odd["ends"] for name, odd in broken.items()
    }
    said = {
        "a PDF": "is a PDF", "cut short": "damaged", "under a password": "password",
        "empty": "is empty", "a column is missing": "no column Received",
        "too many rows break the contract": "60 of 60 rows", "a zip bomb": "zip",
        "no mailbox": "holds no e-mails",
    }  # fmt: skip
    refused = {name: odd["why"] for name, odd in broken.items() if odd["ends"] == "refused"}
    assert set(refused.values()) == set(said)
    for name, why in refused.items():
        assert said[why] in ends[name][1].reason
    assert len({name.partition("/")[0] for name in refused}) == len(refused)


def test_e_mails_are_read_as_they_were_written(ingested, demo, truths):
    mailbox = demo.folder / "inbox" / "council-tax-mailbox"
    paths = [*sorted(mailbox.glob("*.eml")), *sorted(mailbox.glob("*-2026-??.mbox"))]
    parts = [read_rows(path).frame for path in paths]
    mails = pd.concat(parts, ignore_index=True).drop_duplicates("enquiry_id")
    whole = mails[~mails["enquiry_id"].str.endswith("-X")].set_index("enquiry_id")
    told = truths["mail"]
    assert len(whole) == told["messages"]
    assert set(whole.index[whole["kind"] == "automatic"]) == set(told["automatic"])
    people = whole[whole["kind"] == "person"]
    assert people["attachments"].astype("int64").sum() == told["attachments"]
    for answer, origin in told["replies"].items():
        if whole.loc[origin, "subject"].startswith(("Re:", "Fwd:")):
            continue  # seems to be an answer itself, to an e-mail that nobody has
        assert whole.loc[answer, "thread_id"] == whole.loc[origin, "thread_id"]
    for quoted in ("wrote:", "intended solely", "Tessenby Widgets", "Original Message", "<div"):
        assert not whole["text"].str.contains(quoted).any()
    written = {id for ids in truths["topics"].values() for id in ids if "@" in id}
    assert written <= set(whole.index)


def test_files_have_the_encodings_of_their_systems(demo):
    inbox = demo.folder / "inbox"
    reports = (inbox / "fixmystreet" / "fixmystreet-2026-10.csv").read_bytes()
    assert reports.startswith(b"\xef\xbb\xbf")
    packed = (inbox / "benefits-system" / "benefits-system-2026-10.csv.gz").read_bytes()
    assert gzip.decompress(packed)[:2] in {b"\xff\xfe", b"\xfe\xff"}
    log = (inbox / "phone-log" / "phone-log-2026-10.csv").read_bytes()
    assert "£".encode("cp1252") in log
    with pytest.raises(UnicodeDecodeError):
        log.decode("utf-8")


def test_formulas_stay_text_in_the_workbooks(demo):
    # Comments go out as JSON; a workbook must not turn any cell into a formula or a link.
    import openpyxl

    for path in (demo.folder / "inbox" / "complaints").glob("complaints-2026-??.xlsx"):
        sheet = openpyxl.load_workbook(path).active
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_sheet_s_dates_are_dates(demo):
    raw = read_rows(demo.folder / "inbox" / "complaints" / "complaints-2026-10.xlsx")
    received = pd.to_datetime(raw.frame["Date received"], errors="coerce")
    assert received.notna().sum() >= len(raw.frame) - 1


def test_dates_without_a_format_are_numbers_of_days_in_the_sheet(demo):
    import openpyxl

    sheet = openpyxl.load_workbook(demo.folder / "inbox/complaints/complaints-2026-10.xlsx").active
    headings, *rows = sheet.iter_rows(values_only=True)
    days = [row[headings.index("Acknowledged")] for row in rows]
    assert {type(day) for day in days if day is not None} == {float}
    assert all(46_000 < day < 46_400 for day in days if day is not None)


def test_reports_have_their_title_above_and_their_totals_below(demo):
    import openpyxl

    sheet = openpyxl.load_workbook(demo.folder / "inbox/telephony/telephony-2026-10.xlsx").active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0].endswith("(invented)")
    assert rows[4][0] == "Day"
    assert rows[-1][0] == "Total"
    assert "," in rows[-1][2]
    assert any("n/a" in row for row in rows)
    assert any(str(row[6]).endswith("%") for row in rows)


def test_a_quarter_of_the_website_s_counts_lies_in_one_archive(demo):
    archives = sorted((demo.folder / "inbox" / "web-analytics").glob("*-q?.zip"))
    assert [path.stem[-2:] for path in archives] == ["q2", "q3", "q4"]
    with zipfile.ZipFile(archives[1]) as archive:
        assert archive.namelist() == [f"web-analytics-2026-0{month}.csv" for month in (7, 8, 9)]
        views = archive.read(archive.namelist()[0]).decode()
    assert re.search(r'"\d,\d{3}"', views)


def test_a_council_s_own_workspace_is_left_alone(tmp_path):
    own = tmp_path / "settings" / "council.yaml"
    own.parent.mkdir()
    own.write_text("name: A real one\n")
    with pytest.raises(DemoNotWrittenError, match="council's own workspace"):
        write_demo(tmp_path, last_month=OCTOBER, months=1)
    assert own.read_text() == "name: A real one\n"
    assert not (tmp_path / TRUTHS).exists()


def test_a_folder_that_cannot_be_made_is_said_plainly(tmp_path):
    in_the_way = tmp_path / "demo"
    in_the_way.write_text("a file")
    with pytest.raises(DemoNotWrittenError, match="cannot be written"):
        write_demo(in_the_way, last_month=OCTOBER, months=1)


def test_what_the_truths_call_personal_is_what_redaction_must_find(demo, truths):
    planted = truths["personal_data"]
    raw = read_rows(demo.inbox[0].parents[1] / "council-tax-mailbox" / MAILBOX_OCTOBER)
    text = "\n".join(raw.frame["text"].dropna())
    redacted = "\n".join(
        redact(raw.frame["text"].dropna(), council_references=r"\b7\d{7}\b").tolist()
    )
    for kind in ("emails", "phones", "ni_numbers", "postcodes", "accounts", "signed_names"):
        there = [value for value in planted[kind] if value in text]
        assert there, kind
        left = [value for value in there if value in redacted]
        # In small letters, "3rd" is left as an ordinal: see insight/personal_numbers.py.
        assert not [value for value in left if not re.search("1st|2nd|3rd|[04-9]th", value)], kind
