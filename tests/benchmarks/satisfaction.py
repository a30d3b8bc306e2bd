"""Time a hundred thousand survey answers from raw answer to tested change and drivers.

Run with ``python tests/benchmarks/satisfaction.py``. The answers are drawn at random; nothing in
them is real. Each size runs in a process of its own, so that its memory is its own.
"""
# ruff: noqa: T201 (what it prints is what it is for)

import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context

import numpy as np
import pandas as pd

from insight.periods import add_months
from insight.satisfaction import SurveyMethod
from insight.satisfaction.change import adjusted_changes, satisfaction_changes
from insight.satisfaction.direction import turned_waves, without_turned
from insight.satisfaction.quarter_weights import quarter_weights
from insight.satisfaction.respondents import with_cases, without_shared_keys
from insight.satisfaction.shares import satisfaction_figures, sum_votes, votes_in
from pipelines.steps.surveys import drivers_of

SIZES = (10_000, 30_000, 100_000)
MONTH = date(2026, 10, 1)
MONTHS = [add_months(MONTH, -back) for back in range(35, -1, -1)]
SERVICES = [f"service {number}" for number in range(20)]
SAID = ["quick and clear", "nobody rang back", "waiting for months", "very helpful", "lost forms"]
METHOD = SurveyMethod()


def drawn(count: int) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, pd.DataFrame]]:
    """Return answers over three years, their cases, and one survey's margins."""
    chance = np.random.default_rng(2026)
    people = count // 2
    month = chance.integers(0, len(MONTHS), people)
    first = np.array([np.datetime64(each) for each in MONTHS])[month].astype("M8[s]")
    at = pd.Series(first + chance.integers(0, 28 * 86_400, people))
    service = chance.integers(0, len(SERVICES), people)
    number = np.arange(people)
    respondents = pd.DataFrame(
        {
            "response_id": pd.Series(number).astype("string"),
            "survey": np.where(service == 0, "panel", "users"),
            "answered_at": at.dt.tz_localize(
                "Europe/London", ambiguous=np.ones(people, bool), nonexistent="shift_forward"
            ),
            "service": np.array(SERVICES)[service],
            "case_id": pd.Series(number % max(people // 2, 1)).astype("string"),
            "comment": chance.choice(SAID, people),
            "sex": chance.choice(["female", "male"], people, p=[0.6, 0.4]),
            "age_band": chance.choice(["16-34", "35-64", "65+"], people, p=[0.1, 0.5, 0.4]),
        }
    )
    parts = [
        respondents.assign(
            question=question, scale=scale, answer=chance.integers(1, 6, people).astype(str)
        )
        for question, scale in (("overall", "satisfaction-5"), ("informed", "happy-5"))
    ]
    size = max(people // 2, 1)
    cases = pd.DataFrame(
        {
            "case_id": pd.Series(np.arange(size)).astype("string"),
            "decided_at": pd.Timestamp("2024-06-01", tz="Europe/London"),
            "outcome": chance.choice(["granted", "refused"], size),
            "applicant_kind": chance.choice(["agent", "householder"], size),
            "customer": pd.Series(chance.integers(0, size, size)).astype("string"),
        }
    )
    groups = [("sex", "female", 51), ("sex", "male", 49), ("age_band", "16-34", 30)]
    groups += [("age_band", "35-64", 45), ("age_band", "65+", 25)]
    margins = pd.DataFrame(groups, columns=["dimension", "group", "people"])
    return pd.concat(parts, ignore_index=True), cases, {"panel": margins}


def run(count: int) -> tuple[int, float, float, int]:
    """Return the size, CPU seconds, mebibytes above those of the answers, and the figures."""
    answers, cases, margins = drawn(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    joined = with_cases(answers, cases)
    kept, _ = without_turned(joined, turned_waves(joined))
    kept = without_shared_keys(kept)
    weights = quarter_weights(kept, MONTHS, margins, METHOD).weights
    figures = satisfaction_figures(kept, MONTHS[12:], method=METHOD, weights=weights)
    votes = votes_in(kept, MONTHS, length=3, method=METHOD, weights=weights)
    changes = satisfaction_changes(sum_votes(votes), MONTHS[12:])
    adjusted = adjusted_changes(votes, MONTH)
    drivers = [drivers_of(kept, service, MONTH, METHOD) for service in SERVICES]
    spent = time.process_time() - begun
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    made = len(figures) + len(changes) + len(adjusted) + sum(len(each.terms) for each in drivers)
    return count, spent, grown / 1024, made


def main() -> None:
    """Print what each size took, and per answer."""
    sizes = [int(each) for each in sys.argv[1:]] or list(SIZES)
    print(f"{'answers':>9} {'CPU s':>7} {'us/answer':>10} {'MiB more':>9} {'figures':>8}")
    for size in sizes:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            count, spent, grown, made = alone.submit(run, size).result()
        print(f"{count:>9,} {spent:>7.2f} {1e6 * spent / count:>10.1f} {grown:>9.0f} {made:>8,}")


if __name__ == "__main__":
    main()
