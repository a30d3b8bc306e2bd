"""Satisfaction worked out again from the made answers: one voice a person, raked, compared."""

from functools import cache
from math import sqrt

import numpy as np
import pandas as pd

from tests.pipelines.pages import made_council as made
from tests.pipelines.pages.arithmetic import Hand, counted, wilson

Figures = dict[tuple[str, str, str], Hand]
POINTS = {"very satisfied": 100, "fairly satisfied": 75, "fairly dissatisfied": 25,
          "very dissatisfied": 0}  # fmt: skip


@cache
def answers() -> pd.DataFrame:
    """Give every answer with its case as it stood when the person answered."""
    known = made.cases().set_index("case_id")
    rows = made.surveys().join(known[["decided_at", "outcome", "applicant_kind", "customer"]],
                               on="case_id")  # fmt: skip
    decided = pd.to_datetime(rows["decided_at"]).le(rows["at"])
    outcome = rows["outcome"].where(decided, "undecided").where(rows["case_id"].ne(""))
    person = rows["customer"].fillna(rows["response_id"])
    return rows.assign(outcome=outcome, person=person, period=rows["at"].dt.strftime("%Y-%m"),
                       service=rows["service"].replace("", "not recorded"))  # fmt: skip


def quarter(period: str) -> list[str]:
    return [str(pd.Period(period) - back) for back in range(3)]


@cache
def voices(periods: tuple[str, ...]) -> pd.DataFrame:
    """Keep the last answer of each person to each question in these months."""
    rows = answers()[answers()["period"].isin(list(periods))].sort_values("at", kind="stable")
    return rows.drop_duplicates(["person", "survey", "question"], keep="last")


@cache
def raked() -> pd.Series:
    """Weights of December's quarter of residents, by plain iterative fitting."""
    people = voices(tuple(quarter(made.PERIOD)))
    people = people[people["survey"].eq("residents")].set_index("response_id")
    weight = np.ones(len(people))
    cells = [
        (people[name].eq(group).to_numpy(), number / sum(groups.values()) * len(people))
        for name, groups in made.MARGINS.items()
        for group, number in groups.items()
    ]
    for _ in range(200):
        for own, wanted in cells:
            weight[own] *= wanted / weight[own].sum()
    assert ((weight > 0.3) & (weight < 3)).all(), "none is trimmed"
    return pd.Series(weight, people.index)


@cache
def weighed(period: str) -> pd.DataFrame:
    """Give a quarter's voices with their weight."""
    rows = voices(tuple(quarter(period)))
    weights = raked() if period == made.PERIOD else pd.Series(dtype=float)
    return rows.assign(weight=rows["response_id"].map(weights).fillna(1.0))


def of(rows: pd.DataFrame, service: str) -> pd.DataFrame:
    return rows if service == "all" else rows[rows["service"].eq(service)]


def share(rows: pd.DataFrame) -> Hand:
    """Share satisfied of those who know; Wilson's interval on Kish's effective base."""
    known = rows[rows["answer"].ne("don't know")]
    weight = known["weight"] if "weight" in known else pd.Series(1.0, known.index)
    hits = weight[known["answer"].isin(made.SATISFIED)].sum() / weight.sum()
    worth = weight.sum() ** 2 / (weight**2).sum()
    return Hand(hits, *wilson(hits * worth, worth), len(known))


def split(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    own = rows[rows["question"].eq("overall")]
    parts = {"": own} | {f"question={name}": part for name, part in rows.groupby("question")}
    for name in ("outcome", "applicant_kind"):
        parts |= {f"{name}={value}": part for value, part in own.groupby(name)}
    return {key: part for key, part in parts.items() if part["answer"].ne("don't know").any()}


def monthly(service: str, period: str) -> Figures:
    """Share, net and mean of one month, and how many people answered."""
    rows = of(voices((period,)), service)
    found: Figures = {}
    for key, part in split(rows).items():
        found["satisfaction_share", period, key] = share(part)
        known = part[part["answer"].ne("don't know")]["answer"]
        n = len(known)
        up, down = (known.isin(list(kind)).mean() for kind in (made.SATISFIED, made.DISSATISFIED))
        # Difference of the two shares of one sample: MOVER, the two correlated as in a multinomial.
        found["satisfaction_net", period, key] = Hand(up - down, *_net(up, down, n), n)
        mean = known.map(POINTS).mean()
        ends = (100 * end for end in wilson(mean / 100 * n, n))
        found["satisfaction_mean", period, key] = Hand(mean, *ends, n)
    people = of(answers()[answers()["period"].eq(period)], service)
    people = people.drop_duplicates(["survey", "response_id"])
    if len(people):
        found["survey_responses", period, ""] = counted(len(people))
    for name, number in people.groupby("survey").size().items():
        found["survey_responses", period, f"survey={name}"] = counted(number)
    return found


def _net(up: float, down: float, n: int) -> tuple[float, float]:
    (l1, u1), (l2, u2) = wilson(up * n, n), wilson(down * n, n)
    r = 0.0
    if 0 < up < 1 and 0 < down < 1:
        r = -sqrt(up * down / ((1 - up) * (1 - down)))
    a, b, c, d = up - l1, u2 - down, u1 - up, down - l2
    low = up - down - sqrt(max(a * a - 2 * r * a * b + b * b, 0))
    high = up - down + sqrt(max(c * c - 2 * r * c * d + d * d, 0))
    return low, high


def quarterly(service: str, period: str) -> Figures:
    rows = of(weighed(period), service)
    return {
        ("satisfaction_share_quarter", period, key): share(part)
        for key, part in split(rows).items()
    }


def change(service: str, back: int) -> tuple[Hand, Hand]:
    """Compare December's quarter with one before: in points by Newcombe, and as a ratio.

    The ratio's interval is Donner and Zou's (2012, equation 9), from the same Wilson bounds.
    """
    then = str(pd.Period(made.PERIOD) - back)
    (p, l1, u1, _), (q, l2, u2, _) = (
        share(split(of(weighed(period), service))[""]) for period in (made.PERIOD, then)
    )
    low = p - q - sqrt((p - l1) ** 2 + (u2 - q) ** 2)
    high = p - q + sqrt((u1 - p) ** 2 + (q - l2) ** 2)
    a, b = u2 * (2 * q - u2), l2 * (2 * q - l2)
    least = (p * q - sqrt((p * q) ** 2 - l1 * (2 * p - l1) * a)) / a
    most = (p * q + sqrt((p * q) ** 2 - u1 * (2 * p - u1) * b)) / b
    return Hand(p - q, low, high), Hand(p / q - 1, least - 1, most - 1)


def adjusted(service: str, back: int) -> Hand | None:
    """Compare two quarters as if both had had the mix of both together, part by part."""
    periods = (made.PERIOD, str(pd.Period(made.PERIOD) - back))
    parts = []
    for period in periods:
        rows = of(weighed(period), service)
        own = rows[rows["question"].eq("overall") & rows["answer"].ne("don't know")]
        parts.append(dict(list(own.groupby(["outcome", "applicant_kind"]))))
    both = [key for key in parts[0] if key in parts[1]
            and min(len(part[key]) for part in parts) >= 5]  # fmt: skip
    if not both:
        return None
    sizes = {key: sum(len(part[key]) for part in parts) for key in both}
    weight = {key: size / sum(sizes.values()) for key, size in sizes.items()}
    means = []
    for part in parts:
        cells = [(weight[key], share(part[key])) for key in both]
        middle = sum(w * cell.value for w, cell in cells)
        down = sqrt(sum((w * (cell.value - cell.lower)) ** 2 for w, cell in cells))
        up = sqrt(sum((w * (cell.upper - cell.value)) ** 2 for w, cell in cells))
        means.append((middle, down, up))
    (p, d1, u1), (q, d2, u2) = means
    return Hand(p - q, p - q - sqrt(d1**2 + u2**2), p - q + sqrt(u1**2 + d2**2))
