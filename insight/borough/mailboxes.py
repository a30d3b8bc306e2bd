"""The two mailboxes' exports: one as mail programs keep it, one as a table."""

import pandas as pd

from insight.borough.files import (
    Batch,
    Export,
    Form,
    InboxFile,
    by_month,
    pack,
    whole_file,
    with_files,
)
from insight.borough.mail import COLUMNS
from insight.borough.plan import Plan
from insight.borough.unplanned import UNPLANNED_TITLE
from insight.periods import month_key

LETTERS_APART = 3
"""E-mails that came as files of their own in the last month, forwarded by councillors."""
SORTED = "council-tax-mailbox-sorted-by-hand.csv"
"""What people have sorted, sent in later: the same e-mails again, now with their topics."""

COUNCIL_TAX = Export(
    source="council-tax-mailbox",
    form=Form("mbox"),
    key=("enquiry_id",),
    spoilers=(("received_at", "yesterday"), ("text", "")),
    fresh="enquiry_id",
    leave_out={"kind": ("automatic",)},
)
PLANNING = Export(
    source="planning-mailbox",
    form=Form("csv", "cp1252"),
    key=("Ref",),
    spoilers=(("Received", "31/02/2026 09:15"), ("Message", "")),
    fresh="Ref",
)


def enquiry_files(plan: Plan, enquiries: pd.DataFrame) -> list[Batch]:
    """Return the two mailboxes' monthly exports, single e-mails, and what was sorted by hand."""
    tax = enquiries[enquiries["service"] == "council-tax"]
    planning = by_month(enquiries[enquiries["service"] == "planning"], plan, "received_at")
    apart = _apart(plan, tax)
    monthly = by_month(tax.drop(index=apart.index), plan, "received_at")
    mailbox = pack(plan, COUNCIL_TAX, {month: _mails(rows) for month, rows in monthly.items()})
    return [
        with_files(mailbox, [*_letters(plan, apart), _sorted_by_hand(tax)]),
        pack(plan, PLANNING, {month: _planning_export(rows) for month, rows in planning.items()}),
    ]


def _apart(plan: Plan, tax: pd.DataFrame) -> pd.DataFrame:
    """Return some of the last month's e-mails that stand alone."""
    last = by_month(tax, plan, "received_at")[plan.last_month]
    single = last[last["kind"].eq("person") & last["true_topic"].ne(UNPLANNED_TITLE)]
    return single[~single["enquiry_id"].isin(tax["replies_to"])].tail(LETTERS_APART)


def _mails(rows: pd.DataFrame) -> pd.DataFrame:
    when = rows["received_at"].dt.strftime("%Y-%m-%dT%H:%M:%S")
    return rows[COLUMNS].assign(received_at=when).astype("string")


def _letters(plan: Plan, apart: pd.DataFrame) -> list[InboxFile]:
    mails = _mails(apart)
    name = f"{COUNCIL_TAX.source}-{month_key(plan.last_month)}"
    return [
        whole_file(COUNCIL_TAX, f"{name}-letter-{place + 1}.eml", Form("eml"), mails.iloc[[place]])
        for place in range(len(mails))
    ]


def _sorted_by_hand(tax: pd.DataFrame) -> InboxFile:
    columns = [
        "enquiry_id", "received_at", "subject", "text", "sender", "thread_id", "channel", "kind",
        "attachments", "topic",
    ]  # fmt: skip
    labelled = tax.loc[tax["topic"].notna(), columns]
    when = labelled["received_at"].dt.strftime("%Y-%m-%dT%H:%M:%S")
    frame = labelled.assign(received_at=when).astype("string")
    return whole_file(COUNCIL_TAX, SORTED, Form("csv", "utf-8"), frame)


def _planning_export(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Ref": rows["enquiry_id"],
            "Received": rows["received_at"].dt.strftime("%d/%m/%Y %H:%M"),
            "From": rows["sender"],
            "Subject": rows["subject"],
            "Message": rows["text"],
            "Conversation": rows["thread_id"],
            "Sorted as": rows["topic"],
        }
    ).astype("string")
