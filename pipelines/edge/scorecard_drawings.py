"""The drawings of every measure: control chart, sparkline and the table of its figures."""

import hashlib
from collections.abc import Mapping
from functools import cache
from html import escape

import numpy as np
import pandas as pd

from insight.rounding import written
from insight.spc_choice import Chart
from insight.spc_rules import Rule, Variation
from insight.spc_spark import control_sparks
from insight.spc_svg import control_drawings
from insight.spc_words import RULE_WORDS, VARIATION_WORDS
from pipelines.edge import page_parts as say
from pipelines.edge.drawings import Drawings, drawn_once, program
from pipelines.edge.page_words import capitalised

KEYS = ["measure", "service"]
_POINT_NUMBERS = ["value", "charted", "mean", "lpl", "upl", "target", "segment"]
_POINT_WORDS = ["period", "rule", "variation", "provisional"]
_PART = "\x1f"  # parts of one measure's drawings, kept together


def measure_drawings(
    frame: pd.DataFrame, points: pd.DataFrame, drawings: Drawings
) -> Mapping[tuple[str, str], tuple[bytes | str, ...]]:
    """Find or make the drawings of every measure that has points."""
    if points.empty:
        return {}
    texts = points.assign(**{name: points[name].astype("string") for name in KEYS})
    indices = texts.groupby(KEYS, sort=False).indices
    places = {(str(key[0]), str(key[1])): np.asarray(at) for key, at in indices.items()}  # type: ignore[index]
    named = frame.assign(**{name: frame[name].astype("string") for name in KEYS})
    order = list(places)
    own = named.drop_duplicates(KEYS).set_index(KEYS).reindex(pd.MultiIndex.from_tuples(order))
    hashes = dict(zip(order, _hashes(own, points, places), strict=True))

    def make(missing: list[int]) -> list[str]:
        wanted = [order[at] for at in missing]
        made = _made(own.loc[wanted].reset_index(names=KEYS), texts, wanted, places)
        return [_PART.join(each) for each in made]

    drawn = drawn_once(drawings, list(hashes.values()), make)
    return {key: (hashes[key], *text.split(_PART)) for key, text in zip(order, drawn, strict=True)}


def _hashes(
    own: pd.DataFrame, points: pd.DataFrame, places: Mapping[tuple[str, str], np.ndarray]
) -> list[bytes]:
    numbers = points[_POINT_NUMBERS].to_numpy(dtype="float64", na_value=np.nan)
    words = [points[name].astype("object").tolist() for name in _POINT_WORDS]
    shown = ["chart", "unit", "decimals", "frequency", "polarity", "alt"]
    said = list(zip(*(own[name].astype("object").tolist() for name in shown), strict=True))
    keys = []
    for at, about in zip(places.values(), said, strict=True):
        digest = hashlib.sha256(program() + repr(about).encode() + b"\0")
        digest.update(np.ascontiguousarray(numbers[at]).tobytes())
        begin, end = int(at[0]), int(at[-1]) + 1
        digest.update(repr([column[begin:end] for column in words]).encode())
        keys.append(digest.digest())
    return keys


def _made(
    own: pd.DataFrame,
    points: pd.DataFrame,
    missing: list[tuple[str, str]],
    places: Mapping[tuple[str, str], np.ndarray],
) -> list[tuple[str, str, str]]:
    chosen = points.iloc[np.concatenate([places[key] for key in missing])].reset_index(drop=True)
    # A target is for the figure, not for its change on last year.
    differenced = own["chart"].eq(Chart.DIFFERENCE).to_numpy()
    sizes = [len(places[key]) for key in missing]
    chosen["target"] = chosen["target"].mask(np.repeat(differenced, sizes))
    charts = control_drawings(chosen, own)
    sparks = control_sparks(chosen, KEYS)
    tables = _figure_rows(chosen, own)
    return [
        (sparks[key], chart, table)
        for key, chart, table in zip(missing, charts, tables, strict=True)
    ]


def _figure_rows(points: pd.DataFrame, own: pd.DataFrame) -> list[str]:
    """Write each measure's points as the rows of a table, newest first."""
    sizes = points.groupby(KEYS, sort=False).size().to_numpy()
    owner = np.repeat(np.arange(len(own)), sizes)
    units = own["unit"].to_numpy(object)[owner]
    places = own["decimals"].to_numpy(dtype="int64")[owner]
    clip = (units == "share") & (own["chart"].to_numpy(object) != Chart.DIFFERENCE)[owner]
    lines = points[["charted", "mean", "lpl", "upl", "target"]].astype("float64")
    ends = ["lpl", "upl"]
    lines.loc[clip, ends] = lines.loc[clip, ends].clip(0, 1)
    value, mean, low, high, target = (
        written(lines[name], units, places).fillna("–").tolist()  # noqa: RUF001
        for name in lines
    )
    when = [escape(say.period(key)) for key in points["period"].tolist()]
    rules = points["rule"].fillna("").tolist()
    signs = [_signal(kind, rule) for kind, rule in
             zip(points["variation"].astype("object").tolist(), rules, strict=True)]  # fmt: skip
    rows = [
        f'<tr><th scope="row">{a}</th><td>{b}</td><td>{c}</td><td>{d} to {e}</td><td>{f}</td>'
        f"<td>{g}</td></tr>"
        for a, b, c, d, e, f, g in zip(when, value, mean, low, high, target, signs, strict=True)
    ]
    cuts = np.cumsum(sizes).tolist()
    return [
        "\n".join(reversed(rows[end - size : end]))
        for end, size in zip(cuts, sizes.tolist(), strict=True)
    ]


@cache
def _signal(kind: str | None, rule: str) -> str:
    if not isinstance(kind, str):
        return "–"  # noqa: RUF001
    because = f" ({RULE_WORDS[Rule(rule)]})" if rule else ""
    return escape(capitalised(VARIATION_WORDS[Variation(kind)] + because))
