"""Control charts as SVG text, many at once: ten thousand take seconds.

What `insight.spc_chart` draws with matplotlib, for pages that hold every measure: the same lines,
the same shapes for the same kinds of point, and the same words.
"""

from collections.abc import Sequence
from html import escape

import numpy as np
import pandas as pd

from insight.chart_parts import BLUE, GREY, INK, MOST_LABELS
from insight.rounding import written
from insight.spc_axes import Axis, period_labels, period_places, value_axes
from insight.spc_chart import MARKS, ORANGE
from insight.spc_choice import Chart
from insight.spc_rules import Floats, Words

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 580, 16, 226
_PALE = "#b9c0c6"
_GAP = 16.0  # between the words at the lines' ends
_LETTER = 8.0  # width of one, about
_COLUMNS = ["charted", "mean", "lpl", "upl", "target"]
# A path for each kind of point, moved to where it is.
_DOT = "m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0"
_SHAPES = {
    "improvement high": "m0-5l5 9h-10z",
    "improvement low": "m0 5l5-9h-10z",
    "concern high": "m0-5.6l5.6 5.6-5.6 5.6-5.6-5.6z",
    "concern low": "m-4.2-4.2h8.4v8.4h-8.4z",
    "neutral high": "m-1.6-5h3.2v3.4h3.4v3.2h-3.4v3.4h-3.2v-3.4h-3.4v-3.2h3.4z",
    "neutral low": "m0-2.4l2.8-2.8 2.4 2.4-2.8 2.8 2.8 2.8-2.4 2.4-2.8-2.8-2.8 2.8-2.4-2.4 "
    "2.8-2.8-2.8-2.8 2.4-2.4z",
}
_BETTER = {"higher": "Higher is better.", "lower": "Lower is better."}


def control_drawings(
    points: pd.DataFrame, series: pd.DataFrame, *, keys: Sequence[str] = ("measure", "service")
) -> list[str]:
    """Draw control charts.

    Parameters
    ----------
    points
        `insight.spc.Control.points`, those of a series together and in order.
    series
        One row for each series of `points`, in their order: `keys`, ``chart``, ``unit``,
        ``decimals``, ``frequency``, ``polarity`` and ``alt``, what the chart shows in words.
    keys
        What tells series apart.

    Returns
    -------
    list of str
        An SVG element for each row of `series`. Limits of a share are drawn within 0% and
        100%, those of what is never below nought from nought.
    """
    if series.empty:
        return []
    owner = pd.MultiIndex.from_frame(series[list(keys)].astype("string")).get_indexer(
        pd.MultiIndex.from_frame(points[list(keys)].astype("string"))
    )
    starts = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
    units, charts = series["unit"].to_numpy(object), series["chart"].to_numpy(object)
    differenced = charts == Chart.DIFFERENCE
    lines = within_units(points, owner, starts, units, differenced)
    places, numbers, step = period_places(points["period"], series["frequency"], owner, starts)
    axes = value_axes(lines, owner, starts, units)
    across = LEFT + 12 + (RIGHT - LEFT - 24) * places
    height = (BOTTOM - TOP) / (axes.high - axes.low)
    down = BOTTOM - (lines - axes.low[owner, None]) * height[owner, None]
    ends = np.append(starts[1:], len(owner))
    last = pd.DataFrame(lines[ends - 1], columns=_COLUMNS)
    said = {
        name: written(last[name], units, series["decimals"].to_numpy()).astype(object).to_numpy()
        for name in _COLUMNS[1:]
    }
    kinds = points["variation"].astype("object").to_numpy()
    segment = points["segment"].to_numpy(dtype="int64")
    few = points["provisional"].eq(True).to_numpy()
    drawn = []
    for at, (begin, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        own = slice(begin, end)
        parts = [_grid(axes, at, height[at]), _months(numbers[own], across[own], int(step[at]))]
        parts += _lines(
            across[own], down[own], segment[own], few[own],
            stepped=charts[at] not in (Chart.XMR, Chart.DIFFERENCE),
        )  # fmt: skip
        aimed = not differenced[at] and np.isfinite(down[own, 4]).any()
        if aimed:
            parts.append(_target(across[own], down[own, 4]))
        marks, key = _marks(across[own], down[own, 0], kinds[own])
        parts += marks
        words = {name: said[name][at] for name in _COLUMNS[1:] if name != "target" or aimed}
        parts.append(_ends(down[end - 1], words))
        below = " ".join(
            part
            for part in (
                "Change on the same period last year." if differenced[at] else "",
                _BETTER.get(str(series["polarity"].iloc[at]), ""),
            )
            if part
        )
        parts.append(_key(key, below, target=bool(aimed), few=bool(few[own].any())))
        drawn.append(_svg(str(series["alt"].iloc[at]), "".join(parts)))
    return drawn


def within_units(
    points: pd.DataFrame, owner: np.ndarray, starts: np.ndarray, units: Words, differenced: Words
) -> Floats:
    """Give the numbers to draw, a column for each of charted, mean, limits and target."""
    lines: Floats = points[_COLUMNS].to_numpy(dtype="float64", na_value=np.nan)
    lowest = np.fmin.reduceat(lines[:, 0], starts)
    floor = np.where((lowest >= 0) & ~differenced, 0.0, -np.inf)
    ceiling = np.where((units == "share") & ~differenced, 1.0, np.inf)
    lines[:, 2] = np.maximum(lines[:, 2], floor[owner])
    lines[:, 3] = np.minimum(lines[:, 3], ceiling[owner])
    return lines


def _grid(axes: Axis, at: int, height: float) -> str:
    drawn = []
    for level, words in zip(axes.ticks[at], axes.words[at], strict=True):
        y = f"{BOTTOM - (level - axes.low[at]) * height:.1f}"
        drawn.append(f'<path d="M{LEFT} {y}H{RIGHT}"/>')
        drawn.append(f'<text x="{LEFT - 6}" y="{y}" dy="4" text-anchor="end">{words}</text>')
    return f'<g class="g">{"".join(drawn)}</g>'


def _months(numbers: np.ndarray, across: Floats, step: int) -> str:
    count = int(numbers[-1] - numbers[0]) + 1
    stride = -(-count // MOST_LABELS)
    shown = range((count - 1) % stride, count, stride)
    wide = (across[-1] - across[0]) / max(count - 1, 1)
    drawn = [f'<path d="M{LEFT} {BOTTOM}H{RIGHT}"/>']
    for place, (name, year) in zip(
        shown, period_labels([int(numbers[0]) + place for place in shown], step), strict=True
    ):
        x = f"{across[0] + wide * place:.1f}"
        drawn.append(f'<text x="{x}" y="{BOTTOM + 16}" text-anchor="middle">{name}</text>')
        if year:
            drawn.append(f'<text x="{x}" y="{BOTTOM + 30}" text-anchor="middle">{year}</text>')
    return f'<g class="a">{"".join(drawn)}</g>'


def _lines(
    across: Floats, down: Floats, segment: np.ndarray, few: np.ndarray, *, stepped: bool
) -> list[str]:
    """Draw mean and limits, broken where a segment begins, and the line of the figures."""
    cuts = np.flatnonzero(np.append(True, segment[1:] != segment[:-1])).tolist()
    drawn = []
    for place, begin in enumerate(cuts):
        end = cuts[place + 1] if place + 1 < len(cuts) else len(segment)
        left = (across[begin - 1] + across[begin]) / 2 if begin else LEFT
        right = (across[end - 1] + across[end]) / 2 if end < len(segment) else RIGHT
        if begin:
            drawn.append(
                f'<path class="r" d="M{left:.1f} {TOP}V{BOTTOM}"/>'
                f'<text class="e" x="{left:.1f}" y="{TOP - 4}" text-anchor="middle">rebased</text>'
            )
        if not np.isfinite(down[begin:end, 1]).any():
            continue
        middles = (across[begin : end - 1] + across[begin + 1 : end]) / 2
        for column, name in ((2, "l"), (3, "l"), (1, "m")):
            path = _level(down[begin:end, column], middles, left, right, stepped=stepped)
            drawn.append(f'<path class="{name}{" q" if few[begin] and name == "l" else ""}" {path}')
    known = " ".join(
        f"{x:.1f},{y:.1f}" for x, y in zip(across.tolist(), down[:, 0].tolist(), strict=True)
    )
    drawn.append(f'<polyline class="v" points="{known}"/>')
    return drawn


def _level(levels: Floats, middles: Floats, left: float, right: float, *, stepped: bool) -> str:
    here = float(levels[np.isfinite(levels)][0])
    path = f"M{left:.1f} {here:.1f}"
    if stepped:
        for x, y in zip(middles.tolist(), levels[1:].tolist(), strict=True):
            if abs(y - here) > 0.05:
                path, here = f"{path}H{x:.1f}V{y:.1f}", y
    return f'd="{path}H{right:.1f}"/>'


def _target(across: Floats, levels: Floats) -> str:
    """Draw the target where there is one, level from one change to the next."""
    known = np.flatnonzero(np.isfinite(levels))
    path, here = f"M{max(across[known[0]] - 6, LEFT):.1f} {levels[known[0]]:.1f}", levels[known[0]]
    for at in known[1:].tolist():
        if abs(levels[at] - here) > 0.05:
            path += f"H{(across[at - 1] + across[at]) / 2:.1f}V{levels[at]:.1f}"
            here = levels[at]
    return f'<path class="t" d="{path}H{RIGHT}"/>'


def _marks(across: Floats, levels: Floats, kinds: Words) -> tuple[list[str], list[str]]:
    plain: list[str] = []
    special: dict[str, list[str]] = {}
    for x, y, kind in zip(across.tolist(), levels.tolist(), kinds.tolist(), strict=True):
        if isinstance(kind, str) and kind in _SHAPES:
            special.setdefault(kind, []).append(f"M{x:.1f} {y:.1f}{_SHAPES[kind]}")
        else:
            plain.append(f"M{x:.1f} {y:.1f}{_DOT}")
    drawn = [f'<path class="o" d="{"".join(plain)}"/>'] if plain else []
    for kind, paths in special.items():
        drawn.append(f'<path class="s {kind.split()[0]}" d="{"".join(paths)}"/>')
    return drawn, ([""] if plain else []) + [kind for kind in _SHAPES if kind in special]


def _ends(levels: Floats, words: dict[str, str]) -> str:
    """Write the latest lines' figures beside their ends, apart from each other."""
    names = {"upl": "upper limit", "mean": "mean", "lpl": "lower limit", "target": "target"}
    wanted = sorted(
        (float(levels[_COLUMNS.index(name)]), f"{names[name]} {escape(said)}")
        for name, said in words.items()
        if isinstance(said, str)
    )
    drawn, before = [], -np.inf
    slack = TOP - 6 + _GAP * len(wanted)
    heights = [min(y, BOTTOM + 6 + _GAP) for y, _ in wanted]
    for place, (_, said) in enumerate(wanted):
        room = BOTTOM + 8 - _GAP * (len(wanted) - 1 - place)
        y = max(min(heights[place], room), before + _GAP, min(TOP, slack))
        before = y
        drawn.append(f'<text x="{RIGHT + 6}" y="{y:.1f}" dy="4">{said}</text>')
    return f'<g class="e">{"".join(drawn)}</g>'


def _key(kinds: list[str], below: str, *, target: bool, few: bool) -> str:
    """Name each line and shape that is drawn, and say which way is better."""
    line = "limits, provisional" if few else "limits"
    items = [('<path class="m" d="M0 0h18"/>', "mean")]
    items.append((f'<path class="l{" q" if few else ""}" d="M0 0h18"/>', line))
    if target:
        items.append(('<path class="t" d="M0 0h18"/>', "target"))
    for kind in kinds:
        shape = _SHAPES.get(kind, _DOT)
        named = MARKS[kind][2].replace("Real change", "real change") if kind else "no real change"
        drawn = f'<path class="{"s " + kind.split()[0] if kind else "o"}" d="M9 0{shape}"/>'
        items.append((drawn, named))
    x, y, drawn_items = float(LEFT), BOTTOM + 48.0, []
    for drawn, words in items:
        wide = 24 + _LETTER * len(words) + 16
        if x + wide > WIDTH and x > LEFT:
            x, y = float(LEFT), y + 18
        drawn_items.append(
            f'<g transform="translate({x:.0f} {y:.0f})">{drawn}'
            f'<text x="24" dy="4">{words}</text></g>'
        )
        x += wide
    told = f'<text x="{LEFT}" y="{y + 19:.0f}">{below}</text>' if below else ""
    return f'<g class="k">{"".join(drawn_items)}{told}</g>'


def _svg(alt: str, inside: str) -> str:
    return (
        f'<svg class="control" role="img" aria-label="{escape(alt)}" '
        f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT + 20}">{inside}</svg>'
    )


STYLE = f"""\
.control {{ font: 14px "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: {INK}; }}
.control path, .control polyline {{ fill: none; stroke: {INK}; }}
.control .g path {{ stroke: #dcdfe1; }} .control .g text, .control .a text {{ fill: {GREY}; }}
.control .a path, .control .l {{ stroke: {GREY}; stroke-width: 1.2; }}
.control .m {{ stroke-width: 1.8; }} .control .v {{ stroke: {GREY}; }}
.control .q {{ stroke-dasharray: 4 3; }}
.control .t {{ stroke-width: 2; stroke-dasharray: 9 3 2 3; }}
.control .r {{ stroke: {GREY}; stroke-dasharray: 1 3; }} .control .e {{ font-size: 13px; }}
.control .o {{ fill: #fff; stroke-width: 1.1; }}
.control .s {{ stroke-width: .8; }} .control .improvement {{ fill: {BLUE}; }}
.control .concern {{ fill: {ORANGE}; }} .control .neutral {{ fill: {_PALE}; }}
"""
"""How the drawings look, for the page that they stand on: once, not in each."""
