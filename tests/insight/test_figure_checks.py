import pandas as pd
import pytest

from insight.catalogue import FIGURES
from insight.figure_checks import split_figures, split_measures
from insight.results import as_results

GOOD = {
    "measure": "calls_answered_share", "service": "bins", "period": "2026-10", "breakdown": "",
    "value": 0.5, "numerator": 5.0, "denominator": 10.0, "lower": 0.2, "upper": 0.8, "base": 10,
}  # fmt: skip


def figures(*changes):
    return as_results(pd.DataFrame([GOOD | change for change in changes]))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"measure": "invented"}, "no catalogue entry"),
        ({"measure": "contacts"}, "another step's"),
        ({"service": ""}, "no service"),
        ({"period": "soon"}, "no period"),
        ({"value": 1.2, "upper": 1.3}, "out of range"),
        ({"value": -0.1, "lower": -0.2}, "out of range"),
        ({"numerator": 11.0}, "numerator over denominator"),
        ({"lower": 0.6}, "outside its interval"),
        ({"base": None}, "no base"),
        ({"base": -1}, "no base"),
        ({"lower": None}, "no interval"),
    ],
)
def test_a_figure_that_cannot_be_right_is_refused_by_name_and_the_rest_goes_on(change, rule):
    other = {"service": "trees"}
    kept, refused = split_figures(figures(change, other), [GOOD["measure"]])
    assert kept["service"].tolist() == ["trees"]
    assert refused["rule"].tolist() == [rule]
    (message,) = refused["message"]
    wrong = GOOD | change
    named = {"service": wrong["service"] or "a service", "period": wrong["period"]}
    if rule == "no period":
        named["period"] = "a period"  # what isn't a period could be anybody's words
    assert message.startswith(f"{wrong['measure']} of {named['service']} for {named['period']} ")


def test_counts_below_nought_are_refused_and_figures_there_twice_neither_is_stored():
    count = {"measure": "contacts", "numerator": None, "denominator": None, "lower": 0.0}
    below = figures(count | {"value": -1.0, "lower": -2.0, "upper": 1.0})
    assert split_figures(below, ["contacts"])[1]["rule"].tolist() == ["out of range"]
    kept, refused = split_figures(figures({}, {"value": 0.6}), [GOOD["measure"]])
    assert kept.empty
    assert set(refused["rule"]) == {"two figures"}


def test_figures_without_a_value_or_an_interval_of_their_kind_may_be_stored():
    waits = {"measure": "case_wait_days_typical", "lower": None, "upper": None, "value": 12.0,
             "numerator": None, "denominator": None}  # fmt: skip
    few = {"value": None, "lower": None, "upper": None, "service": "trees"}
    kept, refused = split_figures(figures(waits, few), [waits["measure"], GOOD["measure"]])
    assert (len(kept), len(refused)) == (2, 0)
    assert not FIGURES["hotspots_significant"].interval


def test_a_change_may_rise_above_what_it_is_measured_against_and_lie_below_nought():
    twice = {"measure": "contacts_change", "value": 1.1, "numerator": 21.0, "lower": 0.4,
             "upper": 2.2}  # fmt: skip
    less = twice | {"service": "trees", "value": -0.4, "lower": -0.6, "numerator": 6.0}
    kept, refused = split_figures(figures(twice, less), ["contacts_change"])
    assert (len(kept), len(refused)) == (2, 0)


def test_a_service_that_holds_somebodys_words_is_not_repeated():
    _, refused = split_figures(figures({"service": "Ring Ann, 12 High St!", "base": None}),
                               [GOOD["measure"]])  # fmt: skip
    assert "Ann" not in refused["message"].item()


def test_the_scorecards_results_are_held_to_their_unit():
    card = figures({"measure": "A", "value": 1.5, "upper": 2.0}, {"measure": "B", "base": None})
    kept, refused = split_measures(card.assign(unit="share"))
    assert kept["measure"].tolist() == ["B"], "what is entered need not have a base"
    assert refused["rule"].tolist() == ["out of range"]
