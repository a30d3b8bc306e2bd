"""Surveys: two wide ones of Microsoft Forms' shape, one long one with weights."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.borough.clock import ONLINE_DAYS, times_in
from insight.borough.comments import plan_number
from insight.borough.files import Batch, Export, Form, pack
from insight.borough.grammar import write
from insight.borough.plan import Plan
from insight.periods import add_months

ANSWERS = np.array(
    [
        "Very satisfied",
        "Fairly satisfied",
        "Neither satisfied nor dissatisfied",
        "Fairly dissatisfied",
        "Very dissatisfied",
        "Don't know",
    ]
)
PLANNING_QUESTIONS = {
    "Overall, how satisfied or dissatisfied are you with the planning service? Please think of "
    "your latest application, from the day you sent it to the day you had a decision.": "overall",
    "How satisfied or dissatisfied are you with how well you were kept informed of what was "
    "happening to your application?": "kept informed",
    "How satisfied or dissatisfied are you with the time taken to decide it?": "time taken",
}
SERVICE_QUESTIONS = {
    "Overall, how satisfied or dissatisfied were you with the service you received today?":
        "overall",
    "And how satisfied or dissatisfied were you with the person who helped you, whether on the "
    "telephone, at reception or online?": "person",
}  # fmt: skip
CUSTOMER_SERVICES_SATISFIED = 0.84
PANEL_SATISFIED = 0.63
UNSURE = 0.05
MOODS = {"Granted": 0.05, "Refused": -0.25, "Withdrawn": -0.1, "Undecided": -0.02}
"""What a decision adds to an applicant's chance of being satisfied, before it is centred."""
AGENTS_MOOD = -0.04
PANEL_MARGINS = {
    "sex": {"Female": 51, "Male": 49},
    "age_band": {"16-34": 27, "35-54": 32, "55-74": 28, "75+": 13},
    "tenure": {"Owned": 68, "Rented privately": 18, "Rented from the council": 14},
}
"""The borough's adults in percent, of whom the panel's youngest are too few."""
RENAMED = {"age_band": "age_band_years"}
"""Heading that the panel's last file has instead of the one before."""
RESPONSES = {"planning": 150, "customer services": 80, "panel": 60}

PLANNING = Export(
    source="planning-survey", form=Form("xlsx", sheet="Form1"), key=("ID",),
    spoilers=(("Completion time", "n/k"),), fresh="ID", questions=tuple(PLANNING_QUESTIONS),
)  # fmt: skip
SERVICES = Export(
    source="customer-services-survey", form=Form("xlsx", sheet="Form1"), key=("ID",),
    spoilers=(("Completion time", "n/k"),), fresh="ID", questions=tuple(SERVICE_QUESTIONS),
)  # fmt: skip
PANEL = Export(
    source="residents-panel", form=Form("csv", "utf-16", "\t"),
    key=("response_id", "survey", "question"),
    spoilers=(("answered_at", "spring"), ("scale", "smiley faces"), ("answer", "")),
    fresh="response_id",
)  # fmt: skip

WORDS = {
    "happy": [
        "Kept informed all the way.", "{forename} was very helpful.", "Quick and clear.", "", "",
    ],
    "unhappy": [
        "Nobody answers the phone.", "Months of waiting and no word.", "I had to chase {n} times.",
        "My builder gave up waiting.", "Ring me on {phone} if you want to know more.", "", "",
    ],
    "n": ["three", "four", "six", "ten"],
}  # fmt: skip


def make_planning_survey(
    plan: Plan, people: pd.DataFrame, applications: pd.DataFrame, month: date
) -> pd.DataFrame:
    """Return a month's answers of those whose application was decided in it or is still open.

    Whether one of them is satisfied is drawn; the chances have the plan's share as their mean.
    """
    rng = plan.stream("planning survey", month)
    start, end = pd.Timestamp(month), pd.Timestamp(add_months(month, 1))
    waiting = applications["decided_at"].isna() | applications["decided_at"].ge(start)
    current = applications[waiting & applications["received_at"].lt(start)]
    number = min(RESPONSES["planning"], len(current))
    asked = current.iloc[rng.choice(len(current), size=number, replace=False)]
    outcome = asked["outcome"].where(asked["decided_at"].lt(end), "Undecided")
    agent = asked["applicant_kind"].eq("Agent").to_numpy()
    mood = outcome.map(MOODS).to_numpy(np.float64) + np.where(agent, AGENTS_MOOD, 0.0)
    overall = drawn_answers(plan.satisfaction(month) + mood - mood.mean(), rng)
    answers = [
        overall,
        _near(overall, rng, shift=0.12 if plan.age(month) < plan.gap[1] else 0.45),
        _near(overall, rng, shift=0.3),
    ]
    return _wide(plan, people, month, list(PLANNING_QUESTIONS), answers, rng).assign(
        **{
            "Application number": asked["case_id"].to_numpy(),
            "I am": np.where(agent, "An agent", "An applicant"),
            "Ward": asked["ward"].to_numpy(),
        }
    )


def make_services_survey(plan: Plan, people: pd.DataFrame, month: date) -> pd.DataFrame:
    """Return a month's answers of those who were helped by customer services.

    In the last month half of them are missing: the link had gone from the e-mails' foot.
    """
    rng = plan.stream("services survey", month)
    count = RESPONSES["customer services"]
    if plan.drifts and month == plan.last_month:
        count //= 2
    overall = drawn_answers(np.full(count, CUSTOMER_SERVICES_SATISFIED), rng)
    answers = [overall, _near(overall, rng, shift=-0.15)]
    return _wide(plan, people, month, list(SERVICE_QUESTIONS), answers, rng)


def drawn_answers(chances: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Return places in `ANSWERS`: each person satisfied by their own chance, some unsure.

    One in twenty, by chance too, does not know and stands outside the share.
    """
    count = chances.size
    happy = rng.random(count) < chances
    answers = np.where(
        happy,
        rng.choice([0, 1], size=count, p=[0.4, 0.6]),
        rng.choice([2, 3, 4], size=count, p=[0.3, 0.4, 0.3]),
    )
    return np.where(rng.random(count) < UNSURE, 5, answers).astype(np.int64)


def _near(
    overall: NDArray[np.int64], rng: np.random.Generator, *, shift: float
) -> NDArray[np.int64]:
    """Return answers to a question that follows the overall one, `shift` points unhappier."""
    moved = np.clip(np.rint(overall + rng.normal(shift, 0.7, overall.size)), 0, 4)
    return np.where(overall == 5, 5, moved).astype(np.int64)


def _wide(
    plan: Plan,
    people: pd.DataFrame,
    month: date,
    questions: list[str],
    answers: list[NDArray[np.int64]],
    rng: np.random.Generator,
) -> pd.DataFrame:
    count = answers[0].size
    who = people.iloc[rng.integers(len(people), size=count)]
    slots = {n: who[n].to_numpy(dtype=object) for n in ("forename", "phone")}
    happy = np.where(answers[0] < 2, "happy", "unhappy")
    comment = np.full(count, "", dtype=object)
    for mood in ("happy", "unhappy"):
        rows = np.flatnonzero(happy == mood)
        own = {name: values[rows] for name, values in slots.items()}
        comment[rows] = write(WORDS, mood, rows.size, rng, own)
    done = times_in(month, count, rng, days=ONLINE_DAYS)
    columns: dict[str, object] = {
        "ID": pd.Series(plan_number(month) + np.arange(count) + 1).astype("string"),
        "Start time": done - rng.integers(70, 900, count).astype("m8[s]"),
        "Completion time": done,
        "Email": "anonymous",
        "Name": pd.Series(pd.NA, range(count), dtype="string"),
    }
    for number, question in enumerate(questions):
        given = pd.Series(ANSWERS[answers[number]], dtype="string")
        # The first question has to be answered; some leave the others blank.
        columns[question] = given.mask((rng.random(count) < 0.05) & (number > 0))
    return pd.DataFrame(columns | {"Anything to add?": comment})


def make_panel(plan: Plan, people: pd.DataFrame, month: date) -> pd.DataFrame:
    """Return a month's answers of the residents' panel: one row per answer, weighted."""
    rng = plan.stream("panel", month)
    count = RESPONSES["panel"]
    who = people.iloc[rng.integers(len(people), size=count)].reset_index(drop=True)
    bands, sexes = ["16-34", "35-54", "55-74", "75+"], ["Female", "Male", "Prefer not to say"]
    tenures = ["Owned", "Rented privately", "Rented from the council"]
    respondents = pd.DataFrame(
        {
            "response_id": "P" + pd.Series(plan_number(month) + np.arange(count)).astype("string"),
            "survey": "residents panel",
            "answered_at": pd.Series(times_in(month, count, rng, days=ONLINE_DAYS)).dt.strftime(
                "%Y-%m-%dT%H:%M:%S"
            ),
            "ward": who["ward"],
            "age_band": rng.choice(bands, count, p=[0.15, 0.3, 0.4, 0.15]),
            "sex": rng.choice(sexes, count, p=[0.54, 0.44, 0.02]),
            "tenure": rng.choice(tenures, count, p=[0.7, 0.2, 0.1]),
            "weight": rng.uniform(0.6, 1.8, count).round(3),
        }
    )  # fmt: skip
    council = pd.Series(ANSWERS[drawn_answers(np.full(count, PANEL_SATISFIED), rng)])
    questions = {
        "council overall": ("satisfaction-5", council),
        "ease": ("neteasy-7", pd.Series(rng.binomial(6, 0.35, count) + 1).astype("string")),
        "recommend": ("nps-11", pd.Series(rng.binomial(10, 0.7, count)).astype("string")),
    }
    parts = [
        respondents.assign(question=question, scale=scale, answer=answer)
        for question, (scale, answer) in questions.items()
    ]
    answers = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    return answers.astype("string")


def panel_margins() -> pd.DataFrame:
    """Return the population that the panel stands for, as a margins file has it."""
    rows = [
        (dimension, group, people)
        for dimension, groups in PANEL_MARGINS.items()
        for group, people in groups.items()
    ]
    return pd.DataFrame(rows, columns=["dimension", "group", "people"])


def survey_files(plan: Plan, people: pd.DataFrame, applications: pd.DataFrame) -> list[Batch]:
    """Return the three surveys' monthly files; the panel's last one has a renamed column."""
    planning = {m: make_planning_survey(plan, people, applications, m) for m in plan.span}
    services = {m: make_services_survey(plan, people, m) for m in plan.span}
    panel = {m: make_panel(plan, people, m) for m in plan.span}
    if plan.drifts:
        panel[plan.last_month] = panel[plan.last_month].rename(columns=RENAMED)
    return [
        pack(plan, PLANNING, planning),
        pack(plan, SERVICES, services),
        pack(plan, PANEL, panel),
    ]
