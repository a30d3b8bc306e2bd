import re

import pandas as pd
import pytest

from data_contracts.loader import INPUTS
from insight.borough.borough import INVENTED, make_borough
from insight.borough.broken import CORRECTED
from insight.borough.files import FEWEST_TO_BREAK
from insight.borough.measures import ENTERED, LEISURE
from insight.borough.plan import Plan
from insight.catalogue import FIGURES


def test_every_input_contract_has_a_source(borough):
    sources = borough.settings["sources.yaml"]["sources"]
    assert {source["contract"] for source in sources} == set(INPUTS)
    assert {source["name"] for source in sources} == {b.export.source for b in borough.batches}


def test_each_source_has_a_file_a_month_but_the_one_that_stopped(borough, plan):
    stopped = {told["source"]: told["last_month"] for told in borough.truths["drift"]["stopped"]}
    for batch in borough.batches:
        named = {
            f"{m:%Y-%m}" for m in plan.span if any(f"{m:%Y-%m}" in f.name for f in batch.files)
        }
        last = stopped.get(batch.export.source, "9999")
        assert named == {f"{month:%Y-%m}" for month in plan.span if f"{month:%Y-%m}" <= last}


def test_many_forms_and_encodings_are_met(borough):
    forms = [file.form for batch in borough.batches for file in batch.files]
    assert {form.kind for form in forms} == {"csv", "xlsx", "parquet", "jsonl", "mbox", "eml"}
    assert {"utf-8", "utf-8-sig", "utf-16", "cp1252"} <= {form.encoding for form in forms}
    assert {",", ";", "\t"} <= {form.delimiter for form in forms}
    assert any(form.gzipped for form in forms)


def test_broken_rows_are_there_but_few(borough):
    for batch in borough.batches:
        for file in batch.files:
            assert file.broken.mean() < 0.05
            monthly = file.form == batch.export.form and file.name != CORRECTED
            usable = (~file.filtered).sum()
            if monthly and batch.export.spoilers and usable > 2 * FEWEST_TO_BREAK:
                assert file.broken.any()


def test_equal_plans_give_equal_boroughs_and_another_seed_another(plan, borough):
    again, other = make_borough(plan), make_borough(Plan(plan.last_month, months=2, seed=1))
    for batch, same in zip(borough.batches, again.batches, strict=True):
        for file, twin in zip(batch.files, same.files, strict=True):
            pd.testing.assert_frame_equal(file.frame, twin.frame)
    assert again.truths == borough.truths
    assert other.truths["hotspots"] != borough.truths["hotspots"]


def test_mappings_name_columns_that_the_files_have(borough):
    for batch in borough.batches:
        mapping = borough.mappings.get(batch.export.source)
        if mapping is None:
            continue
        headings = set(batch.files[0].frame.columns)
        assert set(mapping.get("columns", {}).values()) <= headings
        assert set(mapping.get("unpivot", {}).get("columns", {})) <= headings
        assert set(mapping.get("rows", {}).get("where", {})) <= headings


def test_every_measure_is_computed_or_entered_by_somebody(borough):
    measures = {m["code"]: m for m in borough.settings["measures.yaml"]["measures"]}
    entered = {code for code, measure in measures.items() if measure.get("entered")}
    assert entered == {e.code for e in ENTERED} | {LEISURE.code}
    figures = {m["figure"] for m in measures.values() if "figure" in m}
    assert figures <= set(FIGURES)
    assert {m["family"] for m in measures.values()} == {
        "service standard", "general statutory", "general improvement", "corporate strategy",
    }  # fmt: skip
    assert all(measure["targets"] for measure in measures.values())


def test_the_story_is_in_the_truths(borough):
    story = pd.DataFrame(borough.truths["planning"]).T.astype("float64")
    assert story["chasing"].max() > 2 * story["chasing"].iloc[0]
    assert story["open"].idxmax() <= story["chasing"].idxmax()
    assert story["satisfied_share"].iloc[-1] > story["satisfied_share"].min()


def test_truths_count_what_was_planted(borough):
    truths = borough.truths
    for month, fouling in truths["fouling"].items():
        planted = [spot["reports"][month] for spot in truths["hotspots"]]
        assert min(planted) >= 1
        assert sum(planted) + truths["fallback"]["reports"][month] < fouling
    topics = [ids for ids in truths["topics"].values()]
    every = [*topics, truths["unsorted"], truths["unplanned_topic"]["enquiry_ids"]]
    rows = sum(
        account["accepted"] - account["corrections"]
        for source in ("council-tax-mailbox", "planning-mailbox")
        for account in truths["files"][source].values()
    )
    assert sum(map(len, every)) == len(set().union(*every)) == rows
    assert len(truths["labelled"]) == 400


def test_every_account_adds_up(borough):
    for accounts in borough.truths["files"].values():
        for a in accounts.values():
            parts = a["accepted"] + a["quarantined"] + a["duplicates"] + a["filtered"]
            assert a["read"] == parts
            assert a["corrections"] <= a["accepted"]


@pytest.mark.parametrize(
    "kind",
    ["emails", "phones", "ni_numbers", "postcodes", "accounts", "signed_names", "other_names"],
)
def test_personal_data_are_planted_and_known(borough, kind):
    planted = borough.truths["personal_data"][kind]
    assert len(planted) >= 20
    assert len(set(planted)) == len(planted)


def test_it_is_said_to_be_invented(borough):
    assert "invented" in borough.settings["council.yaml"]["name"]
    assert borough.truths["invented"] == INVENTED
    assert not re.match(r"[EWSN]", borough.settings["council.yaml"]["authority_code"])
