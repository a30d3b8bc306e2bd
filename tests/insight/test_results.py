import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.errors import MissingColumnsError
from insight.intervals import effective_base, wilson
from insight.results import (
    RESULT_COLUMNS,
    as_results,
    breakdown,
    breakdowns,
    count_results,
    counts_of,
    join_results,
    merge_parts,
    no_results,
    share_results,
    shares_of,
    split_breakdowns,
    sum_parts,
)

words = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=8)
awkward = st.one_of(words, st.sampled_from(["a=b", "a;b", "100%", "%3B", "%25", "=;%", " "]))


def figure(results: pd.DataFrame, service: str, key: str = "") -> pd.Series:
    found = results[results["service"].eq(service) & results["breakdown"].eq(key)]
    assert len(found) == 1
    return found.iloc[0]


@given(st.lists(st.tuples(awkward, st.one_of(st.none(), awkward)), min_size=1, max_size=6))
def test_a_breakdown_reads_back_as_it_was_written(pairs):
    cells = pd.DataFrame(pairs, columns=["topic", "channel"], dtype="string")
    keys = breakdowns(cells)
    assert keys.str.startswith("channel=").all()
    read = split_breakdowns(keys)
    assert list(read.columns) == ["channel", "topic"]
    pd.testing.assert_frame_equal(read[["topic", "channel"]], cells)


def test_a_breakdown_written_alone_is_the_same_as_in_a_frame():
    assert breakdown({}) == ""
    cells = pd.DataFrame({"b": ["x"], "a": ["y"]}, dtype="string")
    assert breakdown({"b": "x", "a": "y"}) == breakdowns(cells).iloc[0] == "a=y;b=x"


def test_keys_of_the_whole_have_no_dimensions():
    assert split_breakdowns(pd.Series(["", ""], dtype="string")).shape == (2, 0)
    assert split_breakdowns(pd.Series([], dtype="string")).shape == (0, 0)


def test_counts_add_up_over_services_and_breakdowns():
    events = pd.DataFrame(
        {
            "service": ["bins", "bins", "trees", None],
            "channel": ["phone", None, "web", "web"],
        },
        dtype="string",
    )
    results = count_results(events, measure="contacts", period="2026-10", dims=[["channel"]])
    assert list(results.columns) == list(RESULT_COLUMNS)
    assert figure(results, "all")["value"] == 4
    assert figure(results, "not recorded")["value"] == 1
    assert figure(results, "all", "channel=web")["value"] == 2
    assert figure(results, "bins", "channel=")["value"] == 1
    bins = figure(results, "bins")
    assert (bins["base"], bins["numerator"]) == (2, 2)
    assert (bins["lower"], bins["upper"]) == pytest.approx((0.2422, 7.2247), abs=1e-4)
    assert np.isnan(bins["denominator"])


def test_no_data_is_not_nought_but_a_quiet_service_is():
    nothing = pd.DataFrame({"service": pd.Series([], dtype="string")})
    assert count_results(nothing, measure="contacts", period="2026-10").empty
    quiet = count_results(nothing, measure="contacts", period="2026-10", services=["bins"])
    assert quiet["service"].tolist() == ["all", "bins"]
    assert quiet["value"].tolist() == [0, 0]
    assert quiet["upper"].round(3).tolist() == [3.689, 3.689]


def test_a_share_leaves_out_what_is_not_in_its_base():
    answers = pd.DataFrame(
        {
            "service": "bins",
            "numerator": pd.array([True, False, True, None], dtype="boolean"),
            "denominator": pd.array([True, True, False, None], dtype="boolean"),
        }
    )
    row = figure(share_results(answers, measure="share", period="2026-10"), "bins")
    assert (row["value"], row["numerator"], row["denominator"], row["base"]) == (0.5, 1, 2, 2)
    assert [row["lower"], row["upper"]] == pytest.approx([*map(float, wilson(0.5, 2))])


def test_weights_move_the_share_and_widen_its_interval_but_not_the_base():
    answers = pd.DataFrame(
        {"service": "bins", "numerator": [1, 0, 0], "denominator": 1, "w": [2.0, 1.0, 1.0]}
    )
    row = figure(share_results(answers, measure="m", period="2026-10", weight="w"), "bins")
    assert (row["value"], row["base"]) == (0.5, 3)
    assert [row["lower"], row["upper"]] == pytest.approx([*map(float, wilson(0.5, 16 / 6))])


def test_sums_are_divided_not_shares_averaged():
    days = pd.DataFrame({"service": "phones", "answered": [9, 10], "offered": [10, 100]})
    results = share_results(
        days, measure="m", period="2026-10", numerator="answered", denominator="offered"
    )
    row = figure(results, "phones")
    assert (row["value"], row["base"]) == (19 / 110, 110)
    assert [row["lower"], row["upper"]] == pytest.approx([*map(float, wilson(19 / 110, 110))])


def test_a_numerator_over_its_denominator_gives_no_value():
    days = pd.DataFrame({"service": "phones", "numerator": [11], "denominator": [10]})
    row = figure(share_results(days, measure="m", period="2026-10"), "phones")
    assert np.isnan(row[["value", "lower", "upper"]].astype(float)).all()
    assert (row["numerator"], row["denominator"]) == (11, 10)


def test_a_missing_column_is_named():
    with pytest.raises(MissingColumnsError, match="numerator"):
        share_results(pd.DataFrame({"denominator": [1]}), measure="m", period="2026-10")
    with pytest.raises(MissingColumnsError, match="channel"):
        sum_parts(pd.DataFrame({"service": ["a"], "n": [1]}), ["n"], dims=[["channel"]])


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.booleans()), min_size=1),
    st.integers(0, 100),
)
def test_a_month_computed_in_parts_gives_the_figures_of_the_whole(rows, cut):
    frame = pd.DataFrame(rows, columns=["service", "channel", "numerator"])
    frame = frame.assign(count=1, denominator=1, squares=1, base=1)
    at = cut % (len(frame) + 1)
    halves = [half for half in (frame[:at], frame[at:]) if len(half)]
    sums = ["count", "numerator", "denominator", "squares", "base"]
    merged = merge_parts(sum_parts(half, sums, dims=[["channel"]]) for half in halves)
    names = {"measure": "m", "period": "2026-10"}
    pd.testing.assert_frame_equal(
        counts_of(merged, **names), count_results(frame, dims=[["channel"]], **names)
    )
    pd.testing.assert_frame_equal(
        shares_of(merged, **names), share_results(frame, dims=[["channel"]], **names)
    )


def test_results_have_their_types_even_without_rows():
    types = no_results().dtypes.astype(str)
    assert types["measure"] == "string"
    assert types["value"] == "float64"
    assert types["base"] == "Int64"
    assert join_results([]).equals(no_results())
    assert join_results([no_results(), no_results()]).equals(no_results())


def test_results_come_in_key_order():
    rows = pd.DataFrame({"measure": ["b", "a"], "service": "s", "period": "p", "value": [1, 2]})
    assert as_results(rows)["measure"].tolist() == ["a", "b"]
    assert as_results(rows)["breakdown"].tolist() == ["", ""]


def test_kish_is_behind_the_weighted_interval():
    assert effective_base(4.0, 6.0) == pytest.approx(16 / 6)
