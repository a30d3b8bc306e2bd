"""How a page writes a whole row: its value or why there is none, how sure, and on what base.

A missing value never shows as NaN: it is named ("awaited", "not enough answers", "not shown").
Templates see these functions as filters, and those of `page_parts` too.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pipelines.edge.page_parts import (
    count,
    day,
    direction,
    evidence,
    figure,
    interval,
    label,
    missing,
    period,
    plural,
    rag,
    text,
)
from pipelines.edge.place_map import grid_reference

Row = Mapping[str, Any]
GRID = "EPSG:27700"
HALF_A_PERCENT = 0.005
TEN = 10  # from here on, an expected count needs no decimal


def absence(row: Row) -> str:
    """Say why a figure has no value: awaited, too few answers, or not shown."""
    status = text(row.get("status")).casefold()
    if status == "suppressed" or text(row.get("rag")).casefold() == "suppressed":
        return "not shown"
    if status == "awaited" or missing(row.get("base")):
        return "awaited"
    return "not enough answers"


def shown(row: Row) -> str:
    """Write a row's value in its unit, or why there is none."""
    suppressed = absence(row) == "not shown"
    if suppressed or missing(row.get("value")):
        return absence(row)
    return figure(row["value"], text(row.get("unit"), "count"), row.get("decimals"))


def likely(row: Row) -> str:
    """Write a row's interval, or nothing."""
    if missing(row.get("value")) or absence(row) == "not shown":
        return ""
    unit = text(row.get("unit"), "count")
    return interval(row.get("lower"), row.get("upper"), unit, row.get("decimals"))


def based_on(row: Row) -> str:
    """Say how many records a row's figure rests on; a count says so itself."""
    if absence(row) == "not shown":
        return ""
    if missing(row.get("base")):
        return "" if missing(row.get("value")) else "base not given"
    if text(row.get("unit")) == "count" and row.get("value") == row["base"]:
        return ""
    return f"based on {count(row['base'])}"


def aim(row: Row) -> str:
    """Write a measure's target in its unit; a band's two ends."""
    unit, decimals = text(row.get("unit"), "count"), row.get("decimals")
    target = row.get("target")
    if isinstance(target, str):  # a band already in words
        return target
    if text(row.get("polarity")) == "band" and not missing(row.get("target_low")):
        return interval(row["target_low"], row["target_high"], unit, decimals)
    return "none set" if missing(target) else figure(target, unit, decimals)


def goal(row: Row, which: str) -> str:
    """Write the target of the year so far (``to_date``) or of the year (``year``)."""
    ends = {
        "target": f"{which}_target",
        "target_low": f"{which}_low",
        "target_high": f"{which}_high",
    }
    return aim({**row, **{name: row.get(column) for name, column in ends.items()}})


OUTLOOKS = {
    "on course": "on course to meet the target",
    "off course": "off course: the target will be missed",
    "uncertain": "uncertain: the target may be met or missed",
}


def outlook(row: Row) -> str:
    """Say whether a forecast's whole interval meets the year's target, or why there is none."""
    if absence(row) == "not shown":
        return "not shown"
    if missing(row.get("forecast")):
        return "no forecast"
    return OUTLOOKS.get(text(row.get("outlook")), "forecast without a target")


def travel(row: Row) -> str:
    """Say a measure's direction, and whether chance alone could have moved it."""
    mark = direction(row.get("direction"))
    moved = mark.kind in {"better", "worse"}
    chance = row.get("change_within_interval")
    by_luck = moved and not missing(chance) and bool(chance)
    return f"{mark.word}, but perhaps by chance" if by_luck else mark.word


def capitalised(words: str) -> str:
    """Start with a capital letter."""
    return words[:1].upper() + words[1:]


def likely_words(row: Row) -> str:
    """Say in which range a row's figure likely is, or nothing; for a count, what chance does."""
    prefix = "chance alone: " if text(row.get("unit")) == "count" else "likely "
    return f"{prefix}{range_}" if (range_ := likely(row)) else ""


def base_number(row: Row) -> str:
    """Write a row's base for a column of bases."""
    if absence(row) == "not shown":
        return "not shown"
    return "not given" if missing(row.get("base")) else count(row["base"])


def earlier(row: Row, column: str) -> str:
    """Write an earlier period's value, or that there is none."""
    if absence(row) == "not shown":
        return "not shown"
    if missing(row.get(column)):
        return "not known"
    return figure(row[column], text(row.get("unit"), "count"), row.get("decimals"))


def whole_count(row: Row | None) -> str:
    """Write a result that counts something; a result that isn't there is awaited."""
    return "awaited" if not row or missing(row["value"]) else count(row["value"])


def by_chance(row: Row | None) -> str:
    """Say what chance alone could make of a count."""
    if not row or missing(row["value"]) or not (range_ := interval(row["lower"], row["upper"])):
        return ""
    return f"chance alone: {range_}"


def share_or_why(row: Row | None) -> str:
    """Write a result that is a share, or why it has no value."""
    if not row:
        return "awaited"
    return "too few" if missing(row["value"]) else figure(row["value"], "share")


def share_base(row: Row | None, noun: str) -> str:
    """Say a share's interval and base."""
    if not row:
        return ""
    range_ = interval(row["lower"], row["upper"], "share")
    base = "" if missing(row["base"]) else plural(row["base"], noun)
    return "; ".join(part for part in (f"likely {range_}" if range_ else "", base) if part)


def days_or(value: object, otherwise: str) -> str:
    """Write a number of days, or what to say where there is none."""
    return otherwise if missing(value) else figure(value, "days")


def rough(value: object) -> str:
    """Write an expected count as roughly as it is known."""
    near = float(str(value))
    return figure(near, "score" if near < TEN else "count")


def reference(row: Row) -> str:
    """Write a place's grid reference, where it is on the National Grid."""
    on_grid = text(row.get("crs")).upper() == GRID
    return grid_reference(row["easting"], row["northing"]) if on_grid else ""


def place_name(row: Row) -> str:
    """Name a place by its street; one that has none, by its ward and square."""
    place, ward = text(row.get("place"), "Unnamed place"), text(row.get("ward"))
    nameless = place == "Unnamed place" or place == reference(row)
    return f"{ward}: {place}" if nameless and ward else place


PIECE_OF_STREET = re.compile(r"[^\W\d].* -?\d+_-?\d+")


def whereabouts(row: Row) -> str:
    """Say a place's ward, its grid reference, and how large a square or street; each once."""
    named = place_name(row)
    street = PIECE_OF_STREET.search(text(row.get("cell")))
    size = text(row.get("cell_m")) and (
        f"{count(row['cell_m'])} metres of street"
        if street
        else f"a square of {count(row['cell_m'])} metres"
    )
    parts = [part for part in (text(row.get("ward")), reference(row)) if part not in named]
    return " · ".join([*parts, size]) if size else " · ".join(parts)


def wrong(row: Row) -> str:
    """Say which rule a row broke and what to do, without saying either twice."""
    rule, message = label(row["rule"]), text(row["message"])
    if text(row["rule"]).casefold() in message.casefold():
        return message
    return f"{rule}. {capitalised(message)}" if message else rule


def part_share(share: object) -> str:
    """Write a part's share; a part that is there is never 0%."""
    small = not missing(share) and 0 < float(str(share)) < HALF_A_PERCENT
    return "under 1%" if small else figure(share, "share")


FUNCTIONS: tuple[Callable[..., Any], ...] = (
    absence, aim, base_number, based_on, by_chance, capitalised, count, day, days_or, direction,
    earlier, evidence, figure, goal, interval, label, likely, likely_words, outlook, part_share,
    period, place_name, plural, rag, rough, share_base, share_or_why, shown, text, travel,
    whereabouts, whole_count, wrong,
)  # fmt: skip
FILTERS = {function.__name__: function for function in FUNCTIONS}
