"""The wardens' A4 sheet as a PDF, set by Typst, readable in black and white."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipelines.edge.place_map import PlaceMap

# Equal sheets must be equal files.
MADE_AT = datetime(2000, 1, 1, tzinfo=UTC)


def sheet_pdf(sheet: Mapping[str, Any]) -> bytes:
    """Set the sheet.

    Parameters
    ----------
    sheet
        Plain values for ``patrol-sheet.typ``: ``title``, ``council``, ``summary``, ``map`` (SVG
        or None), ``map_words``, ``closer`` (``map`` and ``words``), ``legend``, ``times``,
        ``places`` (``number``, ``place``, ``ward``, ``word``, ``reason``), ``turns`` (``number``,
        ``place``, ``reason``), ``shifts`` (``title``
        and ``rows`` of ``number`` and ``place``), ``notes`` and ``footer``.

    Returns
    -------
    bytes
        PDF/UA-1, tagged; the same values give the same bytes.
    """
    import typst

    template = (files("pipelines.edge") / "templates" / "patrol-sheet.typ").read_bytes()
    pdf: bytes = typst.compile(  # type: ignore[misc]  # its stub wants a type of its own
        template,
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
        font_paths=[_fonts()],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=MADE_AT,
    )
    return pdf


def _fonts() -> Path:
    """Return matplotlib's folder of fonts: DejaVu Sans comes with it, on every machine alike."""
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


def map_svg(drawing: PlaceMap) -> str:
    """Write a map of numbered places (`place_map`) as one SVG in black and white."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width:g} '
        f'{drawing.height + 30:g}" font-family="DejaVu Sans">'
    ]
    if drawing.grid:
        parts.append(f'<path d="{drawing.grid}" fill="none" stroke="#bbb" stroke-width="0.6"/>')
    parts += [
        f'<text x="{x:g}" y="{y:g}" font-size="11" fill="#333" '
        f'text-anchor="middle">{figures}</text>'
        for figures, x, y in drawing.grid_labels
    ]
    if drawing.streets:
        parts.append(f'<path d="{drawing.streets}" fill="none" stroke="#999" stroke-width="0.7"/>')
    parts += [
        f'<path d="{path}" fill="none" stroke="#555" stroke-width="1.4" stroke-dasharray="5 3"/>'
        for path in drawing.outlines
    ]
    for lines, x, y in drawing.names:
        for at, line in enumerate(lines):
            parts.append(
                f'<text x="{x:g}" y="{y + 12 * at:g}" font-size="11" font-style="italic" '
                f'fill="#333" text-anchor="middle">{escape(line)}</text>'
            )
    for pin in reversed(drawing.pins):
        parts.append(
            f'<rect x="{pin.x - pin.width / 2:g}" y="{pin.y - 13:g}" width="{pin.width:g}" '
            'height="26" rx="13" fill="#fff" stroke="#000" stroke-width="2.5"/>'
            f'<text x="{pin.x:g}" y="{pin.y + 5.5:g}" font-size="15" font-weight="bold" '
            f'text-anchor="middle">{escape(pin.numbers)}</text>'
        )
    right, foot = drawing.width - 28, drawing.height
    parts += [
        f'<path d="M28 {foot:g}v6h{drawing.bar_length:g}v-6" fill="none" stroke="#000"/>',
        f'<text x="28" y="{foot + 22:g}" font-size="12">{escape(drawing.bar_words)}</text>',
        f'<path d="M{right:g} {foot + 8:g}v-30m-6 9l6 -9l6 9" fill="none" stroke="#000"/>',
        f'<text x="{right:g}" y="{foot + 22:g}" font-size="12" text-anchor="middle">N</text>',
        "</svg>",
    ]
    return "".join(parts)
