"""The scorecard's views: every measure, and those of each family, service and head of service."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.edge import page_parts as say
from pipelines.edge.scorecard_rows import Row

FIRST = "scorecard.html"
FAMILIES = (
    "service standard", "general statutory", "general improvement", "corporate strategy",
)  # fmt: skip
KINDS = {"family": "Families of measures", "service": "Services", "head": "Heads of service"}


@dataclass(frozen=True, slots=True)
class View:
    """Some of the measures: their page's address, what they have in common, and its kind."""

    href: str
    name: str
    kind: str
    rows: tuple[Row, ...]


def rag_counts(rows: Sequence[Row]) -> list[Row]:
    """Count the statuses of some measures, worst first, leaving out what is nowhere."""
    marks = Counter(say.rag(row["rag"]) for row in rows)
    return [
        {"mark": mark, "number": marks[mark]} for mark in sorted(marks, key=lambda mark: mark.order)
    ]


def grouped_views(measures: Sequence[Row], name_of: Callable[[str], str]) -> list[View]:
    """Group measures: all of them first, then by family, service and head of service.

    Each measure's row is given ``service_name``, and ``href``, where it stands in detail;
    `name_of` names a service.
    """
    for row in measures:
        row["service_name"] = name_of(say.text(row["service"]))
    rows = sorted(measures, key=_worst_first)
    views = [View(FIRST, "Every measure", "all", tuple(rows))]
    used = {FIRST}
    for kind in KINDS:
        grouped: dict[str, list[Row]] = {}
        for row in rows:
            grouped.setdefault(_group(row, kind), []).append(row)
        grouped.pop("", None)
        for name in sorted(grouped, key=_place if kind == "family" else str.casefold):
            href = _address(kind, name, used)
            if kind == "service":
                for row in grouped[name]:
                    row["href"] = f"{href}#{row['anchor']}"
            said = say.label(name) if kind == "family" else name
            views.append(View(href, said, kind, tuple(grouped[name])))
    return views


def _group(row: Row, kind: str) -> str:
    column = {"service": "service_name", "head": "head_of_service"}.get(kind, kind)
    return say.text(row[column])


def _place(family: str) -> tuple[int, str]:
    known = FAMILIES.index(family) if family in FAMILIES else len(FAMILIES)
    return known, family


def _address(kind: str, name: str, used: set[str]) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "none"
    href, again = f"scorecard-{kind}-{plain}.html", 1
    while href in used:
        again += 1
        href = f"scorecard-{kind}-{plain}-{again}.html"
    used.add(href)
    return href


def _worst_first(row: Row) -> tuple[int, int, str, str]:
    return (
        say.rag(row["rag"]).order,
        row["variation_sign"].order,
        say.text(row["title"]).casefold(),
        say.text(row["measure"]),
    )
