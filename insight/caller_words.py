"""How each service's waits stand to its published standard, and what a caller can be told."""

from datetime import date

import numpy as np
import pandas as pd

from insight.case_waits import (
    FEWEST_DECISIONS,
    SLOWEST_TENTH,
    TYPICAL,
    wait_now,
    window_start,
)
from insight.cases import dated_cases, is_decided, open_at, wait_quantiles
from insight.results import NOT_RECORDED
from insight.rounding import written

WAITS = ("typical", "slowest_tenth")
ENDS = tuple(f"{name}_{end}" for name in WAITS for end in ("lower", "upper"))
DECIDED_ONLY = tuple(f"{name}_decided_only" for name in WAITS)


def waits(cases: pd.DataFrame, day: date, standards: pd.DataFrame) -> pd.DataFrame:
    """Tell the wait now, per service and case type, and what a caller can be told.

    Parameters
    ----------
    cases
        Rows of the cases contract.
    day
        Usually the month's last; the three months up to it say what the wait is.
    standards
        Published standards: ``service``, ``case_type`` (missing or empty for every type) and
        ``standard_days``.

    Returns
    -------
    pandas.DataFrame
        ``service``, ``case_type``, ``open``, ``past_standard`` (open longer than the standard),
        ``decided`` (decisions behind the waits), ``typical`` and ``slowest_tenth`` (whole days,
        open cases counted, see `wait_now`; missing where too few were decided) with their
        ``_lower`` and ``_upper`` ends and ``_decided_only`` (what decided cases alone would say,
        rounded up), ``standard_days``, ``what_to_say``, which names the same days, and ``note``,
        which says where decided cases alone would mislead.
    """
    keys = ["service", "case_type"]
    rows = dated_cases(cases)
    rows["service"] = rows["service"].astype("string").fillna(NOT_RECORDED)
    rows["case_type"] = rows["case_type"].fillna("")
    now = wait_now(rows, day)
    since = pd.Timestamp(window_start(day))
    decided = rows[is_decided(rows) & rows["decided_at"].between(since, pd.Timestamp(day))]
    still = with_standard(open_at(rows, day), standards)
    still["past_standard"] = still["age_days"].gt(still["standard_days"]).fillna(False)
    waiting = still.groupby(keys).agg(
        open=("age_days", "size"), past_standard=("past_standard", "sum")
    )
    found = waiting.reset_index().merge(
        now[[*keys, "decided", *WAITS, *ENDS]], on=keys, how="outer"
    )
    for name, quantile in zip(DECIDED_ONLY, (TYPICAL, SLOWEST_TENTH), strict=True):
        plain = wait_quantiles(decided, keys, quantile).rename(columns={"value": name})
        found = found.merge(plain[[*keys, name]], on=keys, how="left")
    counts = ["open", "past_standard", "decided"]
    found[counts] = found[counts].fillna(0).astype("int64")
    found = found[found["open"].gt(0) | found["decided"].gt(0)]
    enough = found["decided"].ge(FEWEST_DECISIONS)
    for name in DECIDED_ONLY:
        days = np.ceil(found[name].to_numpy(dtype="float64", na_value=np.nan))
        found[name] = pd.Series(days, index=found.index, dtype="Float64").where(enough)
    found = with_standard(found, standards).sort_values(keys, ignore_index=True)
    found["what_to_say"] = what_to_say(found)
    found["note"] = _note(found)
    columns = [*keys, *counts, *WAITS, *ENDS, *DECIDED_ONLY, "standard_days", "what_to_say", "note"]
    return found[columns]


def _note(found: pd.DataFrame) -> pd.Series:
    """Say where the decided cases alone would give another number."""
    honest, plain = found["typical"], found["typical_decided_only"]
    differs = (honest - plain).abs().gt(1).fillna(False)
    longer = honest.gt(plain).fillna(False)
    alone = "Half of the cases already decided took " + written(plain, "days", 0) + " or less; "
    why = np.where(
        longer,
        "those still open have waited longer, so somebody new should expect more.",
        "many of those were old ones, so somebody new should expect less.",
    )
    text: pd.Series = (alone + pd.Series(why, index=found.index, dtype="string")).where(differs, "")
    unknown = found["typical"].isna() & found["decided"].ge(FEWEST_DECISIONS)
    return text.mask(unknown, "So many are still open that a typical wait can't be said yet.")


def with_standard(rows: pd.DataFrame, standards: pd.DataFrame) -> pd.DataFrame:
    """Add ``standard_days``: the case type's own, or else the service's."""
    keys = ["service", "case_type"]
    listed = standards[[*keys, "standard_days"]].astype(
        {"service": "string", "case_type": "string"}
    )
    listed = listed.assign(case_type=listed["case_type"].fillna("")).drop_duplicates(keys)
    general = listed[listed["case_type"].eq("")].set_index("service")["standard_days"]
    own = rows.merge(listed, on=keys, how="left").set_axis(rows.index)
    days = own["standard_days"].astype("Float64")
    return own.assign(standard_days=days.fillna(own["service"].map(general).astype("Float64")))


def what_to_say(found: pd.DataFrame) -> pd.Series:
    """Write the sentence for a caller, with the very days that the table shows."""
    enough = found["decided"].ge(FEWEST_DECISIONS)
    usual = "About half of people hear within " + written(found["typical"], "days", 0)
    usual += " and nine in ten within " + written(found["slowest_tenth"], "days", 0) + "."
    few = "Too few decisions in the last three months to say how long this takes."
    open_ended = "About half of people hear within " + written(found["typical"], "days", 0)
    open_ended += "; some wait much longer, and we can't say how long."
    usual = usual.where(found["slowest_tenth"].notna(), open_ended)
    usual = usual.where(found["typical"].notna(), "We can't say at the moment how long this takes.")
    standard = " Our standard is " + written(found["standard_days"], "days", 0) + "."
    late = found["typical"].gt(found["standard_days"]).fillna(False)
    partly = found["slowest_tenth"].gt(found["standard_days"]).fillna(False)
    verdict = np.select(
        [
            ~enough | found["standard_days"].isna() | found["typical"].isna(),
            late,
            partly | found["slowest_tenth"].isna(),
        ],
        [
            "",
            " Most people are waiting longer than that at the moment.",
            " Some people wait longer.",
        ],
        " Nine in ten people hear in that time.",
    )
    said = usual.where(enough, few) + standard.fillna(" There is no published standard.")
    return said + pd.Series(verdict, index=found.index, dtype="string")
