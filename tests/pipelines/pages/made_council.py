"""A small invented council with every kind of row that the services' pages are made from.

The tests beside this file work every figure out again from these rows, so each table is plain:
dates are dates, a blank is missing. December 2026 is the month, a Monday in January the day.
"""

import random
from datetime import date, datetime, timedelta
from functools import cache

import pandas as pd

MONTH, TODAY = date(2026, 12, 1), date(2027, 1, 11)
SUNDAY = date(2027, 1, 10)
PERIOD = "2026-12"
FIRST_CONTACT = date(2025, 10, 1)
HOLIDAYS = (  # gov.uk/bank-holidays, England and Wales
    date(2024, 8, 26), date(2024, 12, 25), date(2024, 12, 26), date(2025, 1, 1), date(2025, 4, 18),
    date(2025, 4, 21), date(2025, 5, 5), date(2025, 5, 26), date(2025, 8, 25),
    date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6),
    date(2026, 5, 4), date(2026, 5, 25), date(2026, 8, 31), date(2026, 12, 25), date(2026, 12, 28),
    date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29),
)  # fmt: skip
SERVICES = {
    "council-tax": "Council tax", "housing": "Housing", "planning": "Planning",
    "waste": "Waste and recycling",
}  # fmt: skip
WARDS = ("Abbey", "Brook", "Castle")
STANDARD = {("planning", "householder"): 56, ("planning", "minor"): 56, ("council-tax", ""): 14}
MINUTES = {"phone": 6.0, "email": 8.0, "face to face": 12.0, "web": 1.0}
POUNDS = {"phone": (2.8, 3.4), "web": (0.1, 0.2), "email": (2.0, 4.0)}
REASONS = {"Opening times": "information not on the website", "Fees": "not avoidable",
           "Missed bin": "not avoidable"}  # fmt: skip
NOBODY = "UNKNOWN"
CUES = ("Any update on my application?", "Still waiting for a decision")
AGAIN = "Rang again about it"
PRAISED = ("Thank you to the friendly crew", "Lovely park, really tidy")
BLAMED = ("The bin was missed again", "Website down and slow")
SAID = {  # what the satisfied and the dissatisfied write of planning
    True: ("The officer was helpful", "Clear letters and a quick answer", ""),
    False: ("Nobody rang me back about my plans", "It took months", "The drawings went missing"),
}
MARGINS = {
    "sex": {"female": 29_500, "male": 28_200},
    "age_band": {"18 to 34": 14_000, "35 to 64": 28_000, "65 and over": 15_700},
}
TOPICS = [
    {"name": "refunds", "service": "waste", "lgsl": [57]},
    {"name": "bins", "service": "waste", "form": "/missed-bin"},
    {"name": "bands", "service": "planning", "page": "/bands",
     "avoidable": "information not on the website"},
]  # fmt: skip
LETTERS = {"refunds": 40, "bins": 30, "bands": 24}
SATISFIED = ("very satisfied", "fairly satisfied")
DISSATISFIED = ("fairly dissatisfied", "very dissatisfied")
SETTINGS = {
    "contact_costs": {"minutes": MINUTES, "pounds": {k: list(v) for k, v in POUNDS.items()}},
    "demand": {
        "customers_that_are_nobody": [NOBODY],
        "reasons": {
            "information not on the website": ["Opening times"],
            "not avoidable": ["Fees", "Missed bin"],
        },
    },
    "surveys": {"margins": {"residents": "reference/margins.csv"}},
}


def dice_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - invented rows


@cache
def cases() -> pd.DataFrame:
    """Seventeen months of planning applications and four of claims, a third still open."""
    dice, rows = dice_of(1), []
    for n in range(430):
        came = date(2025, 8, 4) + timedelta(days=dice.randrange(522))
        kind = dice.choice(["householder", "householder", "minor", "tree works"])
        rows.append(["planning", f"P{n:03d}", kind, came, dice.randrange(15, 130), came, n % 7])
    for n in range(80):
        came = date(2026, 9, 7) + timedelta(days=dice.randrange(120))
        rows.append(["council-tax", f"T{n:02d}", "new claim", came, dice.randrange(3, 40), came, 1])
    made = []
    for service, ref, kind, came, days, _, agent in rows:
        gone: date | None = came + timedelta(days=days)
        outcome = dice.choice(["granted", "granted", "granted", "refused", "withdrawn"])
        if gone is not None and gone > TODAY - timedelta(days=1):
            gone, outcome = None, ""
        told: date | None = came + timedelta(days=dice.randrange(5, 60))
        target = came + timedelta(days=STANDARD.get((service, kind), 56))
        late = gone is not None and gone > target
        longer = target + timedelta(days=30) if late and dice.random() < 0.5 else None
        who = f"agent {dice.randrange(9)}" if agent == 0 else f"owner {ref}"
        made.append(
            {
                "case_id": ref, "service": service, "case_type": kind, "received_at": came,
                "target_at": target, "extended_to": longer, "decided_at": gone,
                "outcome": outcome, "ward": dice.choice(WARDS),
                "applicant_kind": "agent" if agent == 0 else "householder",
                "last_update_sent_at": told if told <= TODAY and dice.random() < 0.6 else None,
                "customer": who,
            }
        )  # fmt: skip
    return pd.DataFrame(made)


@cache
def contacts() -> pd.DataFrame:
    """Fifteen months of single contacts; applicants chase more from September 2026 on."""
    dice, rows = dice_of(2), []
    claims = cases()
    owners = {s: claims[claims["service"].eq(s)] for s in ("planning", "council-tax")}
    days = (date(2026, 12, 31) - FIRST_CONTACT).days + 1
    for n in range(days):
        day = FIRST_CONTACT + timedelta(days=n)
        busy = 2 if day >= date(2026, 9, 1) else 1
        for service, many in (("planning", 3 * busy), ("waste", 3), ("council-tax", 1)):
            for _ in range(dice.randrange(many + 1)):
                chased = service == "planning" and busy == 2 and dice.random() < 0.35
                reference, who = "", f"person {dice.randrange(220)}"
                if service in owners and dice.random() < 0.5:
                    case = owners[service].iloc[dice.randrange(len(owners[service]))]
                    who = case["customer"]
                    reference = case["case_id"] if dice.random() < 0.4 else ""
                if dice.random() < 0.05:
                    who = NOBODY
                elif dice.random() < 0.08:
                    who = ""
                text = dice.choice(
                    ["About fees", "", "", AGAIN if dice.random() < 0.2 else "Hello"]
                )
                rows.append(
                    {
                        "at": datetime(day.year, day.month, day.day, 9 + dice.randrange(8),  # noqa: DTZ001
                                       dice.randrange(60)),
                        "channel": dice.choice(
                            ["phone", "email", "web", "face to face"]
                            if service != "waste" else ["email", "email", "web"]
                        ),
                        "service": service, "customer": who, "case_id": reference,
                        "reason": dice.choice(["Fees", "Missed bin", "Opening times", "Fees",
                                               "Missed bin", "Fees", ""]),
                        "outcome": dice.choice(["Resolved", "Resolved", "Passed on", ""]),
                        "text": dice.choice(CUES) if chased else text,
                    }
                )  # fmt: skip
    rows += [
        {"at": datetime(2026, 12, day, 10), "channel": "phone", "service": "housing",  # noqa: DTZ001
         "customer": f"tenant {day}", "case_id": "", "reason": "Fees", "outcome": "Resolved",
         "text": ""}
        for day in (3, 9, 17)
    ]  # fmt: skip
    frame = pd.DataFrame(rows).sort_values("at", kind="stable", ignore_index=True)
    return frame.assign(contact_id=[f"c{n}" for n in range(len(frame))])


@cache
def counts() -> pd.DataFrame:
    """Waste's calls by day since June 2024, one of them a day that can't be true."""
    dice, rows = dice_of(3), []
    for n in range(944):
        day = date(2024, 6, 1) + timedelta(days=n)
        usual = 0 if day in HOLIDAYS else (38, 33, 30, 29, 27, 9, 4)[day.weekday()]
        offered = sum(dice.random() < 0.5 for _ in range(2 * usual))
        answered = sum(dice.random() < 0.93 for _ in range(offered))
        rows.append((day, offered, answered, max(offered - answered - (n % 2), 0),
                     60 + dice.randrange(80), round(0.7 + 0.3 * dice.random(), 2)))  # fmt: skip
    names = ["date", "offered", "answered", "abandoned", "wait", "within"]
    frame = pd.DataFrame(rows, columns=names)
    frame.loc[frame["date"].eq(date(2026, 12, 8)), "answered"] = 99
    return frame


@cache
def web() -> pd.DataFrame:
    """Forms begun and sent, and a page's views, each week since November 2025."""
    dice, rows = dice_of(4), []
    for n in range(61):
        day = date(2025, 11, 3) + timedelta(weeks=n)
        begun = 60 + dice.randrange(30)
        rows.append(
            (day, "/missed-bin", "waste", 3 * begun, begun, begun - 25 - dice.randrange(20))
        )
        rows.append((day, "/bands", "planning", 200 + dice.randrange(50), None, None))
    names = ["date", "page", "service", "views", "form_starts", "form_completions"]
    return pd.DataFrame(rows, columns=names)


@cache
def enquiries() -> pd.DataFrame:
    """December's letters, each with the topic that a person gave it; every tenth has a reply."""
    rows = []
    for topic, number in LETTERS.items():
        service = next(each["service"] for each in TOPICS if each["name"] == topic)
        for n in range(number):
            said = "Any update on my letter about" if n % 5 == 0 else "A question about"
            channel = "post" if n % 4 == 0 else "email"
            at = datetime(2026, 12, 1 + n % 28, 9)  # noqa: DTZ001
            rows.append((f"{topic}{n}", at, f"{said} {topic} number {n}", service, channel,
                         f"writer {topic} {n}", f"T-{topic}{n}", topic, False))  # fmt: skip
            if n % 10 == 0:
                late = datetime(2026, 12, 30, 10)  # noqa: DTZ001
                rows.append((f"{topic}{n}r", late, "Thank you very much", service, channel,
                             f"writer {topic} {n}", f"T-{topic}{n}", topic, True))  # fmt: skip
    names = ["enquiry_id", "at", "text", "service", "channel", "sender", "thread_id", "topic",
             "reply"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


@cache
def complaints() -> pd.DataFrame:
    """Complaints since April 2026, in every state; housing had one in December and no other."""
    dice, rows = dice_of(5), []
    for n in range(150):
        came = date(2026, 4, 1) + timedelta(days=dice.randrange(284))
        stage = dice.choice(["stage 1", "stage 1", "stage 1", "stage 2", "request", "ombudsman"])
        seen: date | None = came + timedelta(days=dice.randrange(9))
        gone: date | None = came + timedelta(days=dice.randrange(6, 45))
        outcome = dice.choice(["upheld", "partly upheld", "not upheld", "not upheld", "refused"])
        if n % 9 == 0:
            seen = None
        if gone is not None and (gone >= TODAY or (n % 8 == 0 and came > date(2026, 11, 20))):
            gone, outcome = None, "open"
        if seen is not None and (seen >= TODAY or (gone is not None and seen > gone)):
            seen = None
        longer = came + timedelta(days=30) if n % 6 == 0 else None
        rows.append((f"K{n:03d}", came, dice.choice(["waste", "waste", "planning"]), stage, seen,
                     longer, gone, outcome, dice.choice(WARDS)))  # fmt: skip
    rows.append(("K900", date(2026, 12, 9), "housing", "stage 1", date(2026, 12, 10), None,
                 date(2026, 12, 21), "upheld", "Abbey"))  # fmt: skip
    names = ["complaint_id", "received_at", "service", "stage", "acknowledged_at", "extended_to",
             "responded_at", "outcome", "ward"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=names)
    number = pd.Series(range(len(frame)))
    refused = frame["outcome"].eq("refused")
    upheld = frame["outcome"].eq("upheld")
    return frame.assign(
        regime=frame["service"].map({"housing": "housing ombudsman"}).fillna("lgsco"),
        refused_reason=number.mod(2).map({0: "Considered before", 1: "It is cold"}).where(refused),
        category=number.mod(3).map({0: "delay", 1: "staff", 2: "quality"}),
        compensation=number.mod(4).mul(25).where(upheld & number.mod(4).gt(0)),
        learning_action=pd.Series("Letters say when", frame.index).where(upheld),
        learning_done_at=frame["responded_at"].where(upheld & number.mod(2).eq(0)),
    )


@cache
def surveys() -> pd.DataFrame:
    """Applicants over fifteen months, better pleased from September; residents; twelve tenants."""
    dice, rows = dice_of(6), []
    applications = cases()[cases()["service"].eq("planning")]
    for n in range(520):
        day = date(2025, 10, 1) + timedelta(days=dice.randrange(457))
        known = applications[applications["received_at"].le(day)]
        case = known.iloc[dice.randrange(len(known))]["case_id"]
        happy = dice.random() < (0.8 if day >= date(2026, 9, 1) else 0.5)
        answer = dice.choice(SATISFIED if happy else DISSATISFIED)
        if dice.random() < 0.08:
            answer, happy = "don't know", True
        at = datetime(day.year, day.month, day.day, 8 + n % 12, n % 60)  # noqa: DTZ001
        speed = dice.choice([*SATISFIED, *DISSATISFIED])
        row = (f"r{n}", "applicants", at, "planning", case)
        rows.append((*row, "overall", answer, dice.choice(SAID[happy]), "", ""))
        rows.append((*row, "speed", speed, "", "", ""))
    for n in range(360):
        at = datetime(2026, 11 + n % 2, 1 + n % 28, 12)  # noqa: DTZ001
        sex = "female" if dice.random() < 0.66 else "male"
        age = dice.choice(["18 to 34", "35 to 64", "35 to 64", "65 and over", "65 and over"])
        happy = dice.random() < (0.75 if sex == "female" else 0.45)
        answer = dice.choice(SATISFIED if happy else DISSATISFIED)
        rows.append((f"q{n}", "residents", at, "", "", "overall", answer, "", sex, age))
    for n in range(12):
        at = datetime(2026, 12, 2 + n, 12)  # noqa: DTZ001
        answer = "very satisfied" if n < 9 else "very dissatisfied"
        rows.append((f"h{n}", "tenants", at, "housing", "", "overall", answer, "", "", ""))
    names = ["response_id", "survey", "at", "service", "case_id", "question", "answer", "comment",
             "sex", "age_band"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


@cache
def comments() -> pd.DataFrame:
    """December's comments on waste: two kinds of praise, two of blame."""
    texts = [*PRAISED[:1] * 21, *PRAISED[1:] * 24, *BLAMED[:1] * 25, *BLAMED[1:] * 22]
    return pd.DataFrame(
        {
            "comment_id": [f"m{n}" for n in range(len(texts))],
            "text": texts,
            "kind": ["compliment" if text in PRAISED else "comment" for text in texts],
        }
    )
