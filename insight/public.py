"""What the public may see of a quarter: decided once, when a person releases it.

Each published measure has one figure in a release: its quarter's, or of an annual measure its
year's. It is shown whole (value, interval, base, colour, direction) or not at all, and no public
output decides again. A reader keeps every release, so a figure that one withheld stays withheld
in the next, and one that was shown is never counted on as a cover.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from insight.periods import Frequency, months_of, parse_period, period_title, year_key
from insight.rag import Rag
from insight.rounding import written
from insight.suppression import THRESHOLD, WITHHELD, withheld


class Decision(StrEnum):
    """What becomes of a measure in a release."""

    PUBLISHED = "published"
    SUPPRESSED = "suppressed"
    HELD_BACK = "held back"
    AWAITED = "awaited"


@dataclass(frozen=True, slots=True)
class PublicView:
    """What the public sees: the last quarter's figures, and those that the trends are made of.

    Parameters
    ----------
    quarter
        The last quarter that committee had and a person released; none where there isn't one yet.
    released_by
        Who released it.
    figures
        What was decided of each published measure in that release.
    trend
        The same of that release and those before it, one row a measure and period.
    """

    quarter: str | None
    released_by: str
    figures: pd.DataFrame
    trend: pd.DataFrame


# The same words for a small number and for its cover: to tell them apart would bound both.
SUPPRESSED_WORDS = (
    "So few people are behind it, or behind a figure it could be compared with, that somebody "
    "might be recognised."
)
NO_BASE_WORDS = "It could point at people, and how many records are behind it has not been said."
AWAITED_WORDS = "No figure has been sent in yet."
PUBLISHED_WORDS = "Released."
AWAITED_MARK, HELD_BACK_MARK = "[x]", "[w]"
CELL = ("figure", "figure_service", "breakdown", "aggregation", "accumulation", "period")
NUMBERS = ("value", "numerator", "denominator", "lower", "upper", "base")
BESIDE = ("direction", "change_within_interval")
KEY = ("measure", "service", "period")
_COUNTS = ("numerator", "denominator", "base")
_ADDS_UP = ("sum", "ratio of sums")


def public_decisions(
    card: pd.DataFrame,
    before: pd.DataFrame,
    *,
    threshold: int = THRESHOLD,
    held_back: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Decide what a release shows.

    Parameters
    ----------
    card
        One row a published measure: `KEY`, `CELL`, `NUMBERS`, ``unit``, ``disclosive``, ``rag``,
        ``status``, `BESIDE` and ``previous_period``.
    before
        What earlier releases decided, newest last: `KEY`, `CELL`, `NUMBERS` (now, where they are
        known; else as published), ``unit``, ``disclosive``, ``decision`` and ``published_value``.
    threshold
        Counts from 1 to below it are withheld.
    held_back
        Reason by measure, where a person keeps one back.

    Returns
    -------
    pandas.DataFrame
        `card` with ``decision`` and ``reason``; what isn't published has neither numbers nor
        colour nor direction. ``status`` is ``revised`` where another value was published before.

    Notes
    -----
    Cells are the figures themselves, whichever measures show them: services add up to all of them,
    breakdowns to the whole, quarters to the year (`insight.suppression`). A direction says how two
    figures compare, so it is shown only where both are.
    """
    kept = dict(held_back or {})
    held = card["measure"].isin(kept)
    stored = card["status"].eq(Rag.SUPPRESSED).fillna(False).astype(bool) & ~held
    awaited = card["value"].isna() & ~held & ~stored
    of_card = card.assign(decision=None, published_value=np.nan)
    rows = pd.concat([before, of_card[~held & ~awaited & ~stored]], ignore_index=True)
    rows = _with_counts(rows)
    cells = _cells(rows)
    cells["unknown"] = cells["disclosive"] & cells[list(_COUNTS)].isna().all(axis="columns")
    cells["hidden_before"] |= cells["unknown"] & ~cells["shown_before"]
    cells["hidden_before"] |= _small_additions(rows, threshold).reindex(cells.index).eq(True)
    # What is public as it is can't be hidden any more; what was revised since can.
    open_already = cells["shown_before"] & ~cells["revised"]
    figures = cells.reset_index()
    flags = cells.reset_index(drop=True)
    covered = ~open_already.reset_index(drop=True)
    figures["measure"] = figures["figure"] + "|" + figures["aggregation"]
    figures["measure"] += "|" + figures["accumulation"]
    hide = withheld(
        figures.rename(columns={"figure_service": "service"}),
        disclosive=flags["disclosive"] & covered,
        threshold=threshold,
        adds_up=figures["aggregation"].isin(_ADDS_UP) & figures["accumulation"].eq("in period"),
        hidden_before=flags["hidden_before"] & covered,
        shown_before=flags["shown_before"],
    )
    at = pd.MultiIndex.from_frame(card[list(CELL)].astype("string"))
    hidden = pd.Series(hide.to_numpy(), cells.index).reindex(at).eq(True).to_numpy() | stored
    unknown = cells["unknown"].reindex(at).eq(True).to_numpy()
    decision = np.select(
        [held, awaited, hidden],
        [Decision.HELD_BACK.value, Decision.AWAITED.value, Decision.SUPPRESSED.value],
        Decision.PUBLISHED.value,
    )
    reason = np.select(
        [held, awaited, hidden & unknown, hidden],
        [
            card["measure"].map(kept).astype("string").fillna(""),
            AWAITED_WORDS,
            NO_BASE_WORDS,
            SUPPRESSED_WORDS,
        ],
        PUBLISHED_WORDS,
    )
    decided = card.assign(
        decision=pd.array(decision, dtype="string"), reason=pd.array(reason, dtype="string")
    )
    return _emptied(decided, before)


def _with_counts(rows: pd.DataFrame) -> pd.DataFrame:
    """Give counts that were entered as a value alone their numerator."""
    types = dict.fromkeys(NUMBERS, "Float64") | dict.fromkeys(CELL, "string")
    typed = rows.astype(types | {"disclosive": "boolean"})
    counted = typed["value"].where(typed["unit"].eq("count"))
    return typed.assign(numerator=typed["numerator"].fillna(counted))


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Put the measures that show one figure together: what is decided of one holds for all."""
    shown = rows["decision"].eq(Decision.PUBLISHED).fillna(False)
    gone = rows["decision"].eq(Decision.SUPPRESSED).fillna(False)
    published = rows["published_value"].astype("Float64").where(shown)
    named = rows.assign(shown_before=shown, hidden_before=gone, published_value=published)
    groups = named.groupby(list(CELL), sort=True, dropna=False)
    cells = groups[[*NUMBERS, "published_value"]].last()
    flags = groups[["disclosive", "shown_before", "hidden_before"]].any().astype(bool)
    cells = cells.join(flags)
    differs = cells["published_value"].ne(cells["value"]).fillna(False)
    # Once shown, a figure is out, whatever became of it later.
    cells["hidden_before"] &= ~cells["shown_before"]
    return cells.assign(revised=(differs & cells["shown_before"]).astype(bool))


def _small_additions(rows: pd.DataFrame, threshold: int) -> pd.Series:
    """Tell which figures of the year so far give away a small number that came in between.

    The year so far at one quarter's end, less that at another's that was shown, is what was added.
    """
    running = rows[rows["accumulation"].eq("cumulative") & rows["disclosive"].fillna(False)]
    running = running.assign(
        year=[_year(period) for period in running["period"]],
        open=running["decision"].eq(Decision.PUBLISHED).fillna(False),
    )
    what = [name for name in CELL if name != "period"]
    small = pd.Series(False, index=running.index)
    open_ = running[running["open"]].drop_duplicates(list(CELL), keep="last")
    pairs = running.reset_index().merge(open_, on=[*what, "year"], suffixes=("", "_then"))
    pairs = pairs[pairs["period"].ne(pairs["period_then"])]
    for name in ("numerator", "denominator"):
        added = (pairs[name] - pairs[f"{name}_then"]).abs()
        near = (added.gt(0) & added.lt(threshold)).fillna(False).astype(bool)
        small.loc[pairs.loc[near, "index"]] = True
    at = pd.MultiIndex.from_frame(running[list(CELL)].astype("string"))
    flagged = pd.Series(small.to_numpy(), at)
    return flagged.groupby(level=list(range(len(CELL)))).any()


def _year(period: str) -> str:
    kind, _ = parse_period(period)
    return year_key(months_of(period, kind)[0])


def _emptied(decided: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Take the numbers from what isn't published, and the comparisons from what can't be made."""
    shown = decided["decision"].eq(Decision.PUBLISHED)
    newest = before.drop_duplicates(list(KEY), keep="last")
    open_ = newest[newest["decision"].eq(Decision.PUBLISHED)]
    was = open_.set_index(["measure", "service", "period"])["published_value"].astype("Float64")
    past = _values_at(decided, was, "previous_period")
    same = _values_at(decided, was, "period")
    previous = decided["previous"].astype("Float64")
    comparable = shown & past.notna() & past.eq(previous).fillna(False).to_numpy()
    # A year so far is compared by what each quarter added, which takes the quarter before as well.
    comparable &= decided["accumulation"].eq("in period") | ~decided["disclosive"].astype(bool)
    empty = decided.copy()
    empty[list(NUMBERS)] = empty[list(NUMBERS)].where(shown)
    empty[list(BESIDE)] = empty[list(BESIDE)].where(comparable)
    revised = shown & same.notna() & same.ne(decided["value"].astype("Float64")).fillna(False)
    awaited = decided["decision"].eq(Decision.AWAITED)
    instead = pd.Series(Rag.SUPPRESSED.value, decided.index).mask(awaited, Rag.AWAITED.value)
    rag = decided["rag"].astype("string").where(shown, instead)
    # What changed before the public saw any of it is no revision to them.
    own = decided["status"].astype("string").replace("revised", "final")
    status = own.where(shown, instead).mask(revised, "revised")
    return empty.assign(rag=rag, status=status)


def _values_at(decided: pd.DataFrame, values: pd.Series, column: str) -> pd.Series:
    at = pd.MultiIndex.from_frame(decided[["measure", "service", column]].astype("string"))
    return values.reindex(at).set_axis(decided.index)


def as_shown(figures: pd.DataFrame) -> pd.Series:
    """Write each figure as a reader sees it; ``[c]`` where it is withheld, ``[x]`` if awaited."""
    values = written(figures["value"].astype("Float64"), figures["unit"], figures["decimals"])
    marks = {
        Decision.SUPPRESSED.value: WITHHELD,
        Decision.HELD_BACK.value: HELD_BACK_MARK,
        Decision.AWAITED.value: AWAITED_MARK,
    }
    return values.fillna(figures["decision"].map(marks)).astype("string")


def covers(figures: pd.DataFrame) -> pd.Series:
    """Say in words what each figure is of: its whole period, or its last month, and so on.

    Examples
    --------
    >>> open_cases = pd.DataFrame({"period": ["2026-27 Q2", "2026-27 Q2"],
    ...     "aggregation": ["last", "sum"], "accumulation": "in period"})
    >>> covers(open_cases).tolist()
    ['September 2026, the last month of the quarter', 'July to September 2026 (2026-27 Q2)']
    """
    rows = zip(figures["period"], figures["aggregation"], figures["accumulation"], strict=True)
    words = [_covers(str(period), str(how), str(of)) for period, how, of in rows]
    return pd.Series(words, figures.index, dtype="string")


def _covers(period: str, aggregation: str, accumulation: str) -> str:
    kind, _ = parse_period(period)
    title = period_title(period)
    last = f"{months_of(period, kind)[-1]:%B %Y}"
    if kind is Frequency.ANNUAL:
        return title
    if accumulation == "cumulative":
        return f"the year so far, to the end of {last}"
    if accumulation == "rolling":
        return f"the months up to the end of {last}"
    beside = {
        "last": f"{last}, the last month of the quarter",
        "worst": f"the worst month of {title}",
        "mean": f"the mean month of {title}",
    }
    return beside.get(aggregation, title)


def public_measures(measures: pd.DataFrame) -> pd.DataFrame:
    """Return the published measures as the public sees them: by quarter, annual ones by year.

    A figure that is none of its period alone, such as the year so far, is that of the last month.
    """
    chosen = measures[measures["published"].fillna(False).astype(bool)].reset_index(drop=True)
    annual = chosen["frequency"].eq(Frequency.ANNUAL)
    frequency = chosen["frequency"].where(annual, Frequency.QUARTERLY.value)
    whole = chosen["aggregation"].where(chosen["accumulation"].eq("in period"), "last")
    return chosen.assign(frequency=frequency.astype("string"), aggregation=whole)
