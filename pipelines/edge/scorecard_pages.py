"""The scorecard's pages: every measure, and one view per family, service and head of service.

A service's page has each of its measures in detail; the others lead there.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from jinja2 import Environment
from markupsafe import Markup

from insight.spc_svg import STYLE
from pipelines.edge import page_parts as say
from pipelines.edge.page_data import Download, PageData
from pipelines.edge.page_views import FAMILIES, rag_counts
from pipelines.edge.scorecard_rows import Row

FIRST = "scorecard.html"
MOST_TILES = 60
MOST_ROWS = 3_000
_KINDS = {"family": "Families of measures", "service": "Services", "head": "Heads of service"}


@dataclass(frozen=True, slots=True)
class View:
    """Some of the measures: their page's address, what they have in common, and its kind."""

    href: str
    name: str
    kind: str
    rows: tuple[Row, ...]


def scorecard_pages(data: PageData, environment: Environment, css: str) -> dict[str, str]:
    """Render every page of the scorecard, by its name inside a reader's folder.

    Equal data give equal pages. A page with more than `MOST_TILES` measures has tiles of those
    that need a look, one with more than `MOST_ROWS` no table; it says so.
    """
    views = scorecard_views(data)
    service_hrefs = {view.name: view.href for view in views if view.kind == "service"}
    parts = environment.get_template("scorecard_parts.html.j2").module
    for row in data.measure_rows:
        row["service_name"] = data.name(say.text(row["service"]))
        row["href"] = f"{service_hrefs[row['service_name']]}#{row['anchor']}"
    fragments = {
        name: {row["anchor"]: Markup(getattr(parts, name)(row)) for row in data.measure_rows}  # noqa: S704
        for name in ("tile", "line", "detail")
    }
    script = environment.get_template("sort.js").render()
    page = environment.get_template("scorecard.html.j2")
    groups = [
        (title, [view for view in views if view.kind == kind]) for kind, title in _KINDS.items()
    ]
    counts = {view.href: rag_counts(list(view.rows)) for view in views}
    return {
        view.href: page.render(
            data=data,
            css=Markup(str(css) + environment.get_template("scorecard.css").render() + STYLE),  # noqa: S704
            script=Markup(script),  # noqa: S704
            script_hash=b64encode(sha256(script.encode()).digest()).decode(),
            audience="scorecard",
            title="Scorecard" if view.kind == "all" else f"Scorecard: {view.name}",
            downloads=[Download("scorecard", "scorecard.xlsx", "Scorecard workbook", "Excel")],
            meanings=[],
            view=view,
            groups=groups,
            counts=counts,
            columns=COLUMNS,
            fragments=fragments,
            tiles=_tiles(view.rows),
            most_rows=MOST_ROWS,
        )
        for view in views
    }


COLUMNS = (
    "Measure", "Service", "Family", "Status", "Value", "Target", "Direction", "Is the change real?",
    "Is the target in reach?", "Year’s end", "Verdict",  # noqa: RUF001
)  # fmt: skip


def scorecard_views(data: PageData) -> list[View]:
    """Group the measures: all of them first, then by family, service and head of service."""
    rows = sorted(data.measure_rows, key=_worst_first)
    views = [View(FIRST, "Every measure", "all", tuple(rows))]
    used = {FIRST}
    for kind in _KINDS:
        names = {name for row in rows for name in [_group(row, kind, data)] if name}
        for name in sorted(names, key=_place if kind == "family" else str.casefold):
            own = tuple(row for row in rows if _group(row, kind, data) == name)
            href = _address(kind, name, used)
            views.append(View(href, say.label(name) if kind == "family" else name, kind, own))
    return views


def _group(row: Row, kind: str, data: PageData) -> str:
    if kind == "service":
        return data.name(say.text(row["service"]))
    return say.text(row["head_of_service" if kind == "head" else "family"])


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


def needs_a_look(row: Row) -> bool:
    """Tell whether a measure is off target, or really getting worse."""
    return say.rag(row["rag"]).kind in {"red", "amber"} or row["variation_sign"].order == 0


def _tiles(rows: Sequence[Row]) -> list[Row]:
    few = len(rows) <= MOST_TILES
    return [row for row in rows if few or needs_a_look(row)][:MOST_TILES]
