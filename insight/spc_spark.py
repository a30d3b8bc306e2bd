"""A control chart the size of a word, as inline SVG: for tiles and the rows of a table.

Drawn as text, without a plotting library, so that ten thousand take seconds. The band is between
the limits of each segment, the line inside it the mean, the dashed line the latest target;
special causes have the shapes of `insight.spc_chart`: triangles for the better, squares for the
worse, diamonds where neither way is better. The last point is a dot.
"""

from collections.abc import Sequence
from html import escape

import numpy as np
import pandas as pd

from insight.spc_rules import Floats

_INK, _GREY, _BLUE, _ORANGE, _PALE = "#0b0c0c", "#505a5f", "#1d70b8", "#d4570a", "#e3e6e8"
_SHAPES = {
    "improvement": (_BLUE, "M{x} {up}l2.6 4.6h-5.2z"),
    "concern": (_ORANGE, "M{left} {high}h4.4v4.4h-4.4z"),
    "neutral": (_GREY, "M{x} {up}l2.6 2.8-2.6 2.8-2.6-2.8z"),
}


def control_spark(
    points: pd.DataFrame, *, alt: str = "", width: int = 120, height: int = 32
) -> str:
    """Draw the control chart of one series, small.

    Parameters
    ----------
    points
        Its rows of `insight.spc.Control.points`, in order; none where the chart was refused.
    alt
        What it shows in words; empty where the page says it beside it.
    width, height
        In pixels.

    Returns
    -------
    str
        An SVG element; empty without points. Gaps are closed up.
    """
    return control_sparks(
        points.assign(spark=0), ["spark"], alts={0: alt}, size=(width, height)
    ).get(0, "")


def control_sparks(
    points: pd.DataFrame,
    keys: Sequence[str],
    *,
    alts: dict[object, str] | None = None,
    size: tuple[int, int] = (120, 32),
) -> dict[object, str]:
    """Draw every series of `points` small.

    Parameters
    ----------
    points
        `insight.spc.Control.points`, in order.
    keys
        What tells series apart; the result's keys are tuples of them, or the one key itself.
    alts
        What each shows in words, by the same keys.
    size
        Width and height in pixels.
    """
    columns = ["charted", "mean", "lpl", "upl", "target", "segment"]
    numbers = points[columns].to_numpy(dtype="float64", na_value=np.nan)
    kinds = points["variation"].astype("object").to_numpy()
    by = keys[0] if len(keys) == 1 else list(keys)
    places = points.reset_index(drop=True).groupby(by, sort=False).indices
    said = alts or {}
    return {
        key: _spark(numbers[at], kinds[at], said.get(key, ""), *size) for key, at in places.items()
    }


def _spark(numbers: Floats, kinds: np.ndarray, alt: str, width: int, height: int) -> str:
    charted, mean, lower, upper, target, segment = numbers.T
    shown = numbers[:, :4].ravel()
    shown = np.append(shown[np.isfinite(shown)], target[-1:][np.isfinite(target[-1:])])
    low, high = float(shown.min()), float(shown.max())
    tall = (high - low) or 1.0

    def down(values: Floats) -> list[str]:
        return [f"{each:.1f}" for each in 4 + (high - values) / tall * (height - 8)]

    across = np.linspace(4, width - 5, len(charted)) if len(charted) > 1 else np.array([width / 2])
    x = [f"{each:.1f}" for each in across]
    y, m, lo, up = (down(line) for line in (charted, mean, lower, upper))
    drawn = []
    for number in np.unique(segment):
        at = np.flatnonzero((segment == number) & np.isfinite(upper))
        if len(at):
            band = [f"{x[i]},{up[i]}" for i in at] + [f"{x[i]},{lo[i]}" for i in at[::-1]]
            drawn.append(f'<polygon points="{" ".join(band)}" fill="{_PALE}"/>')
            middle = " ".join(f"{x[i]},{m[i]}" for i in at)
            drawn.append(f'<polyline points="{middle}" fill="none" stroke="{_GREY}"/>')
    if np.isfinite(target[-1]):
        aim = down(target[-1:])[0]
        drawn.append(f'<path d="M0 {aim}H{width}" stroke="{_INK}" stroke-dasharray="3 2"/>')
    line = " ".join(f"{a},{b}" for a, b in zip(x, y, strict=True))
    drawn.append(f'<polyline points="{line}" fill="none" stroke="{_INK}" stroke-width="1.2"/>')
    drawn.append(f'<circle cx="{x[-1]}" cy="{y[-1]}" r="2" fill="{_INK}"/>')
    for i, kind in enumerate(kinds):
        if isinstance(kind, str) and (shape := _SHAPES.get(kind.split()[0])):
            top = 4 + (high - charted[i]) / tall * (height - 8)
            path = shape[1].format(
                x=x[i],
                up=f"{top - 2.8:.1f}",
                left=f"{across[i] - 2.2:.1f}",
                high=f"{top - 2.2:.1f}",
            )
            drawn.append(f'<path d="{path}" fill="{shape[0]}" stroke="{_INK}" stroke-width=".6"/>')
    role = f'role="img" aria-label="{escape(alt)}"' if alt else 'aria-hidden="true"'
    return (
        f'<svg {role} class="spc-spark" xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">{"".join(drawn)}</svg>'
    )
