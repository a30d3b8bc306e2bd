"""Files that are wrong as a whole, or come again, and what should become of each."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from insight.borough.files import Batch, InboxFile, whole_file
from insight.borough.plan import Plan
from insight.periods import month_key

BOMB_BYTES = 64_000_000
"""What the zip bomb unpacks to: a thousand times its size."""
SHARE_LEFT = 0.6
"""How much of the workbook that was cut short has arrived."""
ROWS_SHIFTED = 60
LATE_CORRECTIONS = 6
CORRECTED = "complaints-corrected.xlsx"
CORRECTION_AGE = 2

Ends = Literal["refused", "accepted", "seen before"]


@dataclass(frozen=True, slots=True)
class Oddity:
    """One file that is not as it should be: how it ends, and why.

    It is written from `frame`, from `data`, or from the first `share` of the bytes of the file
    `copy_of` of the same source.
    """

    source: str
    name: str
    ends: Ends
    why: str
    file: InboxFile | None = None
    data: bytes | None = None
    copy_of: str | None = None
    share: float = 1.0


def late_correction(plan: Plan, batch: Batch) -> InboxFile:
    """Return complaints of an earlier month once more, with the outcome that a review gave them."""
    month = plan.month(min(CORRECTION_AGE, plan.months - 1))
    (file,) = (file for file in batch.files if month_key(month) in file.name)
    sound = file.frame[~file.broken]
    answered = sound[sound["Responded"].notna() & sound["Outcome"].eq("Not upheld")]
    corrected = answered.drop_duplicates(list(batch.export.key)).head(LATE_CORRECTIONS)
    frame = corrected.assign(Outcome="Upheld", Compensation=100.0)
    return whole_file(batch.export, CORRECTED, batch.export.form, frame)


def make_oddities(plan: Plan, batches: Sequence[Batch]) -> list[Oddity]:
    """Return the files that lie in the inbox beside the good ones, a source each.

    `batches` are the good ones: some oddities are copies of them.
    """
    by_source = {batch.export.source: batch for batch in batches}
    last = {source: batch_last(plan, batch) for source, batch in by_source.items()}
    month = month_key(plan.last_month)
    return [
        Oddity("fixmystreet", f"fixmystreet-{month}-map.csv", "refused", "a PDF", data=_pdf()),
        Oddity(
            "telephony", f"telephony-{month}-again.xlsx", "refused", "cut short",
            copy_of=last["telephony"].name, share=SHARE_LEFT,
        ),
        Oddity(
            "complaints", f"complaints-{month}-protected.xlsx", "refused", "under a password",
            data=_protected(),
        ),
        Oddity("crm", f"crm-{month}-again.csv", "refused", "empty", data=b""),
        _heading_only(by_source["planning-mailbox"], last["planning-mailbox"]),
        _other_layout(by_source["planning-register"], last["planning-register"]),
        _shifted(by_source["phone-log"], last["phone-log"]),
        Oddity(
            "web-analytics", f"web-analytics-{month}-archive.zip", "refused", "a zip bomb",
            data=_bomb(),
        ),
        Oddity(
            "council-tax-mailbox", f"council-tax-mailbox-{month}-notes.mbox", "refused",
            "no mailbox", data=_NOTES,
        ),
        Oddity(
            "patrols", f"patrols-{month}_sent-again.parquet", "seen before",
            f"the contents of {last['patrols'].name}", copy_of=last["patrols"].name,
        ),
    ]  # fmt: skip


def batch_last(plan: Plan, batch: Batch) -> InboxFile:
    """Return the last file of a batch that has a month's rows."""
    months = {month_key(month) for month in plan.span}
    return [file for file in batch.files if any(month in file.name for month in months)][-1]


def oddity_truths(
    oddities: Sequence[Oddity], correction: InboxFile
) -> dict[str, dict[str, object]]:
    """Return how each odd file should end, by ``source/file``; the late correction among them."""
    told: dict[str, dict[str, object]] = {
        f"{odd.source}/{odd.name}": {"ends": odd.ends, "why": odd.why} for odd in oddities
    }
    late: dict[str, object] = {"ends": "accepted", "why": "a late correction"}
    return told | {f"{correction.source}/{correction.name}": late}


def _heading_only(batch: Batch, file: InboxFile) -> Oddity:
    name = file.name.replace(".csv", "-none.csv")
    empty = whole_file(batch.export, name, file.form, file.frame.iloc[:0])
    return Oddity(file.source, name, "accepted", "a heading and no rows", file=empty)


def _other_layout(batch: Batch, file: InboxFile) -> Oddity:
    """Return a file of the upgraded system, in which a column that the mapping names is not."""
    name = file.name.replace(".csv", "-upgraded.csv")
    frame = file.frame.head(30).rename(columns={"Received": "Received on"})
    renamed = whole_file(batch.export, name, file.form, frame)
    return Oddity(file.source, name, "refused", "a column is missing", file=renamed)


def _shifted(batch: Batch, file: InboxFile) -> Oddity:
    """Return a file in which somebody moved each row's cells one place to the left."""
    name = file.name.replace(".csv", "-edited.csv")
    frame = file.frame.head(ROWS_SHIFTED)
    moved = np.roll(frame.to_numpy(dtype=object), -1, axis=1)
    shifted = pd.DataFrame(moved, columns=frame.columns)
    edited = whole_file(batch.export, name, file.form, shifted)
    return Oddity(file.source, name, "refused", "too many rows break the contract", file=edited)


def _pdf() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n"
        b"2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj\n"
        b"trailer << /Root 1 0 R >>\n%%EOF\n"
    )


def _protected() -> bytes:
    """Return the container in which Excel keeps a workbook under a password, nothing in it."""
    sector = 512
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00"
    names = ("Root Entry", "EncryptionInfo", "EncryptedPackage")
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)
    return header.ljust(sector, b"\0") + entries.ljust(sector, b"\0") + bytes(range(256)) * 16


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        entry = zipfile.ZipInfo("web-analytics.csv", date_time=(2026, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, b"date,page,views\n" + b"0" * BOMB_BYTES, compresslevel=9)
    return packed.getvalue()


_NOTES = (
    b"From now on the new form is used for refunds.\n\n"
    b"Two colleagues are on leave in the second week, so the mailbox is read twice a day.\n"
    b"Reminders go out on the 12th. The bank holiday moves the last run by a day.\n"
)
