"""E-mails to two mailboxes, whose true topic is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.borough.clock import ONLINE_DAYS, Times, times_in
from insight.borough.enquiry_phrases import SHARED
from insight.borough.grammar import Texts, write
from insight.borough.plan import Plan
from insight.borough.unplanned import UNPLANNED_MONTHLY, UNPLANNED_TITLE, VOUCHER

WORDS = SHARED | VOUCHER

LABELLED = 400
"""Enquiries, over all months, that a person has sorted."""
WRONG_LABELS = 0.02
UNSORTED_SHARE = 0.05
TWO_THINGS_SHARE = 0.15
TELLING_SUBJECTS = 0.3
"""Share of enquiries whose subject line says what they are about."""
OVERDUE_THAT_DOUBLES = 25
"""So many overdue applications double the e-mails that ask for progress."""
ANNUAL_BILLING = {1: 1.1, 2: 1.35, 3: 2.1, 4: 1.8, 5: 1.2, 12: 0.75}
"""Council-tax demand by calendar month: bills go out in March."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What an enquiry can be about; `symbol` is where the grammar writes it."""

    symbol: str
    title: str
    service: str
    monthly: int


TOPICS = (
    Topic("moving", "Moving home", "council-tax", 62),
    Topic("paying", "Payments and direct debit", "council-tax", 48),
    Topic("discounts", "Discounts and exemptions", "council-tax", 40),
    Topic("support", "Council tax support", "council-tax", 36),
    Topic("arrears", "Reminders and arrears", "council-tax", 30),
    Topic("refunds", "Refunds", "council-tax", 24),
    Topic("progress", "Progress of an application", "planning", 22),
    Topic("permission", "Do I need permission", "planning", 44),
    Topic("objecting", "Comments on an application", "planning", 38),
    Topic("breaches", "Breach of planning control", "planning", 22),
)

UNPLANNED, UNSORTED = len(TOPICS), len(TOPICS) + 1
"""Numbers of what is none of the topics: what nobody planned for, and anything else."""

FOLLOW_UP_SHARE = 0.08
"""Share of council-tax e-mails that answer an earlier one in the same conversation."""
AUTOMATIC_MONTHLY = 4
ATTACHING_SHARE = 0.12


def make_enquiries(
    plan: Plan, people: pd.DataFrame, cases: pd.DataFrame, overdue: Mapping[date, int]
) -> pd.DataFrame:
    """Return all enquiries of all months, ordered by time.

    Parameters
    ----------
    plan
        Which months.
    people
        As `insight.borough.people.make_people` gives them.
    cases
        Planning cases: ``case_id`` and ``received_at``.
    overdue
        By month, applications past their target: the more, the more ask for progress.

    Returns
    -------
    pandas.DataFrame
        enquiry_id, received_at, service (the mailbox), subject, text, sender, name, thread_id,
        channel, kind (``automatic`` for an answer from a machine), attachments, replies_to and
        quoted (the e-mail answered and its text, else blank), ``true_topic`` (a topic's title or
        `UNPLANNED_TITLE`, missing where it is none of them) and ``topic`` (the label where a
        person gave one, 2% of them wrongly).
    """
    parts = [_month(plan, people, cases, month, overdue[month]) for month in plan.span]
    enquiries = pd.concat(parts, ignore_index=True)
    number = "EQ" + (20_000 + enquiries.index).astype("string")
    by_mail = enquiries["service"] == "council-tax"
    enquiries.insert(0, "enquiry_id", number.where(~by_mail, number + "@mail.example.org"))
    enquiries = _in_threads(enquiries)
    return enquiries.assign(topic=_labels(enquiries, plan.stream("labels")))


def _month(
    plan: Plan, people: pd.DataFrame, cases: pd.DataFrame, month: date, overdue: int
) -> pd.DataFrame:
    rng = plan.stream("enquiries", month)
    billing = ANNUAL_BILLING.get(month.month, 1.0)
    means = np.array([t.monthly * (billing if t.service == "council-tax" else 1.0) for t in TOPICS])
    # Those who chase an application by telephone also write.
    means[[t.symbol == "progress" for t in TOPICS]] *= 1 + overdue / OVERDUE_THAT_DOUBLES
    amounts = rng.poisson(means)
    topic = np.repeat(np.arange(len(TOPICS)), amounts)
    extra = round(UNSORTED_SHARE * topic.size)
    new = 0 if month < plan.unplanned_since else int(rng.poisson(UNPLANNED_MONTHLY))
    others = np.repeat([UNPLANNED, UNSORTED], [new, extra + AUTOMATIC_MONTHLY])
    topic = rng.permutation(np.concatenate([topic, others]))
    count = topic.size
    service = np.array([*(t.service for t in TOPICS), "council-tax", "council-tax"])[topic]
    service[(topic == UNSORTED) & (rng.random(count) < 0.5)] = "planning"
    automatic = _some(rng, (topic == UNSORTED) & (service == "council-tax"), AUTOMATIC_MONTHLY)
    answers = _answered(service == "council-tax", automatic, rng)
    writer = rng.integers(len(people), size=count)
    writer = np.where(answers >= 0, writer[answers], writer)
    who = people.iloc[writer].reset_index(drop=True)
    received = times_in(month, count, rng, days=ONLINE_DAYS)
    slots = _slots(who, cases, received, month, rng)
    texts = _texts(topic, slots, rng)
    texts["subject"][automatic] = "Automatic reply: Your council tax"
    texts["text"][automatic] = "I am away from my desk until Monday and will answer then."
    title = pd.Series([*(t.title for t in TOPICS), UNPLANNED_TITLE], dtype="string")
    attaching = rng.random(count) < ATTACHING_SHARE
    return pd.DataFrame(
        {
            "received_at": received,
            "service": service,
            "subject": texts["subject"],
            "text": texts["text"],
            "sender": who["email"],
            "name": who["name"],
            "thread_id": "T" + pd.Series(received.astype("i8") % 10**7).astype("string"),
            "channel": rng.choice(["E-mail", "Email", "Web form"], size=count, p=[0.6, 0.2, 0.2]),
            "kind": np.where(np.isin(np.arange(count), automatic), "automatic", "person"),
            "attachments": np.where(attaching, rng.integers(1, 4, count), 0),
            "answers": np.where(answers >= 0, np.arange(count) - answers, 0),
            "true_topic": title.reindex(topic).array,
        }
    )


def _some(rng: np.random.Generator, among: NDArray[np.bool_], count: int) -> NDArray[np.intp]:
    places = np.flatnonzero(among)
    return rng.choice(places, size=min(count, places.size), replace=False)


def _answered(
    by_mail: NDArray[np.bool_], automatic: NDArray[np.intp], rng: np.random.Generator
) -> NDArray[np.intp]:
    """Return, for each e-mail, which earlier one of its month it answers; -1 for none."""
    answers = np.full(by_mail.size, -1)
    able = by_mail.copy()
    able[automatic] = False
    places = np.flatnonzero(able)
    later = np.sort(
        rng.permutation(np.arange(1, places.size))[: round(FOLLOW_UP_SHARE * places.size)]
    )
    first = np.setdiff1d(np.arange(places.size), later)
    # The first of all is never an answer, so each has one to answer before it.
    earlier = (rng.random(later.size) * np.searchsorted(first, later)).astype(np.int64)
    answers[places[later]] = places[first[earlier]]
    return answers


def _in_threads(enquiries: pd.DataFrame) -> pd.DataFrame:
    """Return enquiries with the e-mail that each answers: its id, thread, subject and text."""
    step = enquiries["answers"].to_numpy()
    answer = pd.Series(step > 0)
    origin = enquiries.iloc[np.arange(len(enquiries)) - step].reset_index(drop=True)
    subject = ("Re: " + origin["subject"].astype("string")).where(answer, enquiries["subject"])
    return enquiries.drop(columns="answers").assign(
        subject=subject,
        thread_id=origin["thread_id"],
        replies_to=origin["enquiry_id"].where(answer, ""),
        quoted=origin["text"].where(answer, ""),
    )


def _slots(
    who: pd.DataFrame, cases: pd.DataFrame, received: Times, month: date, rng: np.random.Generator
) -> dict[str, Texts]:
    count = len(who)
    recent = cases.loc[cases["received_at"] < np.datetime64(month, "s"), "case_id"].tail(150)
    near = pd.Series(received + rng.integers(-40, 25, count).astype("m8[D]"))
    columns = {
        name: who[name].to_numpy(dtype=object)
        for name in (
            "name",
            "forename",
            "phone",
            "email",
            "address",
            "postcode",
            "street",
            "account",
        )
    }
    written = pd.Series(rng.choice(["%d/%m/%Y", "%d %B", "%d.%m.%y"], size=count))
    dates = pd.concat([near.dt.strftime(style) for style in written.unique()], axis=1)
    which = pd.factorize(written)[0]
    return columns | {
        "ni": who["ni_number"].to_numpy(dtype=object),
        "case": rng.choice(recent.to_numpy(dtype=object), size=count),
        "date": dates.to_numpy(dtype=object)[np.arange(count), which],
    }


def _texts(
    topic: NDArray[np.int64], slots: dict[str, Texts], rng: np.random.Generator
) -> dict[str, Texts]:
    service = np.array([*(t.service for t in TOPICS), "council-tax", ""])[topic]
    body = _bodies(topic, slots, rng)
    # Some raise a second thing: the first is what the enquiry is about.
    second = _another_topic(topic, service, rng)
    two = np.flatnonzero((rng.random(topic.size) < TWO_THINGS_SHARE) & (topic < UNPLANNED))
    own = {name: values[two] for name, values in slots.items()}
    own |= {"first": body[two], "second": _bodies(second[two], own, rng)}
    body[two] = write(WORDS, "also", two.size, rng, own)
    reference = write(WORDS, "reference", topic.size, rng, slots)
    reference[service == "planning"] = ""  # only council tax has account numbers
    subject = write(WORDS, "subject", topic.size, rng, slots)
    telling = (rng.random(topic.size) < TELLING_SUBJECTS) & (topic < UNPLANNED)
    subject[telling] = np.array([t.title for t in TOPICS], dtype=object)[topic[telling]]
    letter = slots | {"body": body, "reference": reference}
    text = write(WORDS, "letter", topic.size, rng, letter)
    return {"subject": subject, "text": _careless(text, rng)}


def _bodies(topic: NDArray[np.int64], slots: dict[str, Texts], rng: np.random.Generator) -> Texts:
    """Return what each letter asks."""
    bodies = np.full(topic.size, "", dtype=object)
    for number, symbol in enumerate([*(t.symbol for t in TOPICS), "unplanned", "unsorted"]):
        rows = np.flatnonzero(topic == number)
        own = {name: values[rows] for name, values in slots.items()}
        bodies[rows] = write(WORDS, symbol, rows.size, rng, own)
    return bodies


def _another_topic(
    topic: NDArray[np.int64], service: NDArray[np.str_], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return, for each letter, some other topic of the same mailbox."""
    of_tax = sum(t.service == "council-tax" for t in TOPICS)
    tax = service == "council-tax"
    start, count = np.where(tax, 0, of_tax), np.where(tax, of_tax, len(TOPICS) - of_tax)
    step = rng.integers(1, count)
    other: NDArray[np.int64] = start + (topic - start + step) % count
    return other


SLIPS = {
    "council tax": "counciltax", "received": "recieved", "neighbour": "neigbour",
    "please": "plse", "account": "acount", "application": "aplication", "cannot": "cant",
    "do not": "dont", "permission": "permision", "address": "adress",
}  # fmt: skip


def _careless(text: Texts, rng: np.random.Generator) -> Texts:
    """Let some write without capitals, and some with slips."""
    texts = pd.Series(text, dtype="string").str.replace(" {2,}", " ", regex=True)
    careless = rng.random(len(texts))
    slipping = careless < 0.15
    slipped = texts[slipping]
    for right, wrong in SLIPS.items():
        slipped = slipped.str.replace(right, wrong, regex=False)
    texts[slipping] = slipped
    shape = rng.random(len(texts))
    texts[shape < 0.12] = texts[shape < 0.12].str.lower()
    texts[shape > 0.98] = texts[shape > 0.98].str.upper()
    return texts.to_numpy(dtype=object)


def _labels(enquiries: pd.DataFrame, rng: np.random.Generator) -> "pd.Series[str]":
    planned = enquiries["true_topic"].notna() & enquiries["true_topic"].ne(UNPLANNED_TITLE)
    known = np.flatnonzero(planned.fillna(value=False))
    chosen = rng.choice(known, size=min(LABELLED, known.size), replace=False)
    label = enquiries["true_topic"].where(enquiries.index.isin(chosen))
    wrong = chosen[: round(len(chosen) * WRONG_LABELS)]
    other = {t.title: TOPICS[n - 1].title for n, t in enumerate(TOPICS)}
    label.iloc[wrong] = label.iloc[wrong].map(other)
    return label
