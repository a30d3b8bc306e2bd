"""Count what redaction finds and what it takes: ``python tests/benchmarks/redaction_found.py``.

The mails are synthetic: patterns below, filled with names, streets and numbers put together at
random (seeded), so that what is personal in each is known by its place. The first list was there
while the rules were written, the second was written before them and only measured with. Recall is
the share of the personal pieces of which no word of three letters or digits is left; precision the
share of the replaced letters that belong to one. With ``INSIGHT_REAL_DATA`` the rules also read
real texts, whose publishers took out who people are: whatever is replaced there is nearly always a
mistake, and is counted by kind.
"""

import os
import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from insight.borough.words import FORENAMES, SURNAMES
from insight.redaction import TOKENS, redact

SEED = 2026
COPIES = 12
KNOWN = (
    "Dear Mr {s},\nThe bin at {a} was missed.\nKind regards,\n{n}",
    "Hi {f}, my council tax account number is {acc}. Thanks, {n}",
    "My name is {n} and I live at {a}, Oadby, {p}.",
    "I am {n} of {a}. My date of birth is {dob}.",
    "There is dog mess on {street!} most mornings, near the school gates.",
    "This is {n}, ring me on {ph} about the skip outside {a}.",
    "The car, registration {reg}, has been on {street!} since 12 March.",
    "Speak to my wife {n} on {ph}",
    "Please pay into sort code {sort} account {bank}, ref {acc}",
    "Yours faithfully\n\n{n}\n{a}\nWigston\nLeicester\n{p}",
    "{fa} has no recycling box and {street!} is full of litter",
    "A blue Ford {reg} is blocking the drive at {a}",
    "lives at {al}, wants a call back. NI {ni}",
    "Cust. {n}, DOB {dob}, {a}. Account no {acc}",
    "Between 20 Main Street! and the shops there were 15 bags, 3 boxes and 240 litres of waste",
    "We are at {house}, {p}. Bins due on 14 July 2026.",
    "I, {n}, wish to object to the plans for the High Street",
    "thanks for your help\n{n}\n{em}",
    "Mrs {s} of {a} rang again about her housing benefit claim number {acc}",
    "Caller says the crew were on {street!} at 10 and 11 Monday morning",
)
HELD_OUT = (
    "Good afternoon {f}\n\nI emailed about {a} in May. My reference number is {acc}."
    "\n\nRegards\n\n{n}",
    "To whom it may concern,\nmy mother {n} lives alone at {a} {p} and was born on {dob}.",
    "I'm {n} and my neighbour at {a} parks his van ({reg}) on the verge of {street!}.",
    "Hello\nThe street light outside {a} is out again. It is the 3rd time in 2 weeks.\nBest,\n{n}",
    "I moved from {a} to {a} on 1 April. Ref: {acc}\n{n}",
    "Cllr {s} told me that {street!} and Long Street! would be swept in week 14 of 2026.",
    "Reg no. {reg}, silver, abandoned by the garages behind {street!} for 6 weeks.",
    "Her NI number is {ni} and her date of birth: {dob}. Contact her son {n}, {ph}.",
    "tenant {n}, {a}, rent account {acc}, is 3 weeks behind",
    "Please refund £120.50 to {n}, sort code {sort}, account number {bank}.",
    "my details are as follows\nname: {n}\naddress: {a}, {p}\ntel: {ph}\nemail: {em}",
    "Spoke with {n} at {fa}: bulky waste, 4 items, £35 paid.",
    "I am writing on behalf of {n}, who lives at {house}, {p}",
    "Yours sincerely,\n{n} ({a})",
    "We have lived on {street!} for 40 years and never seen 12 bins left out for 9 days.",
    "Many thanks and kind regards\n{n}\n{a}\n{p}",
    "UPRN {uprn}. New build at {a}, please add to the round.",
    "It is {n} here. Has my planning application for {a} been decided?",
    "Fouling between nos. 12 and 30 {street}, opposite the park, at 7 each morning",
    "Customer's partner, Mr {n}, drives a {reg} and has a blue badge",
    "Missed assisted collection for {a}. Spoke to Mrs {s}.",
    "Could not find my bin day for {al}",
    "Sent by {n}. Date of birth {dob}. Payment reference {acc}.",
    "The bus to Leicester from Station Road! stops at 10 past and 40 past, not 15 past",
)
KINDS = {
    "n": "names", "f": "names", "s": "names", "a": "addresses", "al": "addresses",
    "fa": "addresses",
    "house": "house names", "p": "postcodes", "ph": "telephones", "em": "e-mails",
    "acc": "references", "bank": "bank accounts", "sort": "bank accounts", "dob": "birth dates",
    "ni": "insurance numbers", "reg": "registrations", "uprn": "references",
}  # fmt: skip
STREETS = (
    "Elm Drive", "Glen Road", "St Peter's Close", "Long Street", "Aylestone Lane", "Manor Avenue",
    "Brocks Hill Way", "Launde Road", "The Parade", "Kelmarsh Avenue", "Moat Street",
    "Saffron Crescent", "Wakes Road", "Half Moon Terrace", "Bell Street", "Queen's Court",
)  # fmt: skip
HOUSES = ("Rose Cottage", "The Old Vicarage", "Ashdown House", "Orchard View", "Mill Lodge")
SLOT = re.compile(r"\{([a-z]+)(!?)\}")
REAL = (
    ("nhs-patient-comments-topics/comments_train.csv", "feedback"),
    ("nhs-friends-family-survey/responses_train.csv", "FFT answer"),
    ("banking77/train.csv", "text"),
    ("clinc150/train_val.csv", "text"),
    ("housing-ombudsman-complaints/complaints_to_2025-04.csv.gz", "complaint"),
    ("cfpb-narratives/complaints_train.csv", "narrative"),
)


def values(rng: np.random.Generator) -> dict[str, str]:
    """Return something for each slot of a pattern."""

    def digits(count: int) -> str:
        return "".join(map(str, rng.integers(0, 10, size=count)))

    forename, surname = str(rng.choice(FORENAMES)), str(rng.choice(SURNAMES))
    number = str(rng.integers(1, 240)) + str(rng.choice(["", "", "", "a", "B"]))
    street = str(rng.choice(STREETS))
    day, month, year = rng.integers(1, 29), rng.integers(1, 13), rng.integers(1930, 2005)
    written = pd.Timestamp(year, month, day)
    letters = "".join(rng.choice(list("ABCDEFGHJKLMNOPRSTUVWXY"), size=3))
    return {
        "n": f"{forename} {surname}",
        "f": forename,
        "s": surname,
        "street": street,
        "a": f"{number} {street}",
        "al": f"{number} {street}".lower(),
        "fa": f"Flat {rng.integers(1, 20)}, {number} {street}",
        "house": f"{rng.choice(HOUSES)}, {street}",
        "p": f"LE{rng.choice([2, 18])} {digits(1)}{''.join(rng.choice(list('ABDEFGH'), size=2))}",
        "ph": f"07700 900{digits(3)}",
        "em": f"{forename}.{surname.replace(chr(39), '')}@example.com".lower(),
        "acc": str(rng.choice(["7", "HB", "CT"])) + digits(7),
        "bank": digits(8),
        "sort": f"{digits(2)}-{digits(2)}-{digits(2)}",
        "dob": f"{written:%d/%m/%Y}" if day % 2 else f"{day} {written:%B %Y}",
        "ni": f"AB {digits(2)} {digits(2)} {digits(2)} C",
        "reg": f"{rng.choice(['FX', 'BD', 'LR'])}{rng.choice(['12', '19', '67', '71'])} {letters}",
        "uprn": f"1000{digits(8)}",
    }


def written(pattern: str, rng: np.random.Generator) -> tuple[str, list[tuple[int, int, str]]]:
    """Return one text, and where what is personal stands in it, with its kind."""
    text, spans, done = "", [], 0
    for slot in SLOT.finditer(pattern):
        name, stays = slot.groups()
        text += pattern[done : slot.start()]
        value = values(rng)[name]
        if name in KINDS and not stays:
            spans.append((len(text), len(text) + len(value), KINDS[name]))
        text += value
        done = slot.end()
    return (text + pattern[done:]).replace("!", ""), spans


def kept(text: str, redacted: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell of each letter of `text` whether it is left in `redacted`."""
    pieces = re.split("|".join(map(re.escape, TOKENS)), redacted)
    pattern = "(.+?)".join(map(re.escape, pieces))
    found = re.fullmatch(pattern, text, re.DOTALL)
    left = np.ones(len(text), dtype=bool)
    for start, end in found.regs[1:] if found else ():
        left[start:end] = False
    return left


def measure(patterns: tuple[str, ...]) -> None:
    """Print recall by kind, and precision over all."""
    rng = np.random.default_rng(SEED)
    made = [written(pattern, rng) for pattern in patterns for _ in range(COPIES)]
    after = redact(pd.Series([text for text, _ in made], dtype="string"))
    there, gone = Counter[str](), Counter[str]()
    rightly = wrongly = 0
    for (text, spans), redacted in zip(made, after, strict=True):
        left = kept(text, redacted)
        personal = np.zeros(len(text), dtype=bool)
        for start, end, kind in spans:
            personal[start:end] = True
            there[kind] += 1
            rest = np.where(left[start:end], list(text[start:end]), " ")
            gone[kind] += not re.search(r"[^\W\d_]{3}|\d", "".join(rest))
        letters = np.array([letter.isalnum() for letter in text])
        rightly += int((~left & personal & letters).sum())
        wrongly += int((~left & ~personal & letters).sum())
    told = pd.DataFrame({"there": there, "gone": gone}).fillna(0).astype(int).sort_index()
    told.loc["all"] = told.sum()
    told["recall"] = told["gone"] / told["there"]
    all_gone = rightly + wrongly
    sys.stdout.write(
        f"{told.to_string(float_format='{:.3f}'.format)}\n"
        f"precision {rightly / all_gone:.3f} of {all_gone} letters taken\n\n"
    )


def real(folder: Path) -> None:
    """Print what is taken from real texts, by kind."""
    for name, column in REAL:
        texts = pd.read_csv(folder / name)[column].dropna().astype("string").drop_duplicates()
        taken = redact(texts).str.findall("|".join(map(re.escape, TOKENS))).explode().dropna()
        kinds = ", ".join(f"{count} {kind}" for kind, count in taken.value_counts().items())
        sys.stdout.write(f"{name}: of {len(texts):,} texts, {kinds or 'nothing'} taken\n")


def main() -> None:
    """Measure both lists, and real texts where there are any."""
    for title, patterns in (("Known patterns", KNOWN), ("Held-out patterns", HELD_OUT)):
        sys.stdout.write(f"{title} ({len(patterns)}, each {COPIES} times)\n")
        measure(patterns)
    if folder := os.environ.get("INSIGHT_REAL_DATA"):
        real(Path(folder))


if __name__ == "__main__":
    main()
