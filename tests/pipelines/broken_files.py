"""Breaks sound files in many ways and ingests them; `test_broken_files` runs it apart.

``python broken_files.py WORKSPACE SEED COUNT`` prints one JSON object: how many files ended how,
the slowest file, and whatever was no clear refusal. A reader that ends the whole process is seen by
its exit code; the seed and the number of the file last written bring it back.
"""

import gzip
import io
import json
import mailbox
import os
import shutil
import sys
import time
import zipfile
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

import numpy as np
import pandas as pd

from insight.errors import InsightError
from pipelines.edge.mappings import read_mapping
from pipelines.edge.workspace import open_workspace
from pipelines.settings import load_settings
from pipelines.settings_sections import Source
from pipelines.steps import ingest_file as ingest

AT_ONCE = 200
MAPPING = """contract: street_reports
columns: {report_id: Ref, reported_at: Created, category: Type, latitude: Lat, longitude: Lon}
dates: "%d/%m/%Y %H:%M"
timezone: Europe/London
crs: EPSG:27700
values: {channel: {Website: web, App: app}}
constants: {service: street-cleaning}
rows: {where: {Type: [Dog fouling, Litter]}}
generate: [report_id]
layout: {header_row: 4, sheets: all, sheet_column: Month, totals: keep}
unpivot: {keep: [Ref], columns: {Q1: overall}}
"""
SOURCES = {
    "contacts": Source(name="contacts", contract="contacts"),
    "enquiries": Source(name="enquiries", contract="enquiries"),
}


def contacts(rows: int = 12) -> pd.DataFrame:
    number = np.arange(rows)
    return pd.DataFrame(
        {
            "contact_id": [f"C{n}" for n in number],
            "contacted_at": [f"{n % 28 + 1:02d}/10/2026 09:{n % 60:02d}" for n in number],
            "channel": np.array(["phone", "email", "web"])[number % 3],
            "service": "council-tax",
            "customer": [f"P{n % 5}" for n in number],
            "wait_seconds": number * 7,
            "text": [f'said "{n}", then\nleft' for n in number],
        }
    )


def message(number: int) -> EmailMessage:
    made = EmailMessage()
    made["From"] = f"Pat <pat{number}@example.com>"
    made["To"] = "tax@example.org"
    made["Subject"] = "Council tax band ü"
    made["Date"] = f"Thu, {number % 28 + 1:02d} Oct 2026 09:30:00 +0100"
    made["Message-ID"] = f"<{number}@example.com>"
    made.set_content(f"My band is wrong, number {number}.\n\nOn Monday you wrote:\n> hello\n")
    made.add_alternative("<p>My band is <b>wrong</b></p>", subtype="html")
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="../../x.pdf")
    return made


def sound_files(folder: Path) -> list[tuple[str, str, bytes]]:
    """Return source, ending and bytes of one sound file of each kind."""
    frame = contacts()
    book, packed, parquet = io.BytesIO(), io.BytesIO(), io.BytesIO()
    frame.to_excel(book, index=False, engine="xlsxwriter")
    frame.to_parquet(parquet)
    comma = frame.to_csv(index=False)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", comma)
        archive.writestr("more/b.csv", comma.replace("C1", "D1"))
    box = mailbox.mbox(folder / "sound.mbox")
    for number in range(4):
        box.add(message(number))
    box.close()
    titled = f"Contacts in October\n\n{comma}\nTotal,,,,,99,\n"
    return [
        ("contacts", "csv", comma.encode()),
        ("contacts", "csv", titled.encode()),
        ("contacts", "csv", frame.to_csv(index=False, sep=";").encode("utf-16")),
        ("contacts", "txt", frame.to_csv(index=False, sep="\t").encode("cp1252")),
        ("contacts", "xlsx", book.getvalue()),
        ("contacts", "parquet", parquet.getvalue()),
        ("contacts", "json", frame.to_json(orient="records").encode()),
        ("contacts", "jsonl", frame.to_json(orient="records", lines=True).encode()),
        ("contacts", "csv.gz", gzip.compress(comma.encode(), mtime=0)),
        ("contacts", "zip", packed.getvalue()),
        ("enquiries", "mbox", (folder / "sound.mbox").read_bytes()),
        ("enquiries", "eml", message(9).as_bytes()),
    ]


def broken(data: bytes, rng: np.random.Generator) -> bytes:
    """Return `data` damaged once or more in the ways in which files get damaged."""
    out = data
    for _ in range(rng.geometric(0.6)):
        place = int(rng.integers(0, max(len(out), 1)))
        way = DAMAGES[rng.integers(len(DAMAGES))]
        out = way(out, place, rng)
    return out


def put(data: bytes, place: int, more: bytes) -> bytes:
    return data[:place] + more + data[place:]


def flipped(data: bytes, rng: np.random.Generator) -> bytes:
    out = bytearray(data)
    for spot in rng.integers(0, max(len(out), 1), 8):
        out[spot : spot + 1] = rng.bytes(1)
    return bytes(out)


SIGNS = np.array(list(b'",;\t\n\r|{}[]<>=\\'), dtype=np.uint8)
BEGINNINGS = (b"PK\x03\x04", b"\x1f\x8b", b"PAR1", b"%PDF", b"[", b"{")
DAMAGES = (
    lambda data, place, rng: data[:place],
    lambda data, place, rng: flipped(data, rng),
    lambda data, place, rng: put(data, place, b"\0" * int(rng.integers(1, 64))),
    lambda data, place, rng: put(data, place, b"\xed\xa0\x80"),  # half of a surrogate pair
    lambda data, place, rng: data[:place] + data[place + int(rng.integers(1, 64)) :],
    lambda data, place, rng: put(data, place, data[: int(rng.integers(1, 256))]),
    lambda data, place, rng: put(
        data, place, rng.choice(SIGNS, int(rng.integers(1, 64))).tobytes()
    ),
    lambda data, place, rng: BEGINNINGS[place % len(BEGINNINGS)] + data,
    lambda data, place, rng: put(data, place, b"A" * int(rng.integers(1, 200_000))),
    lambda data, place, rng: data.replace(b"2026", b"99999", 3),
    lambda data, place, rng: put(data, place, rng.bytes(int(rng.integers(1, 64)))),
    lambda data, place, rng: data[place:] + data[:place],
)


def main(root: Path, seed: int, count: int) -> dict[str, object]:
    workspace = open_workspace(root, run_id="broken")
    folder = root / "broken"
    folder.mkdir(exist_ok=True)
    sound, rng = sound_files(folder), np.random.default_rng(seed)
    ends: Counter[str] = Counter()
    times: dict[str, float] = {}
    unclear: list[str] = []
    reading = ingest.read_content

    def timed(path: Path, *rest: object) -> object:
        started = time.perf_counter()
        try:
            return reading(path, *rest)
        finally:
            times[path.name] = times.get(path.name, 0.0) + time.perf_counter() - started

    ingest.read_content = timed
    for first in range(0, count, AT_ONCE):
        paths: dict[str, list[Path]] = {name: [] for name in SOURCES}
        for number in range(first, min(first + AT_ONCE, count)):
            source, ending, data = sound[number % len(sound)]
            path = folder / f"{seed}-{number}.{ending}"
            path.write_bytes(broken(data, rng))
            paths[source].append(path)
        for source, chosen in paths.items():
            for outcome in ingest.ingest_paths(workspace, chosen, SOURCES[source]):
                ends["accepted" if outcome.account else "refused"] += 1
                if outcome.error is not None and not clear(outcome.error):
                    unclear.append(f"{outcome.file}: {outcome.error!r}")
        for path in folder.glob("*-*.*"):
            path.unlink()
    for _ in range(count // 10):
        ends.update(settings_end(workspace.root, folder, rng, unclear))
    slowest = max(times, key=lambda name: times[name])
    return {
        "ends": ends,
        "slowest": [slowest, round(times[slowest], 2)],
        "unclear": unclear[:20],
    }


def settings_end(
    root: Path, folder: Path, rng: np.random.Generator, unclear: list[str]
) -> Counter[str]:
    """Read a broken mapping and broken settings; return how each ended."""
    path = folder / "mapping.yaml"
    path.write_bytes(broken(MAPPING.encode(), rng))
    council = folder / "settings"
    shutil.copytree(root / "settings", council, dirs_exist_ok=True)
    chosen = council / str(rng.choice(sorted(path.name for path in council.glob("*.yaml"))))
    chosen.write_bytes(broken(chosen.read_bytes(), rng))
    ends: Counter[str] = Counter()
    readers = {"mapping": (read_mapping, path), "settings": (load_settings, council)}
    for what, (read, where) in readers.items():
        try:
            read(where)
            ends[f"{what} read"] += 1
        except InsightError as error:
            ends[f"{what} refused"] += 1
            if len(str(error)) < 20:
                unclear.append(f"{what}: {error!r}")
    return ends


def clear(error: InsightError) -> bool:
    """Return whether a refusal is a sentence with something to do, and quotes no resident."""
    text = str(error)
    words = ("left", "said", "Pat", "band is", "\0")
    return len(text) > 20 and text.endswith(".") and not any(word in text for word in words)


if __name__ == "__main__":
    os.environ["INSIGHT_TODAY"] = "2026-11-23"
    os.environ["INSIGHT_PSEUDONYM_KEY"] = "0f" * 32
    result = main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write("\n" + json.dumps(result) + "\n")
