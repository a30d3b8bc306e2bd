"""Every measure of the scorecard as a row for its page: figures, words, signs and drawings."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd
from markupsafe import Markup

from insight.processes import Processes
from insight.rounding import written
from insight.scorecard import SCORECARD_COLUMNS
from insight.spc_choice import Chart
from insight.spc_icons import assurance_icon, variation_icon
from insight.spc_rules import Assurance, Variation
from insight.spc_words import ASSURANCE_WORDS, VARIATION_WORDS
from pipelines.edge import page_parts as say
from pipelines.edge.drawings import Drawings, Fresh
from pipelines.edge.page_words import capitalised
from pipelines.edge.scorecard_drawings import KEYS, measure_drawings

Row = dict[str, Any]
_PROCESS = (
    "chart", "why", "points", "mean", "lpl", "upl", "rule", "variation", "since", "assurance",
    "provisional", "verdict", "verdict_words", "colour_change", "colour_change_is_noise",
    "rebased_from", "old_variation", "old_assurance",
)  # fmt: skip
_YEAR = (
    "to_date", "to_date_lower", "to_date_upper", "to_date_target", "to_date_low", "to_date_high",
    "to_date_rag", "to_date_last_year", "year", "year_target", "year_low", "year_high", "forecast",
    "forecast_lower", "forecast_upper", "forecast_rag", "outlook", "forecast_note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """Every measure of a month, judged; the frames are in the order of `card`.

    Attributes
    ----------
    card
        `insight.scorecard.scorecard`.
    processes
        `insight.processes.processes`.
    year
        The columns of `insight.year_end.year_to_date` and of `year_end`.
    ledger
        Every recorded rebase: ``measure``, ``service``, ``period``, ``reason``, ``by``,
        ``recorded_on`` and ``old_status``.
    revisions
        What figures were before they changed: ``measure``, ``service``, ``period``, ``entry``,
        ``old_value``, ``new_value`` and ``revised_on``.
    """

    card: pd.DataFrame
    processes: Processes
    year: pd.DataFrame
    ledger: pd.DataFrame
    revisions: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=[*KEYS, "period"]))


def measure_rows(judged: Judged, drawings: Drawings | None = None) -> list[Row]:
    """Give every measure of `judged` with all that a page says of it, in the card's order.

    Beside the columns of the three frames a row has ``anchor``, ``rebases`` (its lines of the
    ledger), ``revisions`` (what its figure was before), ``variation_sign`` and
    ``assurance_sign``, and the drawings ``spark``, ``chart_svg`` and ``figures``, a table's rows,
    empty where there is no chart; ``drawing`` is their key.
    """
    frame = judged_frame(judged)
    alts = chart_words(frame, judged.processes.points)
    drawn = measure_drawings(frame.assign(alt=alts), judged.processes.points, drawings or Fresh())
    ledger = {key: say.records(rows) for key, rows in judged.ledger.groupby(KEYS)}
    revised = {key: say.records(rows) for key, rows in judged.revisions.groupby([*KEYS, "period"])}
    rows = say.records(frame)
    for row, anchor, alt in zip(rows, anchors(frame["measure"]), alts, strict=True):
        key = (str(row["measure"]), str(row["service"]))
        drawing, spark, chart, figures = drawn.get(key, (b"", "", "", ""))
        row |= {
            "anchor": anchor,
            "drawing": drawing,
            "alt": alt,
            "rebases": ledger.get(key, []),
            "revisions": revised.get((*key, str(row["period"])), []),
            "variation_sign": _variation(row["variation"]),
            "assurance_sign": _assurance(row["assurance"], str(row["polarity"])),
            "old_words": _old_words(row),
            # Drawn here, from numbers and escaped words.
            "spark": Markup(spark),  # noqa: S704
            "chart_svg": Markup(chart),  # noqa: S704
            "figures": Markup(figures),  # noqa: S704
        }
    return rows


def judged_frame(judged: Judged) -> pd.DataFrame:
    """Put card, process and year side by side, in the card's order."""
    parts = (
        (judged.card, SCORECARD_COLUMNS),
        (judged.processes.measures, _PROCESS),
        (judged.year, _YEAR),
    )
    return pd.concat(
        [frame.reset_index(drop=True).reindex(columns=list(columns)) for frame, columns in parts],
        axis="columns",
    )


def anchors(codes: pd.Series) -> list[str]:
    """Give each code an address on a page, no two alike.

    Examples
    --------
    >>> anchors(pd.Series(["PLAN SAT", "PLAN-SAT", "A&B"]))
    ['m-PLAN-SAT', 'm-PLAN-SAT-2', 'm-A-B']
    """
    plain = "m-" + codes.astype("string").str.replace(r"[^A-Za-z0-9]+", "-", regex=True)
    again = plain.groupby(plain).cumcount()
    return plain.where(again.eq(0), plain + "-" + (again + 1).astype("string")).tolist()


@dataclass(frozen=True, slots=True)
class Sign:
    """A small drawing and what it means."""

    icon: Markup
    words: str
    order: int


@cache
def _variation(variation: str | None) -> Sign:
    icon = Markup(variation_icon(variation, words=False))  # noqa: S704
    if variation is None:
        return Sign(icon, "No control chart", 4)
    kind = Variation(variation)
    order = {"concern": 0, "improvement": 1, "neutral": 2, "common": 3}[str(kind).split()[0]]
    return Sign(icon, capitalised(VARIATION_WORDS[kind]), order)


@cache
def _assurance(assurance: str | None, polarity: str) -> Sign:
    icon = Markup(assurance_icon(assurance, polarity=polarity, words=False))  # noqa: S704
    if assurance is None:
        return Sign(icon, "Reach of the target not known", 3)
    kind = Assurance(assurance)
    order = {Assurance.FAIL: 0, Assurance.INCONSISTENT: 1, Assurance.PASS: 2}[kind]
    return Sign(icon, capitalised(ASSURANCE_WORDS[kind]), order)


def _old_words(row: Row) -> str:
    """Say what the chart would say without its last rebase; nothing where there is none."""
    if row["rebased_from"] is None:
        return ""
    told = []
    if row["old_variation"] is not None:
        told.append(VARIATION_WORDS[Variation(row["old_variation"])])
    if row["old_assurance"] is not None:
        told.append(ASSURANCE_WORDS[Assurance(row["old_assurance"])])
    return "; ".join(told) or "no control chart"


def chart_words(frame: pd.DataFrame, points: pd.DataFrame) -> list[str]:
    """Say in a sentence or two what each measure's chart shows; nothing where there is none.

    Examples
    --------
    >>> frame = pd.DataFrame({"measure": ["M1"], "service": ["bins"], "chart": ["XmR chart"],
    ...     "unit": ["days"], "decimals": [0], "mean": [20.0], "lpl": [15.2], "upl": [24.8],
    ...     "variation": ["common cause"], "provisional": [False]})
    >>> points = pd.DataFrame({"measure": "M1", "service": "bins",
    ...     "period": ["2026-09", "2026-10"], "charted": [19.0, 21.0]})
    >>> chart_words(frame, points)
    ['XmR chart of 2 points, September 2026 to October 2026. Mean 20 days, limits 15 days to \
25 days. Latest 21 days in October 2026: no real change.']
    """
    by = points.groupby(KEYS, sort=False)
    ends = by.agg(
        count=("period", "size"),
        first=("period", "first"),
        last=("period", "last"),
        latest=("charted", "last"),
    )
    wanted = pd.MultiIndex.from_frame(frame[KEYS].astype("string"))
    found = ends.reindex(wanted).reset_index(drop=True)
    said = {
        name: written(values.reset_index(drop=True), frame["unit"].to_numpy(),
                      frame["decimals"].to_numpy(dtype="int64"))
        for name, values in (
            ("mean", frame["mean"]), ("low", _clipped(frame, "lpl")),
            ("high", _clipped(frame, "upl")), ("latest", found["latest"]),
        )
    }  # fmt: skip
    words = []
    for row in say.records(
        found.drop(columns="latest").assign(
            **said,
            chart=frame["chart"].to_numpy(),
            variation=frame["variation"].to_numpy(),
            few=frame["provisional"].to_numpy(),
        )
    ):
        if row["count"] is None:
            words.append("")
            continue
        few = ", provisional" if row["few"] else ""
        lines = (
            f"Mean {row['mean']}, limits {row['low']} to {row['high']}{few}. "
            if row["mean"] is not None and row["low"] is not None
            else "Mean and limits not yet known. "
        )
        kind = row["variation"]
        meaning = f": {VARIATION_WORDS[Variation(kind)]}" if kind is not None else ""
        words.append(
            f"{row['chart']} of {say.plural(row['count'], 'point')}, {say.period(row['first'])} to "
            f"{say.period(row['last'])}. {lines}Latest {row['latest']} in "
            f"{say.period(row['last'])}{meaning}."
        )
    return words


def _clipped(frame: pd.DataFrame, name: str) -> pd.Series:
    share = frame["unit"].eq("share") & frame["chart"].ne(Chart.DIFFERENCE)
    return frame[name].astype("float64").mask(share, frame[name].astype("float64").clip(0, 1))
