import hashlib
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import yaml

from data_contracts import load_contract
from insight.conform import conform
from insight.mapping import apply_mapping, identity_mapping
from insight.places import locate
from insight.redaction import redact
from pipelines.edge.demo import TRUTHS, DemoNotWrittenError, write_demo
from pipelines.edge.files import read_rows
from pipelines.edge.geography import read_postcodes, read_wards
from pipelines.edge.mappings import read_mapping
from pipelines.edge.workspace import Workspace, open_workspace, prepare_folders
from pipelines.settings import load_settings
from pipelines.steps.ingest import ingest_inbox

OCTOBER = date(2026, 10, 1)
MAILBOX_OCTOBER = "council-tax-mailbox-2026-10.csv"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return write_demo(tmp_path_factory.mktemp("demo"), last_month=OCTOBER)


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
    write_demo(tmp_path, last_month=OCTOBER)
    assert hashes(tmp_path) == hashes(demo.folder)


def test_another_seed_and_span_give_another_borough(tmp_path):
    short = write_demo(tmp_path, last_month=date(2026, 2, 1), months=1, seed=5)
    assert len(short.inbox) == 17
    assert {path.stem[-7:] for path in short.inbox} == {"2026-02"}
    assert load_settings(tmp_path / "settings").name.endswith("(invented)")


def test_the_settings_are_a_council_s(settings, demo):
    assert len(settings.sources) == 17
    assert len(settings.measures) >= 14
    assert {path.parent.name for path in demo.inbox} == {s.name for s in settings.sources}
    assert demo.summary() == f"102 files of 17 sources, {demo.rows:,} rows."


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
    assert len(written) == 14
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# Tessenby and Wendlow is invented")
        assert "&id" not in text
        assert yaml.safe_load(text)


def test_each_file_ends_as_its_truth_says(demo, settings, truths):
    """Read, map and check every file; only what the store adds (duplicates) is left out."""
    wards = read_wards(demo.folder / settings.wards_file, name_column="ward_name")
    wards = wards.to_crs(settings.crs)
    for source in settings.sources:
        contract = load_contract(source.contract, settings.synonyms)
        for path in sorted((demo.folder / "inbox" / source.name).iterdir()):
            raw = read_rows(path, sheet=source.sheet)
            if source.mapping:
                mapping = read_mapping(demo.folder / source.mapping)
            else:
                mapping = identity_mapping(
                    contract.name, contract.column_names, list(raw.frame.columns)
                )
            mapped = apply_mapping(
                raw.frame, mapping, row_numbers=raw.row_numbers,
                allowed_columns=contract.column_names,
            )  # fmt: skip
            checked = conform(mapped.frame, contract, today=date(2026, 11, 2), dates=mapping.dates)
            refused = set(checked.failures["row"])
            if contract.name == "street_reports":
                refused |= set(locate(checked.rows, crs=settings.crs, area=wards)[1]["row"])
            assert len(refused) <= contract.max_error_share * len(mapped.frame), path.name
            expected = truths["files"].get(source.name, {}).get(path.name)
            if expected is None:  # a wide survey
                assert mapped.rows_read == len(raw.frame) * len(mapping.unpivot.columns)
                continue
            account = (mapped.rows_read, mapped.filtered, len(refused))
            assert account == (expected["read"], expected["filtered"], expected["quarantined"])


def test_the_store_counts_repeats_and_corrections_as_the_truth_does(tmp_path, monkeypatch, truths):
    monkeypatch.setenv("INSIGHT_TODAY", "2026-11-02")
    monkeypatch.setattr(Workspace, "key", b"k" * 32)
    write_demo(tmp_path, last_month=OCTOBER)
    prepare_folders(tmp_path)
    sources = ["planning-register", "complaints", "fixmystreet", "manager-returns"]
    outcomes = ingest_inbox(open_workspace(tmp_path), sources)
    assert len(outcomes) == 24
    for outcome in outcomes:
        assert outcome.account, outcome.reason
        told = asdict(outcome.account)
        expected = truths["files"][outcome.source][outcome.file]
        told["read"] = told["rows_read"]
        assert {name: told[name] for name in expected} == expected, outcome.file


def test_files_have_the_encodings_of_their_systems(demo):
    inbox = demo.folder / "inbox"
    start = {
        name: (inbox / name / f"{name}-2026-10.csv").read_bytes()[:3]
        for name in ("fixmystreet", "benefits-system", "phone-log")
    }
    assert start["fixmystreet"] == b"\xef\xbb\xbf"
    assert start["benefits-system"][:2] in {b"\xff\xfe", b"\xfe\xff"}
    log = (inbox / "phone-log" / "phone-log-2026-10.csv").read_bytes()
    assert "£".encode("cp1252") in log
    with pytest.raises(UnicodeDecodeError):
        log.decode("utf-8")


def test_formulas_stay_text_in_the_workbooks(demo):
    # Comments go out as JSON; a workbook must not turn any cell into a formula or a link.
    import openpyxl

    for path in (demo.folder / "inbox" / "complaints").iterdir():
        sheet = openpyxl.load_workbook(path).active
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_sheet_s_dates_are_dates(demo):
    raw = read_rows(demo.folder / "inbox" / "complaints" / "complaints-2026-10.xlsx")
    received = pd.to_datetime(raw.frame["Date received"], errors="coerce")
    assert received.notna().sum() >= len(raw.frame) - 1


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
        assert not [value for value in there if value in redacted], kind
