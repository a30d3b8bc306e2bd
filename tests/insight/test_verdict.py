"""Every combination of colour, variation and assurance, by its title."""

from itertools import product

import pandas as pd
import pytest

from insight.rag import Rag
from insight.spc_rules import Assurance, Variation
from insight.verdict import verdicts
from insight.verdict_table import verdict_of

ODD = "Doesn't fit together"
COLOURS = ("green", "amber", "red")
BETTER = ("improvement high", "improvement low")
WORSE = ("concern high", "concern low")
NEUTRAL = ("neutral high", "neutral low")
# Variation, assurance: titles for green, amber and red.
EXPECTED = {
    (("common cause",), "pass"): ("Reliably met", ODD, ODD),
    (("common cause",), "fail"): (ODD, "Out of reach", "Out of reach"),
    (("common cause",), "inconsistent"): ("Hit and miss",) * 3,
    (("common cause",), None): (
        "Met, no real change", "Near, no real change", "Missed, no real change"),
    (BETTER, "pass"): ("Reliably met and better", ODD, ODD),
    (BETTER, "fail"): (
        "Met by a real improvement", "Better, not yet in reach", "Better, not yet in reach"),
    (BETTER, "inconsistent"): (
        "Met by a real improvement", "Better, still hit and miss", "Better, still hit and miss"),
    (BETTER, None): ("Met and better", "Better, just missed", "Better, but missed"),
    (WORSE, "pass"): (
        "Met, but getting worse", "Just missed by a real change", "Missed by a real change"),
    (WORSE, "fail"): (ODD, "Out of reach and getting worse", "Out of reach and getting worse"),
    (WORSE, "inconsistent"): (
        "Met, but getting worse", "Just missed by a real change", "Missed by a real change"),
    (WORSE, None): (
        "Met, but getting worse", "Just missed and getting worse", "Missed and getting worse"),
    (NEUTRAL, "pass"): (ODD,) * 3,
    (NEUTRAL, "fail"): (ODD,) * 3,
    (NEUTRAL, "inconsistent"): (ODD,) * 3,
    (NEUTRAL, None): (
        "Met, with a real change", "Just missed, with a real change",
        "Missed, with a real change"),
    ((None,), "pass"): (ODD,) * 3,
    ((None,), "fail"): (ODD,) * 3,
    ((None,), "inconsistent"): (ODD,) * 3,
    ((None,), None): ("Met", "Just missed", "Missed"),
}  # fmt: skip
NO_TARGET = {
    "common": "No target, no real change",
    "improvement": "No target, better",
    "concern": "No target, getting worse",
    "neutral": "No target, a real change",
    "None": "No target",
}
AWAITED = {"pass": "Awaited", "fail": "Awaited, out of reach", "inconsistent": "Awaited",
           None: "Awaited"}  # fmt: skip
WANTED = {
    (colour, variation, assurance): title
    for (variations, assurance), titles in EXPECTED.items()
    for variation in variations
    for colour, title in zip(COLOURS, titles, strict=True)
}
EVERY = list(product(Rag, [None, *Variation], [None, *Assurance]))


def test_the_cases_are_all_there_are():
    assert len(EVERY) == 6 * 8 * 4
    assert len(WANTED) == 3 * 8 * 4


@pytest.mark.parametrize(("rag", "variation", "assurance"), EVERY)
def test_every_combination_has_its_verdict(rag, variation, assurance):
    found = verdict_of(rag, variation, assurance)
    wanted = {
        "no target": NO_TARGET[str(variation).split()[0]],
        "awaited": AWAITED[assurance],
        "suppressed": "Not shown",
    }.get(rag)
    assert found.title == (wanted or WANTED[rag, variation, assurance])
    assert found.words.endswith(".")


def test_the_three_sentences_of_the_field_are_said():
    assert "can't be reached by the present process: redesign it" in (
        verdict_of("red", "common cause", "fail").words
    )
    assert "Hit and miss: this period's colour is chance until the process changes" in (
        verdict_of("amber", "common cause", "inconsistent").words
    )
    assert "Reliably met" in verdict_of("green", "common cause", "pass").words


def series(**changes):
    row = {
        "chart": "XmR chart", "why": "", "variation": "common cause", "before": "common cause",
        "rule": "", "since": None, "assurance": "inconsistent", "segment_points": 24,
        "provisional": False,
    } | changes  # fmt: skip
    return pd.DataFrame([row])


def told(rag="red", before=None, changed=False, **changes):
    earlier = None if before is None else pd.Series([before])
    return verdicts(
        series(**changes), pd.Series([rag]), before=earlier, target_changed=changed
    ).iloc[0]


def test_a_special_cause_is_said_first_with_its_direction_and_since_when():
    found = told(variation="concern high", rule="shift", since="2026-04")
    assert found["verdict_words"].startswith(
        "A real rise for the worse since April 2026 (seven points on one side of the mean)."
    )
    assert found["advice"] == "find the cause"


@pytest.mark.parametrize(
    ("variation", "lead"),
    [
        ("improvement high", "A real rise for the better"),
        ("improvement low", "A real fall for the better"),
        ("concern high", "A real rise for the worse"),
        ("concern low", "A real fall for the worse"),
        ("neutral high", "A real rise since"),
        ("neutral low", "A real fall since"),
    ],
)
def test_each_special_cause_has_its_words(variation, lead):
    found = told(variation=variation, rule="trend", since="2026-27 Q1", assurance=None)
    assert found["verdict_words"].startswith(lead)


@pytest.mark.parametrize(
    ("case", "noise"),
    [
        ({"rag": "red", "before": "green"}, True),
        ({"rag": "green", "before": "amber"}, True),
        ({"rag": "red", "before": "green", "assurance": "fail"}, True),
        ({"rag": "red", "before": "green", "variation": "concern high"}, False),
        ({"rag": "red", "before": "green", "variation": "concern low"}, False),
        ({"rag": "green", "before": "red", "changed": True}, False),
        ({"rag": "red", "before": "red"}, None),
        ({"rag": "red", "before": "awaited"}, None),
        ({"rag": "awaited", "before": "red"}, None),
        ({"rag": "red"}, None),
        ({"rag": "red", "before": "green", "variation": None, "assurance": None}, None),
        (
            {
                "rag": "red", "before": "green", "assurance": None,
                "chart": "XmR chart of the change on the same period last year",
            },
            None,
        ),
    ],
)  # fmt: skip
def test_a_change_of_colour_is_noise_where_both_figures_are_common_cause(case, noise):
    found = told(**case)
    given = found["colour_change_is_noise"]
    assert (None if pd.isna(given) else bool(given)) is noise
    assert ("noise" in found["verdict_words"]) is (noise is True)


def test_a_change_from_a_special_cause_back_is_no_noise():
    case = series().assign(before="concern high")
    found = verdicts(case, pd.Series(["green"]), before=pd.Series(["red"]))
    assert not found["colour_change_is_noise"].iloc[0]


def test_provisional_limits_are_said():
    assert (
        "provisional: they rest on 9 points"
        in (told(provisional=True, segment_points=9)["verdict_words"])
    )


def test_why_there_is_no_chart_is_said():
    why = "It is cumulative: each figure holds the one before."
    found = told(variation=None, assurance=None, chart="no chart", why=why)
    assert found["verdict_words"] == f"Missed. No control chart: {why}"


def test_a_suppressed_figure_says_nothing_of_itself():
    found = told("suppressed", variation="concern high", rule="shift", since="2026-04",
                 provisional=True)  # fmt: skip
    assert found["verdict_words"] == "Not shown: it could point at a person."
    assert pd.isna(found["colour_change_is_noise"])


def test_a_missing_colour_is_awaited():
    assert told(None)["verdict"] == "Awaited"


def test_many_measures_keep_their_index():
    many = pd.concat([series(), series(variation="concern low", rule="trend", since="2026-01")])
    many.index = [7, 3]
    found = verdicts(many, pd.Series({3: "green", 7: "red"}))
    assert found["verdict"].to_dict() == {7: "Hit and miss", 3: "Met, but getting worse"}
