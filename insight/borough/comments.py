"""Comments, compliments and suggestions from the website and social media."""

from datetime import date

import numpy as np
import pandas as pd

from insight.borough.clock import ONLINE_DAYS, times_in
from insight.borough.files import Batch, Export, Form, pack
from insight.borough.grammar import write
from insight.borough.plan import Plan

MONTHLY = 60
KINDS = ("compliment", "comment", "suggestion")
SERVICES = ("waste", "street-cleaning", "council-tax", "planning", "housing", "dog-warden")

HOSTILE = (
    "<script>alert('comment')</script> Lovely park.",
    '=HYPERLINK("https://example.com","Click me") thanks',
    "@SUM(1+1)*cmd|' /C calc'!A0 great service",
    '-2+3 stars & "quotes" <b>bold</b>',
)
"""What somebody types to see what happens; one goes in each month."""

EXPORT = Export(
    source="comments",
    form=Form("jsonl"),
    key=("comment_id",),
    spoilers=(("received_at", "2026-13-45T00:00:00Z"), ("rating", "eleven"), ("text", "")),
    fresh="comment_id",
)

SILENT_MONTHS = 2
"""Last months in which the website sends nothing, because its export has stopped."""

WORDS = {
    "compliment": [
        "Thank you to {staff}, {kind-word} and quick.",
        "{staff} went out of their way for my {kin}.",
        "{place} looks {good} this {season}. Well done.",
        "Sorted within {n} days, really pleased.",
    ],
    "comment": [
        "{place} is {bad} again.", "The website is {web-word}.",
        "I waited {n} minutes on the phone.",
        "Bins left in the middle of {street}.",
        "Nobody told us that {street} would be closed.", "Dog mess by {place}.",
        "Letters from the council are hard to understand.",
    ],
    "suggestion": [
        "Could you put a {thing} {where}?", "Please open the offices on {day}.",
        "Send a text before {event}.", "Why not let us {online} online?",
    ],
    "staff": [
        "the bin crew", "the lady at reception", "{forename} in council tax",
        "the planning officer", "the street sweeper on {street}",
    ],
    "kind-word": ["polite", "friendly", "patient", "helpful"],
    "kin": ["mother", "neighbour", "husband", "dad"],
    "place": ["the park", "the market place", "{street}", "the cemetery", "the leisure centre"],
    "good": ["wonderful", "lovely", "very tidy", "better than ever"],
    "bad": ["a mess", "full of litter", "too dark at night", "a disgrace"],
    "web-word": ["impossible on a phone", "easier than it was", "always down", "fine now"],
    "season": ["spring", "year", "month", "week"],
    "thing": ["bench", "dog bin", "crossing", "litter bin", "bike rack"],
    "where": ["on {street}", "by the school", "in the park", "outside the shops"],
    "day": ["Saturdays", "one evening a week", "Sundays"],
    "event": ["bin day changes", "a payment is due", "road works"],
    "online": ["book the tip", "see our case", "track an application", "change a direct debit"],
    "n": ["2", "3", "20", "35", "45"],
}  # fmt: skip


def make_comments(plan: Plan, people: pd.DataFrame, month: date) -> pd.DataFrame:
    """Return a month's comments with times in UTC, one of them hostile."""
    rng = plan.stream("comments", month)
    count = max(int(rng.poisson(MONTHLY)), 20)
    who = people.iloc[rng.integers(len(people), size=count)]
    kind = rng.choice(KINDS, size=count, p=[0.3, 0.5, 0.2])
    slots = {n: who[n].to_numpy(dtype=object) for n in ("street", "forename")}
    text = np.full(count, "", dtype=object)
    for name in KINDS:
        rows = np.flatnonzero(kind == name)
        own = {slot: values[rows] for slot, values in slots.items()}
        text[rows] = write(WORDS, name, rows.size, rng, own)
    text[0] = HOSTILE[plan.age(month) % len(HOSTILE)]
    usual = np.array([{"compliment": 9, "comment": 4, "suggestion": 6}[name] for name in kind])
    rating = np.clip(usual + rng.integers(-2, 3, count), 1, 10)
    local = pd.Series(times_in(month, count, rng, days=ONLINE_DAYS))
    zoned = local.dt.tz_localize("Europe/London").dt.tz_convert("UTC")
    number = 10_000 + plan_number(month) + np.arange(count)
    return pd.DataFrame(
        {
            "comment_id": "CO" + pd.Series(number).astype("string"),
            "received_at": zoned.dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "text": pd.Series(text, dtype="string"),
            "service": pd.Series(rng.choice(SERVICES, size=count), dtype="string"),
            "channel": rng.choice(["Website", "Facebook", "Email", "App"], size=count),
            "kind": kind,
            "rating": pd.Series(rating).where(rng.random(count) < 0.7).astype("Int64"),
        }
    )


def plan_number(month: date) -> int:
    """Return where a month's running numbers begin, whatever the span."""
    return (month.year * 12 + month.month - 24_000) * 1_000


def comment_files(plan: Plan, people: pd.DataFrame) -> Batch:
    """Return the comments as JSON lines; none come in the last two months of a longer span."""
    sent = plan.span[:-SILENT_MONTHS] if plan.drifts else plan.span
    return pack(plan, EXPORT, {month: make_comments(plan, people, month) for month in sent})
