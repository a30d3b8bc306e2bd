from datetime import date

import numpy as np
import pandas as pd
import pytest

from insight.caller_words import waits
from insight.cases import age_bands, case_results, wait_quantiles
from insight.errors import MissingColumnsError
from insight.intervals import quantile_ranks, wilson

OCTOBER = date(2026, 10, 1)
HALLOWEEN = date(2026, 10, 31)


def cases(*rows: tuple[str, str | None, str | None, str | None, str | None]) -> pd.DataFrame:
    """Planning cases: received, decided, target, extended to, outcome."""
    times = ["received_at", "decided_at", "target_at", "extended_to"]
    frame = pd.DataFrame(rows, columns=[*times, "outcome"], dtype="string")
    for name in times:
        frame[name] = pd.to_datetime(frame[name], format="ISO8601").dt.tz_localize("Europe/London")
    return frame.assign(service="planning", case_type="householder", case_id=range(len(frame)))


def decided_after(*days: int, service: str = "planning") -> pd.DataFrame:
    """Cases decided on 20 October after so many days."""
    end = pd.Timestamp("2026-10-20")
    starts = [str((end - pd.Timedelta(days=n)).date()) for n in days]
    rows = cases(*[(start, "2026-10-20", None, None, "granted") for start in starts])
    return rows.assign(service=service)


def value(results, measure, service="planning", key=""):
    at = results["measure"].eq(measure) & results["service"].eq(service)
    found = results[at & results["breakdown"].eq(key)]
    return found.iloc[0] if len(found) else None


MIXED = cases(
    ("2026-09-01", "2026-10-01 00:30", "2026-10-27", None, "granted"),
    ("2026-09-01", "2026-10-31 23:30", "2026-10-27", "2026-11-05", "refused"),
    ("2026-09-01", "2026-10-28", "2026-10-27", None, "granted"),
    ("2026-09-02", "2026-10-28", None, None, "granted"),
    ("2026-10-02", "2026-10-09", "2026-11-27", None, "withdrawn"),
    ("2026-10-03", None, "2026-10-20", None, None),
    ("2026-10-04", "2026-11-03", "2026-11-29", None, "granted"),
    ("2026-10-05", None, None, None, "withdrawn"),
    ("2026-11-01", None, None, None, None),
)


def test_cases_are_received_decided_and_open_as_the_month_ends():
    results = case_results(MIXED, OCTOBER)
    assert value(results, "cases_received")["value"] == 4
    assert value(results, "cases_decided")["value"] == 4
    assert value(results, "cases_open")["value"] == 2
    assert value(results, "cases_open", key="age=0 to 27 days")["value"] == 1
    assert value(results, "cases_open", key="age=28 to 55 days")["value"] == 1
    assert value(results, "cases_open", "all", "case_type=householder")["value"] == 2


def test_in_time_is_shown_with_and_without_agreed_extensions():
    results = case_results(MIXED, OCTOBER)
    row = value(results, "cases_in_time_share")
    assert (row["numerator"], row["denominator"], row["base"]) == (2, 3, 3)
    assert [row["lower"], row["upper"]] == pytest.approx([*map(float, wilson(2 / 3, 3))])
    plain = value(results, "cases_in_time_share", key="extensions=not counted")
    assert (plain["numerator"], plain["denominator"]) == (1, 3)


def test_the_target_day_itself_is_in_time():
    rows = cases(("2026-09-01", "2026-10-27 23:59", "2026-10-27", None, "granted"))
    assert value(case_results(rows, OCTOBER), "cases_in_time_share")["value"] == 1


def test_waits_are_the_median_and_nine_tenths_with_intervals_by_rank():
    days = [*range(1, 41)]
    results = case_results(decided_after(*days), OCTOBER)
    typical = value(results, "case_wait_days_typical")
    assert (typical["value"], typical["base"]) == (20.5, 40)
    # Binomial(40, 0.5): P(B <= 13) = 0.019, so ranks 14 and 27 hold the median 95% of the time.
    assert (typical["lower"], typical["upper"]) == (14, 27)
    slowest = value(results, "case_wait_days_slowest_tenth")
    assert slowest["value"] == pytest.approx(np.quantile(days, 0.9))
    assert (slowest["lower"], slowest["upper"]) == (32, 40)


def test_a_few_waits_have_no_interval():
    row = value(case_results(decided_after(10, 20, 90), OCTOBER), "case_wait_days_typical")
    assert (row["value"], row["base"]) == (20, 3)
    assert np.isnan([row["lower"], row["upper"]]).all()


def test_all_services_have_the_quantile_of_all_waits_not_a_sum():
    both = pd.concat([decided_after(1, 3), decided_after(100, service="trees")])
    results = case_results(both, OCTOBER)
    assert value(results, "case_wait_days_typical", "all")["value"] == 3
    assert value(results, "case_wait_days_typical", "trees")["value"] == 100
    assert value(results, "case_wait_days_typical", "all", "case_type=householder")["base"] == 3


def test_a_decision_before_receipt_has_no_wait_and_spoils_no_other():
    rows = pd.concat(
        [decided_after(10), cases(("2026-10-25", "2026-10-20", None, None, "granted"))]
    )
    results = case_results(rows, OCTOBER)
    assert value(results, "case_wait_days_typical")["base"] == 1
    assert value(results, "case_wait_days_typical")["value"] == 10


def test_a_service_without_decisions_has_no_wait():
    results = case_results(cases(("2026-10-03", None, None, None, None)), OCTOBER)
    assert value(results, "case_wait_days_typical") is None
    assert value(results, "cases_in_time_share") is None
    assert case_results(MIXED[:0], OCTOBER).empty


def test_age_bands_begin_on_their_day():
    ages = pd.Series([0, 27, 28, 55, 56, 90, 91, 181, 182])
    assert age_bands(ages).astype("string").value_counts(sort=False).tolist() == [2, 2, 2, 2, 1]
    assert age_bands(pd.Series([9, 10]), edges=[10]).tolist() == ["0 to 9 days", "10 days or more"]


STANDARDS = pd.DataFrame(
    {
        "service": ["planning", "planning", "licensing"],
        "case_type": ["", "major", None],
        "standard_days": [56, 91, 28],
    }
)


def test_callers_hear_the_usual_wait_the_slowest_and_the_standard():
    rows = pd.concat([decided_after(*range(1, 41)), cases(("2026-08-01", None, None, None, None))])
    (row,) = waits(rows, HALLOWEEN, STANDARDS).to_dict("records")
    assert (row["open"], row["past_standard"], row["decided"]) == (1, 1, 40)
    assert (row["typical"], row["slowest_tenth"], row["standard_days"]) == (21, 37, 56)
    assert row["what_to_say"] == (
        "About half of people hear within 21 days and nine in ten within 37 days. "
        "Our standard is 56 days. Nine in ten people hear in that time."
    )


@pytest.mark.parametrize(
    ("days", "end"),
    [
        ([50] * 8 + [70] * 2, "Our standard is 56 days. Some people wait longer."),
        (
            [60] * 10,
            "Our standard is 56 days. Most people are waiting longer than that at the moment.",
        ),
    ],
)
def test_a_missed_standard_is_said_plainly(days, end):
    said = waits(decided_after(*days), HALLOWEEN, STANDARDS)["what_to_say"].item()
    assert said.endswith(end)


def test_too_few_decisions_promise_nothing():
    said = waits(decided_after(1, 2, 3, 4), HALLOWEEN, STANDARDS)["what_to_say"].item()
    assert said == (
        "Too few decisions in the last three months to say how long this takes. "
        "Our standard is 56 days."
    )


def test_waits_are_rounded_up_so_that_every_reader_sees_the_days_a_caller_is_promised():
    rows = decided_after(*[10] * 8, *[26] * 1, 27)  # nine in ten within 26 days
    table = waits(rows, HALLOWEEN, STANDARDS)
    assert table["slowest_tenth"].item() == 26
    assert table["slowest_tenth_decided_only"].item() == 27  # 26.1 between the two, rounded up
    assert "nine in ten within 26 days" in table["what_to_say"].item()


def test_a_wait_too_thin_to_say_is_not_shown_beside_the_sentence():
    table = waits(decided_after(1, 2, 3, 4), HALLOWEEN, STANDARDS)
    assert table["decided"].item() == 4
    assert table[["typical", "slowest_tenth"]].isna().all(axis=None)


def test_a_case_types_own_standard_goes_before_the_services():
    rows = pd.concat(
        [
            decided_after(*[20] * 6).assign(case_type="major"),
            decided_after(*[1] * 6, service="trees").assign(case_type=None),
        ]
    )
    table = waits(rows, HALLOWEEN, STANDARDS).set_index("service")
    assert table.loc["planning", "standard_days"] == 91
    assert pd.isna(table.loc["trees", "standard_days"])
    assert table.loc["trees", "what_to_say"] == (
        "About half of people hear within 1 day and nine in ten within 1 day. "
        "There is no published standard."
    )


def test_only_the_last_three_months_say_what_the_wait_is():
    old = decided_after(400).assign(
        received_at=pd.Timestamp("2025-01-01", tz="Europe/London"),
        decided_at=pd.Timestamp("2026-07-31", tz="Europe/London"),
    )
    assert waits(old, HALLOWEEN, STANDARDS).empty
    assert waits(decided_after(5), HALLOWEEN, STANDARDS)["decided"].item() == 1


def test_a_missing_column_is_named():
    with pytest.raises(MissingColumnsError, match="decided_at"):
        case_results(MIXED.drop(columns="decided_at"), OCTOBER)


def test_every_group_has_the_interval_of_its_own_waits_even_one_without_a_name():
    rng = np.random.default_rng(3)
    rows = pd.DataFrame(
        {
            "service": pd.array(rng.choice(["trees", "bins"], 200), dtype="string"),
            "case_type": pd.array(rng.choice(["z", None, "a"], 200), dtype="string"),
            "wait_days": rng.integers(0, 90, 200),
        }
    )
    found = wait_quantiles(rows, ["service", "case_type"], 0.5).fillna({"case_type": ""})
    assert len(found) == 6
    for (service, case_type), group in rows.fillna({"case_type": ""}).groupby(
        ["service", "case_type"]
    ):
        mine = found[found["service"].eq(service) & found["case_type"].eq(case_type)].iloc[0]
        ordered = np.sort(group["wait_days"])
        low, high = (int(rank) - 1 for rank in quantile_ranks(len(ordered), 0.5))
        expected = (np.median(ordered), ordered[low], ordered[high], len(ordered))
        assert (mine["value"], mine["lower"], mine["upper"], mine["base"]) == expected
