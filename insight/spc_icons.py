"""Small drawings of variation and assurance, our own, each with its words.

A variation's is a line of points in a square: level and hollow for no real change, else stepping
up or down, with a tick for the better, an exclamation mark for the worse and neither where neither
way is better. An assurance's is a band, the process, and a dashed line, the target: the band wholly
on the good side with a tick, wholly on the wrong side with a cross, or across the line.
"""

from html import escape

from insight.spc_rules import Assurance, Variation
from insight.spc_words import ASSURANCE_WORDS, VARIATION_WORDS

_INK = "#0b0c0c"
_BETTER, _WORSE, _NEUTRAL = "#cfe3f4", "#f9d9c3", "#e6e9eb"
_TICK = '<path d="M{x} {y}l3 3.5 6-7.5" fill="none" stroke-width="2.4"/>'
_CROSS = '<path d="M{x} {y}m0-4l7 8m0-8l-7 8" fill="none" stroke-width="2.4"/>'
_MARK = '<path d="M{x} {y}m4-5v6" stroke-width="2.6"/><circle cx="{dot}" cy="{low}" r="1.5" fill="#0b0c0c" stroke="none"/>'  # noqa: E501


def variation_icon(variation: str | None, *, size: int = 28, words: bool = True) -> str:
    """Draw a variation as inline SVG.

    Parameters
    ----------
    variation
        A word of `Variation`; None where there is no chart.
    size
        Its height and width in pixels.
    words
        Whether it says itself to those who can't see it; not where the page says it beside it.
    """
    if variation is None:
        return _svg("none", "no control chart", _dash(), size, words)
    kind = Variation(variation)
    fill = {"improvement": _BETTER, "concern": _WORSE}.get(str(kind).split()[0], _NEUTRAL)
    if kind is Variation.COMMON:
        inside = _points([(5, 17), (10, 14), (16, 18), (21, 14), (27, 16)], "white")
        return _svg("common", VARIATION_WORDS[kind], inside, size, words)
    high = str(kind).endswith("high")
    steps = [(6, 24), (12, 25), (18, 22), (23, 15), (27, 8)]
    inside = _points(steps if high else [(x, 32 - y) for x, y in steps], _INK)
    spot = {"x": 5, "y": 9 if high else 23}
    if str(kind).startswith("improvement"):
        inside += _TICK.format(**spot)
    elif str(kind).startswith("concern"):
        inside += _MARK.format(**spot, dot=9, low=14 if high else 28)
    return _svg(str(kind).replace(" ", "-"), VARIATION_WORDS[kind], inside, size, words, fill)


def assurance_icon(
    assurance: str | None, *, polarity: str = "higher", size: int = 28, words: bool = True
) -> str:
    """Draw an assurance as inline SVG.

    Parameters
    ----------
    assurance
        A word of `Assurance`; None where there is none.
    polarity
        With "lower" the good side of the target is below it.
    size, words
        As for `variation_icon`.
    """
    if assurance is None:
        return _svg("none", "no assurance", _dash(), size, words)
    kind = Assurance(assurance)
    above = (kind is Assurance.PASS) == (polarity != "lower")
    band, line = {True: (5, 22), False: (20, 11)}[above]
    if kind is Assurance.INCONSISTENT:
        band, line = 9, 16
    tall = 14 if kind is Assurance.INCONSISTENT else 8
    fill = {Assurance.PASS: _BETTER, Assurance.FAIL: _WORSE}.get(kind, _NEUTRAL)
    inside = f'<rect x="4" y="{band}" width="24" height="{tall}" fill="white"/>'
    inside += f'<path d="M3 {line}h26" stroke-width="2.2" stroke-dasharray="4 2.5"/>'
    at = {"x": 12, "y": band + 4}
    if kind is not Assurance.INCONSISTENT:
        inside += (_TICK if kind is Assurance.PASS else _CROSS).format(**at)
    return _svg(kind.value, ASSURANCE_WORDS[kind], inside, size, words, fill)


def _dash() -> str:
    return '<path d="M10 16h12" stroke-width="2.4"/>'


def _points(places: list[tuple[int, int]], fill: str) -> str:
    line = " ".join(f"{x},{y}" for x, y in places)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="2.2" fill="{fill}"/>' for x, y in places)
    return f'<polyline points="{line}" fill="none"/>{dots}'


def _svg(name: str, said: str, inside: str, size: int, words: bool, fill: str = "white") -> str:
    spoken = f'role="img" aria-label="{escape(said)}"' if words else 'aria-hidden="true"'
    title = f"<title>{escape(said)}</title>" if words else ""
    return (
        f'<svg {spoken} class="spc-icon spc-{name}" xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 32 32" width="{size}" height="{size}">{title}'
        f'<g stroke="{_INK}" stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round">'
        f'<rect x="1" y="1" width="30" height="30" rx="5" fill="{fill}"/>{inside}</g></svg>'
    )
