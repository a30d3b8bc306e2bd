"""Two small months of a small council: few rows, corrections, a refused row and a refused file."""

import csv
import random
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import yaml

from pipelines.edge.workspace import create_workspace

MONTH = date(2026, 10, 1)
MONTHS = ("2026-09", "2026-10")
TOPICS = {
    "bins": ("bin", "collection", "recycling", "lorry", "missed", "sacks"),
    "bills": ("bill", "council tax", "payment", "instalment", "refund", "account"),
}
MEASURES = ("PLAN-SAT", "RECYCLING")
SERVICES = ("planning", "waste")
SOURCES = ("street-reports", "enquiries", "contacts", "cases", "surveys", "kpi-returns")


def small_workspace(root: Path, *, rows: int = 6) -> Path:
    """Make a workspace at `root` with `rows` rows a month in each inbox; the same every time."""
    create_workspace(root)
    # The key is the environment's; the id only has to be the same in every copy.
    (root / "workspace.id").write_text("small-month\n", encoding="utf-8")
    for name, key, kept in (
        ("measures", "code", MEASURES),
        ("services", "code", SERVICES),
        ("sources", "name", SOURCES),
    ):
        _keep(root / "settings" / f"{name}.yaml", name, key, kept)
    dice = random.Random(20261001)  # noqa: S311 - invented rows
    for month in MONTHS:
        for source, header, made in _files(month, rows, dice):
            write_csv(root / "inbox" / source / f"{source}-{month}.csv", header, made)
    _disturb(root / "inbox")
    return root


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write one file as an export would."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def _keep(path: Path, what: str, key: str, names: Sequence[str]) -> None:
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    kept = [each for each in settings[what] if each[key] in names]
    path.write_text(yaml.safe_dump({what: kept}), encoding="utf-8")


def _disturb(inbox: Path) -> None:
    """Add a correction, the same file twice, rows for quarantine, and a file to refuse."""
    contacts = (inbox / "contacts" / "contacts-2026-10.csv").read_text(encoding="utf-8")
    lines = contacts.splitlines(keepends=True)
    corrected = "".join(line.replace("waste", "planning") for line in lines[:4])
    (inbox / "contacts" / "contacts-2026-10-corrected.csv").write_text(corrected, encoding="utf-8")
    (inbox / "contacts" / "contacts-2026-10-sent-again.csv").write_text(contacts, encoding="utf-8")
    wrong = lines[0] + "".join(f"w{n},2026-10-05 10:00,phone,waste\n" for n in range(40))
    wrong += "w99,no time,phone,waste\n"
    (inbox / "contacts" / "contacts-2026-10-wrong.csv").write_text(wrong, encoding="utf-8")
    (inbox / "cases" / "not-a-table.csv").write_bytes(b"%PDF-1.7\n")


def _files(month: str, rows: int, dice: random.Random) -> Iterable[tuple[str, list[str], list]]:
    def at() -> str:
        return (
            f"{month}-{dice.randint(1, 28):02d} {dice.randint(8, 17):02d}:{dice.randint(0, 59):02d}"
        )

    each = range(rows)
    yield (
        "street-reports",
        ["report_id", "reported_at", "category", "easting", "northing", "ward"],
        [(f"{month}-r{n}", at(), "Dog fouling", 460000 + 40 * n, 300000 + n, "East") for n in each],
    )
    enquiries = [
        (f"{month}-e{n}", at(), _text(topic, dice), topic, "email", "waste")
        for n, topic in enumerate(sorted(TOPICS) * rows)
    ]
    yield (
        "enquiries",
        ["enquiry_id", "received_at", "text", "topic", "channel", "service"],
        enquiries,
    )
    yield (
        "contacts",
        ["contact_id", "contacted_at", "channel", "service"],
        [(f"{month}-c{n}", at(), "phone", dice.choice(["waste", "planning"])) for n in each],
    )
    yield (
        "cases",
        ["case_id", "service", "case_type", "received_at", "decided_at"],
        [
            (f"{month}-p{n}", "planning", "minor", f"{month}-0{n % 9 + 1}", f"{month}-28")
            for n in each
        ],
    )
    yield (
        "surveys",
        ["response_id", "survey", "answered_at", "question", "scale", "answer", "service"],
        [
            (
                f"{month}-s{n}",
                "applicants",
                at(),
                "overall",
                "satisfaction-5",
                str(n % 5 + 1),
                "planning",
            )
            for n in each
        ],
    )
    yield ("kpi-returns", ["measure", "period", "value"], [("RECYCLING", month, 0.44)])


def _text(topic: str, dice: random.Random) -> str:
    told = dice.choices(TOPICS[topic], k=5)
    return f"Please help with the {' and the '.join(told)} at number {dice.randint(1, 400)}"
