"""Figures that others have published of the same method, carried over as facts.

From NHSRplotthedots (``tests/testthat/_snaps/ptd_spc_standard.md`` and ``ptd_spc.md``, commits
ea2177d and 174380d; ``test-ptd_calculate_assurance_type.R``, ``test-ptd_calculate_point_type.R``)
and from nhspy-plotthedots (``test_limits_calculations.py``, ``test_pandas_spc_x_calc.py``, commits
6aa6c7d and 0a57a1f), whose Python follows Making Data Count's Excel tools: nothing is screened.
"""

import numpy as np
import pandas as pd
import pytest

from insight.spc import SpcOptions, control
from insight.spc_limits import SpcOptionsError

# R's rnorm(20) from seed 123, to the eight decimals that the snapshot prints.
DRAWN = [
    -0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621,
    -1.26506123, -0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272,
    -0.55584113, 1.78691314, 0.49785048, -1.96661716, 0.70135590, -0.47279141,
]  # fmt: skip
TEN = [10.0 if at == 14 else value for at, value in enumerate(DRAWN)]
EXCEL = SpcOptions(screen=False, seasonal=False, fewest_points=2)
AS_IN_R = SpcOptions(seasonal=False)


def charted(values, options=AS_IN_R, **more):
    months = [str(each) for each in pd.period_range("2020-01", periods=len(values), freq="M")]
    frame = pd.DataFrame({"measure": "M", "service": "s", "period": months, "value": values})
    return control(frame.assign(**more), POLARITY, options=options)


POLARITY = pd.DataFrame({"measure": ["M"], "polarity": ["higher"]})


@pytest.mark.parametrize(
    ("values", "options", "mean", "lpl", "upl"),
    [
        (DRAWN, AS_IN_R, 0.1416238, -3.01138, 3.294627),
        (TEN, AS_IN_R, 0.6694159, -2.383666, 3.722497),
        (TEN, SpcOptions(screen=False, seasonal=False), 0.6694159, -4.596625, 5.935457),
        (DRAWN[:10], AS_IN_R, 0.0746, -2.60, 2.75),
        (DRAWN[10:], AS_IN_R, 0.209, -3.28, 3.70),
    ],
)
def test_limits_are_those_of_the_packages_snapshots(values, options, mean, lpl, upl):
    found = charted(values, options).points.iloc[0]
    # As many figures as the snapshot prints.
    places = 6 if len(values) == 20 else 2
    given = [round(found[line], places) for line in ("mean", "lpl", "upl")]
    assert given == [pytest.approx(each, abs=0.6 * 10**-places) for each in (mean, lpl, upl)]


def test_none_of_the_twenty_is_a_special_cause():
    # ptd_spc.md: 20 common causes of 20, and with a target of 0.5 an inconsistent one.
    found = charted(DRAWN, target=0.5)
    assert found.points["variation"].eq("common cause").all()
    assert found.series["assurance"].tolist() == ["inconsistent"]


UP = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
MIXED = [1, 2, 3, 2, 1, 2, 3, 4, 5, 6, 7, 4, 3, 2, 1, 2]


@pytest.mark.parametrize(
    ("values", "mean", "lpl", "upl", "near_lpl", "near_upl"),
    [
        (UP, 5.5, 2.84, 8.16, 3.7266666666666666, 7.273333333333333),
        (UP[::-1], 5.5, 2.84, 8.16, 3.7266666666666666, 7.273333333333333),
        ([1, 2, 3, 4, 5, 4, 3, 2, 1, 2], 2.7, 0.04, 5.36, 0.9266666666666667, 4.473333333333334),
        ([1, 2, 3], 2, -0.66, 4.66, 0.22666666666666657, 3.7733333333333334),
        (list(range(20)), 9.5, 6.84, 12.16, 7.726666666666667, 11.273333333333333),
        (
            [3, 1, 4, 1, 5, 9, 2], 3.5714285714285716, -6.625238095238096, 13.768095238095238,
            -3.2263492063492065, 10.36920634920635,
        ),
        (MIXED, 3, -0.014666666666666828, 6.014666666666667, 0.9902222222222221, 5.009777777777778),
        (
            [-each for each in MIXED], -3, -6.014666666666667, 0.014666666666666828,
            -5.009777777777778, -0.9902222222222221,
        ),
    ],
)  # fmt: skip
def test_limits_without_screening_are_those_of_the_python_package(
    values, mean, lpl, upl, near_lpl, near_upl
):
    found = charted(np.array(values, float), EXCEL).points.iloc[0]
    lines = ["mean", "lpl", "upl", "near_lpl", "near_upl"]
    assert found[lines].tolist() == pytest.approx([mean, lpl, upl, near_lpl, near_upl], abs=1e-12)


def test_nhs_englands_own_example_has_one_point_beyond_the_limit():
    # The example of england.nhs.uk/statistical-process-control-tool, as read off its film.
    values = [89, 86, 75, 77, 81, 74, 72, 78, 76, 82, 77, 54, 66, 77, 86]
    found = charted(np.array(values, float), EXCEL).points
    line = found.iloc[0]
    assert [round(line[each]) for each in ("lpl", "upl")] == [57, 96]
    assert line["mean"] == pytest.approx(76.67, abs=0.005)
    assert found["rule"].tolist() == [""] * 11 + ["beyond the limit"] + [""] * 3


def test_two_points_near_the_limits_on_opposite_sides_are_common_cause():
    # test-ptd_spc_standard.R, of issue 143.
    found = charted([1.0, -1] * 7 + [5.5, -5.5]).points
    assert found["variation"].tolist()[-2:] == ["common cause"] * 2


def test_fixing_the_limits_changes_them_and_takes_twelve_points_at_least():
    # test-ptd_spc_standard.R and ptd_spc_options: fix_after_n_points of 12 or more.
    fixed = charted(DRAWN, SpcOptions(fix_after=12, seasonal=False)).points.iloc[0]
    steps = np.abs(np.diff(DRAWN[:12]))
    assert fixed["upl"] == pytest.approx(np.mean(DRAWN[:12]) + 2.66 * steps.mean())
    with pytest.raises(SpcOptionsError):
        SpcOptions(fix_after=11)


@pytest.mark.parametrize(
    ("polarity", "words"),
    [
        ("higher", ["fail", "pass", "inconsistent"]),
        ("lower", ["pass", "fail", "inconsistent"]),
        ("band", [None] * 3),
    ],
)
def test_assurance_is_that_of_the_packages_own_cases(polarity, words):
    # Limits of 1 to 3, 5 to 7 and 1 to 5 about a target of 4: charts of two values in turn, whose
    # moving range is d, reach 2.66 d from their mean.
    told = []
    for low, high in ((1, 3), (5, 7), (1, 5)):
        d = (high - low) / 2 / 2.66
        middle = (low + high) / 2
        months = [str(each) for each in pd.period_range("2020-01", periods=20, freq="M")]
        frame = pd.DataFrame({
            "measure": "M", "service": "s", "period": months, "target": 4.0,
            "value": [middle - d / 2, middle + d / 2] * 10,
        })  # fmt: skip
        kind = POLARITY.assign(polarity=polarity)
        found = control(frame, kind, options=AS_IN_R)
        assert found.points[["lpl", "upl"]].iloc[0].tolist() == pytest.approx([low, high])
        told += found.series["assurance"].tolist()
    assert told == words
