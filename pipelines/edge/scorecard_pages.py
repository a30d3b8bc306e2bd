"""The scorecard's pages: every measure, and one view per family, service and head of service.

A service's page has each of its measures in detail; the others lead there.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from pipelines.edge import page_parts as say
from pipelines.edge.drawings import drawn_once, key_of
from pipelines.edge.page_data import Download, PageData
from pipelines.edge.scorecard_rows import Row
from pipelines.edge.scorecard_views import KINDS, rag_counts

MOST_TILES = 60
MOST_ROWS = 3_000


def scorecard_pages(data: PageData, environment: Environment, css: Markup) -> dict[str, str]:
    """Render every page of the scorecard, by its name inside a reader's folder.

    Equal data give equal pages. A page with more than `MOST_TILES` measures has tiles of those
    that need a look, one with more than `MOST_ROWS` no table; it says so.
    """
    views = data.scorecard_views
    parts: Any = environment.get_template("scorecard_parts.html.j2").module
    tiles = {view.href: _tiles(view.rows) for view in views}
    tiled = {row["anchor"]: row for some in tiles.values() for row in some}
    fragments = {"tile": {anchor: parts.tile(row) for anchor, row in tiled.items()}}
    rows = data.measure_rows
    keys = [_key(row) for row in rows]
    for name, write in (("line", parts.line), ("detail", parts.detail)):
        own = [name.encode() + key for key in keys]
        written = drawn_once(data.drawings, own, _written(write, rows))
        # Written by the templates, which escape what they are given.
        fragments[name] = {
            row["anchor"]: Markup(text)  # noqa: S704
            for row, text in zip(rows, written, strict=True)
        }
    script = environment.get_template("sort.js").render()
    page = environment.get_template("scorecard.html.j2")
    groups = [
        (title, [view for view in views if view.kind == kind]) for kind, title in KINDS.items()
    ]
    counts = {view.href: rag_counts(list(view.rows)) for view in views}
    return {
        view.href: page.render(
            data=data,
            css=css,
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
            tiles=tiles[view.href],
            most_rows=MOST_ROWS,
        )
        for view in views
    }


COLUMNS = (
    "Measure", "Status", "Value", "Target", "Verdict", "Is the change real?",
    "Is the target in reach?", "At year’s end", "Direction", "Service", "Family",  # noqa: RUF001
)  # fmt: skip


def _written(write: Callable[[Row], str], rows: list[Row]) -> Callable[[list[int]], list[str]]:
    return lambda places: [write(rows[at]) for at in places]


_DRAWN = {"spark", "chart_svg", "figures"}


def _key(row: Row) -> bytes:
    """Hash all that a row says; its drawings are told by their own key."""
    return key_of([repr([(name, row[name]) for name in sorted(row.keys() - _DRAWN)])])


def needs_a_look(row: Row) -> bool:
    """Tell whether a measure is off target, or really getting worse."""
    return say.rag(row["rag"]).kind in {"red", "amber"} or row["variation_sign"].order == 0


def _tiles(rows: Sequence[Row]) -> list[Row]:
    few = len(rows) <= MOST_TILES
    return [row for row in rows if few or needs_a_look(row)][:MOST_TILES]
