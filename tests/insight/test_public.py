"""What the public sees, and a reader who keeps every release and adds it all up."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from insight.public import (
    AWAITED_WORDS,
    NO_BASE_WORDS,
    SUPPRESSED_WORDS,
    Decision,
    as_shown,
    public_decisions,
    public_measures,
)

QUARTERS = [f"2026-27 Q{number}" for number in range(1, 5)]
YEAR = "2026-27"
SERVICES = ["bins", "parks", "trees"]
STAGES = ["", "stage=one", "stage=two"]
ALONE = {
    "measure": "FLY-TIPS", "service": "bins", "figure": "FLY-TIPS", "figure_service": "bins",
    "breakdown": "", "aggregation": "sum", "accumulation": "in period", "period": QUARTERS[1],
    "value": 12.0, "numerator": np.nan, "denominator": np.nan, "lower": 6.2, "upper": 21.0,
    "base": None, "unit": "count", "decimals": 0, "disclosive": True, "rag": "red",
    "status": "final", "direction": "improving", "change_within_interval": True,
    "previous": 15.0, "previous_period": QUARTERS[0],
}  # fmt: skip


def card(*changes):
    rows = pd.DataFrame([ALONE | change for change in changes])
    texts = ["measure", "service", "figure", "figure_service", "breakdown", "aggregation",
             "accumulation", "period", "unit", "rag", "status", "direction",
             "previous_period"]  # fmt: skip
    return rows.astype(dict.fromkeys(texts, "string") | {"change_within_interval": "boolean"})


def before_of(decided, now=None):
    """Give what a release decided as the next one sees it; `now` are today's values by row."""
    rows = decided.assign(published_value=decided["value"])
    if now is not None:
        rows = rows.assign(value=now)
    return rows


NOTHING = card({}).iloc[:0].assign(decision=pd.Series(dtype="string"), published_value=np.nan)


def test_a_small_count_is_withheld_whole_with_its_colour_and_direction():
    (row,) = public_decisions(card({"value": 3.0}), NOTHING).to_dict("records")
    assert (row["decision"], row["reason"]) == ("suppressed", SUPPRESSED_WORDS)
    assert (row["rag"], row["status"]) == ("suppressed", "suppressed")
    gone = ["value", "numerator", "lower", "upper", "base", "direction", "change_within_interval"]
    assert all(pd.isna(row[name]) for name in gone)
    open_ = public_decisions(card({"value": 3.0, "disclosive": False}), NOTHING)
    assert open_["value"].tolist() == [3]


def test_an_entered_count_is_its_own_number_of_people():
    decided = public_decisions(card({"value": 4.0}, {"measure": "B", "figure": "B"}), NOTHING)
    assert as_shown(decided).tolist() == ["[c]", "12"]


def test_a_disclosive_share_without_its_base_is_withheld_and_says_why():
    rows = card({"unit": "share", "value": 0.5}, {"measure": "B", "unit": "share", "value": 0.5,
                "figure": "B", "numerator": 40.0, "denominator": 80.0, "base": 80})  # fmt: skip
    decided = public_decisions(rows, NOTHING)
    assert decided["decision"].tolist() == ["suppressed", "published"]
    assert decided["reason"].iloc[0] == NO_BASE_WORDS


def test_what_is_awaited_or_held_back_shows_nothing_and_says_why():
    rows = card({"value": np.nan}, {"measure": "B", "figure": "B"})
    decided = public_decisions(rows, NOTHING, held_back={"B": "The count is being checked."})
    assert decided["decision"].tolist() == ["awaited", "held back"]
    assert decided["reason"].tolist() == [AWAITED_WORDS, "The count is being checked."]
    assert decided["rag"].tolist() == ["awaited", "suppressed"]
    assert decided["value"].isna().all()
    assert as_shown(decided).tolist() == ["[x]", "[w]"]


def test_a_direction_is_shown_only_where_both_ends_of_it_are():
    first = public_decisions(card({"period": QUARTERS[0], "value": 15.0}), NOTHING)
    both = public_decisions(card({}), before_of(first))
    assert both["direction"].tolist() == ["improving"]
    assert public_decisions(card({}), NOTHING)["direction"].isna().all(), "never released"
    hidden = public_decisions(card({"period": QUARTERS[0], "value": 3.0}), NOTHING)
    assert public_decisions(card({}), before_of(hidden, now=[3.0]))["direction"].isna().all()
    revised = public_decisions(card({"previous": 14.0}), before_of(first, now=[14.0]))
    assert revised["direction"].isna().all(), "compared with a figure that nobody was shown"


def test_a_figure_that_changed_since_it_was_shown_says_so():
    first = public_decisions(card({}), NOTHING)
    again = public_decisions(card({"value": 13.0}), before_of(first, now=[13.0]))
    assert again[["value", "status"]].to_numpy().tolist() == [[13, "revised"]]
    small = public_decisions(card({"value": 2.0}), before_of(first, now=[2.0]))
    assert small["decision"].tolist() == ["suppressed"], "the new value is nobody's yet"


def test_a_figure_once_withheld_stays_withheld_though_it_grew():
    first = public_decisions(card({"value": 3.0}), NOTHING)
    again = public_decisions(card({"value": 9.0}), before_of(first, now=[9.0]))
    assert again["decision"].tolist() == ["suppressed"]


def test_what_is_out_already_is_not_hidden_for_show_nor_used_as_a_cover():
    first = public_decisions(
        card(*({"period": each, "value": value} for each, value in zip(QUARTERS[:3], (40.0, 30, 27),
             strict=True))), NOTHING,
    )  # fmt: skip
    rows = card({"period": QUARTERS[3], "value": 3.0}, {"measure": "YEAR", "period": YEAR,
                "value": 100.0, "figure": "FLY-TIPS"})  # fmt: skip
    decided = public_decisions(rows, before_of(first))
    assert decided["decision"].tolist() == ["suppressed", "suppressed"], "year, not an old quarter"
    assert public_decisions(rows, NOTHING)["decision"].tolist() == ["suppressed", "published"]


def test_a_year_so_far_gives_no_small_number_away_that_came_in_since():
    running = {"accumulation": "cumulative", "aggregation": "last"}
    first = public_decisions(card(running | {"period": QUARTERS[0], "value": 20.0}), NOTHING)
    few = public_decisions(card(running | {"value": 23.0}), before_of(first))
    assert few["decision"].tolist() == ["suppressed"]
    assert (
        public_decisions(card(running | {"value": 40.0}), before_of(first))["decision"]
        .eq("published")
        .all()
    )


def test_two_measures_of_one_figure_are_shown_or_withheld_together():
    rows = card(*({"measure": f"M{n}", "disclosive": n == 1, "value": 3.0} for n in (1, 2)))
    assert public_decisions(rows, NOTHING)["decision"].tolist() == ["suppressed", "suppressed"]


def test_the_public_sees_quarters_and_years_of_published_measures():
    measures = pd.DataFrame(
        {"code": ["A", "B", "C"], "published": [True, True, False],
         "frequency": ["weekly", "annual", "monthly"], "accumulation": ["cumulative", "in period",
         "in period"], "aggregation": "sum"}
    )  # fmt: skip
    seen = public_measures(measures)
    assert seen[["code", "frequency", "aggregation"]].to_numpy().tolist() == [
        ["A", "quarterly", "last"], ["B", "annual", "sum"],
    ]  # fmt: skip


# --- A reader who keeps every release ------------------------------------------------------------


def cells_of(rng):
    """Invent a year's counts, by service, stage and quarter, with every sum of them."""
    parts = rng.integers(0, rng.choice([5, 9, 40]), (len(SERVICES), 2, 4)).astype(float)
    counts = {}
    for s, service in enumerate([*SERVICES, "all"]):
        by_service = parts[s] if service != "all" else parts.sum(axis=0)
        for b, stage in enumerate(STAGES):
            quarters = by_service.sum(axis=0) if b == 0 else by_service[b - 1]
            counts |= {(service, stage, each): quarters[n] for n, each in enumerate(QUARTERS)}
            counts[service, stage, YEAR] = quarters.sum()
    return counts


def equations():
    """List every sum that a reader knows of, each as parts and whole."""
    periods = [*QUARTERS, YEAR]
    found = [
        ([(service, stage, period) for service in SERVICES], ("all", stage, period))
        for stage in STAGES
        for period in periods
    ]
    for service in [*SERVICES, "all"]:
        for period in periods:
            split = [(service, stage, period) for stage in STAGES[1:]]
            found.append((split, (service, "", period)))
        for stage in STAGES:
            year = [(service, stage, each) for each in QUARTERS]
            found.append((year, (service, stage, YEAR)))
    return found


def release_all(counts, *, remembers=True):
    """Release the quarters one after another, the year with the last; each cell's decisions."""
    before, told = NOTHING, {}
    for number, quarter in enumerate(QUARTERS):
        keys = [key for key in counts if key[2] == quarter or (number == 3 and key[2] == YEAR)]
        rows = card(
            *({"measure": f"{service}/{stage}/{period == YEAR}", "service": service,
               "figure": "complaints", "figure_service": service, "breakdown": stage,
               "period": period, "value": counts[service, stage, period]}
              for service, stage, period in keys)
        )  # fmt: skip
        decided = public_decisions(rows, before if remembers else NOTHING)
        told |= {key: decision for key, decision in zip(keys, decided["decision"], strict=True)}
        now = [counts[key] for key in keys]
        before = pd.concat([before, before_of(decided, now=now)], ignore_index=True)
    return told


def pinned(counts, told):
    """Solve for each withheld count: which have one value that fits all that was released."""
    hidden = [key for key, decision in told.items() if decision != Decision.PUBLISHED]
    place = {key: number for number, key in enumerate(hidden)}
    lines, sums = [], []
    for parts, whole in equations():
        line, known = np.zeros(len(hidden)), 0.0
        for key, sign in [*((part, 1.0) for part in parts), (whole, -1.0)]:
            if key in place:
                line[place[key]] += sign
            else:
                known += sign * counts[key]
        if line.any():
            lines.append(line)
            sums.append(-known)
    if not lines:
        return []
    rule = LinearConstraint(np.array(lines), sums, sums)
    floors = [0 if any(counts[key] == 0 for key in hidden) else 1]
    ends = [(floors[0], np.inf)]
    if all(1 <= counts[key] <= 4 for key in hidden):
        ends.append((1, 4))
    found = set()
    for low, high in ends:
        for cell in range(len(hidden)):
            aim = np.zeros(len(hidden))
            aim[cell] = 1.0
            least, most = (
                milp(sign * aim, constraints=rule, bounds=Bounds(low, high),
                     integrality=np.ones(len(hidden)))
                for sign in (1.0, -1.0)
            )  # fmt: skip
            if most.x is not None and abs(least.x[cell] - most.x[cell]) < 0.5:
                found.add(hidden[cell])
    return sorted(found)


@pytest.mark.parametrize("seed", [3, 6, 9, 10, 13])
def test_no_withheld_figure_follows_from_all_releases_together(seed):
    counts = cells_of(np.random.default_rng(seed))
    assert pinned(counts, release_all(counts)) == []


def test_the_attack_succeeds_on_releases_that_forget_one_another():
    counts = cells_of(np.random.default_rng(10))
    assert pinned(counts, release_all(counts, remembers=False)), "the attack is a real one"
