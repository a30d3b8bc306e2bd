"""Watch the sources: which stopped, changed their columns, their volume or their values."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from data_contracts import load_contract
from insight.drift import value_words, volume_words
from insight.freshness import Arrival, Freshness, State, freshness, never_sent
from insight.periods import add_months, month_end
from insight.value_drift import value_changes
from insight.volume_drift import volume_change
from models import RefusedFile, SourceFile
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace
from pipelines.settings_sections import Source
from pipelines.steps.summary import StepSummary
from pipelines.steps.watch_headings import heading_news
from pipelines.steps.watch_tallies import Tallies, joined, read_tallies, span_of

ONE_SERVICE = 0.8
"""Share of a source's rows from which a service's manager is the one to ask."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that a source tells: what kind of news it is, and the sentence."""

    source: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Watched:
    """How every source stands, what changed in it, and its rows a month.

    `volumes` has ``source``, ``month`` (its first day) and ``rows``, up to the month in question.
    """

    freshness: tuple[Freshness, ...]
    news: tuple[News, ...]
    volumes: pd.DataFrame


def watch_sources(workspace: Workspace, month: date) -> StepSummary:
    """Tell what has changed in the sources up to `month`; nothing is stored."""
    watched = watch(workspace, month)
    late = [each for each in watched.freshness if each.late]
    never = [each.source for each in late if each.state is State.NEVER]
    problems = [each.note for each in late if each.state is not State.NEVER]
    problems += [each.words for each in watched.news]
    if never:
        problems.append(never_sent(never))
    return StepSummary(
        "watch",
        f"{len(watched.freshness)} sources: {len(watched.freshness) - len(late)} in time, "
        f"{len(late)} late or missing; {len(watched.news)} changes in what they send.",
        table=[
            {
                "source": each.source,
                "state": each.state.value,
                "last_event": None if each.last_event is None else each.last_event.isoformat(),
                "due_by": None if each.due_by is None else each.due_by.isoformat(),
                "last_file": each.last_file,
            }
            for each in watched.freshness
        ],
        problems=problems,
    )


def watch(workspace: Workspace, month: date) -> Watched:
    """Hold every source of the settings to its promise and its own past.

    A month is judged as of today, but no later than the end of the month after it: a month that
    is run again next year tells what it told.
    """
    as_of = min(workspace.today, month_end(add_months(month, 1)))
    zone = workspace.settings.timezone
    sources = workspace.settings.sources
    with workspace.engine.connect() as connection:
        tallies = {
            name: read_tallies(connection, name, month=month, as_of=as_of, timezone=zone)
            for name in dict.fromkeys(source.contract for source in sources)
        }
        files = read_table(
            connection,
            SourceFile,
            columns=["source", "name", "contract", "headings", "mapping_file", "last_event"],
            timezone=zone,
        )
        refused = read_table(connection, RefusedFile, columns=["source", "name"], timezone=zone)
    states = []
    for source in sources:
        own = files[files["source"].eq(source.name)]
        states.append(
            freshness(_arrival(workspace, source, own, refused, tallies[source.contract]), as_of)
        )
    stopped = {each.source for each in states if each.state in {State.LATE, State.STOPPED}}
    current = workspace.today == as_of
    news = heading_news(workspace, files, month=month, as_of=as_of if current else month_end(month))
    told = [News(source, "columns", words) for source, words in news]
    if as_of > month_end(month):  # or else the month is not over
        told += _changes(list(tallies.values()), {s.name for s in sources}, month, stopped)
    order = {source.name: at for at, source in enumerate(sources)}
    told.sort(key=lambda each: order.get(each.source, len(order)))
    return Watched(tuple(states), tuple(told), _volumes(tallies, order, month))


def freshness_table(watched: Watched) -> pd.DataFrame:
    """Return how each source stands as the pages take it: `PageData.freshness`."""
    return pd.DataFrame(
        [
            (each.source, each.state.value, each.last_event, each.due_by, each.note)
            for each in watched.freshness
        ],
        columns=["source", "state", "newest", "due_by", "note"],
    )


def _arrival(
    workspace: Workspace, source: Source, files: pd.DataFrame, refused: pd.DataFrame, tally: Tallies
) -> Arrival:
    promised = load_contract(source.contract).freshness_days
    last_event, last_file = tally.newest.get(source.name), ""
    if len(files):
        ordered = files.sort_values(["last_event", "name"], na_position="first", kind="stable")
        last_file = str(ordered["name"].iloc[-1])
        oldest = ordered["last_event"].dropna()
        if last_event is None and len(oldest):  # older than the months that are counted
            last_event = oldest.iloc[-1].date()
    own = refused.loc[refused["source"].eq(source.name), "name"]
    return Arrival(
        source.name,
        promised,
        last_event=last_event,
        last_file=last_file,
        refused_file="" if own.empty else str(own.iloc[0]),
        ask=_who_knows(workspace, source.name, tally.shares),
    )


def _who_knows(workspace: Workspace, source: str, shares: pd.DataFrame) -> str:
    """Name the manager of the service that nearly all rows of a source belong to."""
    mine = shares[shares["source"].eq(source) & shares["column"].eq("service")]
    if mine.empty:
        return ""
    rows = mine.groupby("value")["rows"].sum()
    if rows.max() < ONE_SERVICE * rows.sum():
        return ""
    for service in workspace.settings.services:
        if service.code == rows.idxmax() and service.manager:
            return f"{service.manager}, who manages {service.name},"
    return ""


def _changes(
    tallies: list[Tallies], sources: set[str], month: date, stopped: set[str]
) -> list[News]:
    """Return what changed in the sources' volumes and values."""
    news = []
    for source, counts in [each for tally in tallies for each in _series(tally.months, month)]:
        change = volume_change(counts) if source in sources - stopped else None
        if change is not None:
            news.append(News(source, "volume", volume_words(source, change, month)))
    # All columns at once, since what is told by chance is counted over all of them.
    shares = joined([tally.shares for tally in tallies])
    numbers = joined([tally.numbers for tally in tallies])
    for changed in value_changes(shares, numbers, len(span_of(month)) - 1):
        if changed.source in sources:
            news.append(News(changed.source, "values", value_words(changed, month)))
    return news


def _series(months: pd.DataFrame, month: date) -> list[tuple[str, pd.Series]]:
    """Return each source's rows by month, 0 where none came."""
    span = pd.DatetimeIndex(span_of(month))
    wide = months.pivot_table(index="source", columns="month", values="rows", aggfunc="sum")
    wide = wide.reindex(columns=range(len(span))).fillna(0).astype("int64")
    counts = zip(wide.index, wide.to_numpy(), strict=True)
    return [(str(source), pd.Series(rows, index=span)) for source, rows in counts]


def _volumes(tallies: dict[str, Tallies], order: dict[str, int], month: date) -> pd.DataFrame:
    rows = [
        (source, first, int(count))
        for tally in tallies.values()
        for source, counts in _series(tally.months, month)
        if source in order
        for first, count in counts.items()
    ]
    rows.sort(key=lambda row: order[row[0]])
    return pd.DataFrame(rows, columns=["source", "month", "rows"])
