"""Invented letters about bins, tax and what nobody planned for, and a reviewer to label them."""

import csv
from datetime import date

import numpy as np
import openpyxl

MONTH = date(2026, 10, 1)
WORDS = {
    "bins": ["bin", "collection", "recycling", "lorry", "missed", "sack", "emptied", "brown"],
    "tax": ["council", "tax", "bill", "payment", "instalment", "account", "refund", "charge"],
    "voucher": ["voucher", "heating", "fuel", "winter", "prepayment", "meter", "leaflet", "shop"],
}
FILLER = [
    "today",
    "street",
    "again",
    "house",
    "phone",
    "letter",
    "week",
    "road",
    "nobody",
    "morning",
]
HEADINGS = ["enquiry_id", "received_at", "text", "subject", "channel", "service", "topic"]


def enquiries(number, labelled, *, new=24, seed=1):
    rng = np.random.default_rng(seed)
    rows = []
    for at in range(number):
        topic = "voucher" if at >= number - new else ("bins", "tax")[at % 2]
        words = [*rng.choice(WORDS[topic], 4, replace=False), *rng.choice(FILLER, 4)]
        known = topic if at < labelled else ""
        day = f"{1 + at % 28:02}/10/2026 09:00"
        rows.append([f"E{at:03}", day, " ".join(words), "", "email", "", known])
    return rows


def fill(source, target, topics, *, rows=None):
    """Fill in a workbook as a person would: `topics` gives each row's answer from its text."""
    book = openpyxl.load_workbook(source)
    sheet = book["Enquiries"]
    header = next(r[0].row for r in sheet.iter_rows(max_col=1) if r[0].value == "Row")
    at = {cell.value: cell.column for cell in sheet[header]}
    last = sheet.max_row if rows is None else header + rows
    for row in range(header + 1, last + 1):
        text = sheet.cell(row, at["Text (redacted)"]).value
        sheet.cell(row, at["Topic"]).value = topics(text)
    book.save(target)
    return target


def truth(text):
    return max(WORDS, key=lambda topic: len(set(text.split()) & set(WORDS[topic])))


def drop(workspace, rows, headings=None):
    """Put letters into the workspace's inbox."""
    path = workspace.root / "inbox" / "enquiries" / "mail.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([headings or HEADINGS, *rows])
