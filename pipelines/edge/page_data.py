"""What the pages are made from, in one object, and the cuts that several pages take from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from insight.errors import MissingColumnsError
from insight.public import PublicView
from insight.results import ALL_SERVICES, NOT_RECORDED, split_breakdowns
from pipelines.edge.drawings import Drawings, Fresh
from pipelines.edge.scorecard_rows import Judged, measure_rows
from pipelines.edge.scorecard_views import View, grouped_views

if TYPE_CHECKING:
    import geopandas as gpd

NEEDED = {
    "scorecard": (
        "measure", "title", "family", "service", "head_of_service", "unit", "decimals", "period",
        "value", "lower", "upper", "base", "target", "rag", "direction", "previous", "last_year",
        "status", "commentary", "published", "disclosive", "definition",
    ),
    "results": (
        "measure", "service", "period", "breakdown", "value", "numerator", "denominator", "lower",
        "upper", "base",
    ),
    "hotspots": (
        "period", "source", "cell", "easting", "northing", "ward", "place", "reports", "expected",
        "rank", "evidence", "significant", "crs", "cell_m",
    ),
    "waits": (
        "service", "case_type", "open", "typical_days", "slowest_tenth_days", "standard_days",
        "what_to_say",
    ),
    "row_account": (
        "source", "file", "rows_read", "accepted", "quarantined", "duplicates", "filtered",
        "status",
    ),
    "quarantine": ("source", "rule", "column", "rows", "message"),
    "services": ("code", "name", "head_of_service", "manager"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Download:
    """A file that lies beside a page: whose page, its relative address, and what it is."""

    audience: str
    href: str
    label: str
    detail: str = ""


@dataclass(frozen=True)
class PageData:
    """One month of one council, for every reader's page.

    Parameters
    ----------
    council, month, period_label
        Who, the first day of the month, and the month in words ("October 2026").
    generated_from
        The run's provenance in one line, without a clock time (equal data, equal bytes).
    scorecard
        What `insight.scorecard.scorecard` returns, or at least ``NEEDED["scorecard"]``. Shares
        are proportions, ``decimals`` those of the number shown.
    results
        Figures, one row each, of `month` and the months before it (``period`` as "2026-10").
    hotspots, hotspot_notes
        The month's ranked cells, coordinates in metres of their ``crs``, and what an honest
        colleague would say about them.
    map_html
        The complete offline map, put beside the wardens' page as ``map.html``.
    waits
        One row per service and kind of case; days.
    row_account, quarantine
        What became of every row of every file, and how many rows each rule refused.
    catalogue
        Figure's code to (title, unit, definition).
    services
        Code, name, head of service and manager.
    wards
        Outlines for the printed map, in the hotspots' ``crs``; names in column ``ward``.
    freshness
        Optional: ``source``, ``state`` (`insight.freshness.State`), ``newest`` (date of its last
        event), ``due_by`` and ``note``, which says what to do and is empty where nothing is.
    changes
        What changed in what the sources send, a sentence or two each.
    volumes
        Optional: ``source``, ``month`` (its first day) and ``rows``, the last month `month`.
    downloads
        Files beside the pages.
    planning_service
        Code of the service whose cases and surveys the planning page shows.
    public
        What the releases decided that the public sees; nothing where none has been made.
    hotspot_working
        How the hotspots were worked out, for whoever asks.
    has_online_page
        Whether ``service-managers/online.html`` is made too.
    online
        What exists online for each topic, by the topic's label.
    ruled
        What the council's keyword rules sorted, and why, by service and topic's label.
    new_topics
        What people write about that no topic covers, a sentence each.
    past_standard, no_update_days
        Optional: open cases past standard whose applicants heard nothing for so many days
        (`insight.case_lists.past_standard`).
    judged
        The scorecard with control charts, verdicts, year and ledger; its pages need it.
    drawings
        Where what has been drawn before is found.
    expected
        Optional: figures ``contacts_expected`` of the month after.
    """

    council: str
    month: date
    period_label: str
    generated_from: str
    scorecard: pd.DataFrame
    results: pd.DataFrame
    hotspots: pd.DataFrame
    hotspot_notes: tuple[str, ...]
    waits: pd.DataFrame
    row_account: pd.DataFrame
    quarantine: pd.DataFrame
    services: pd.DataFrame
    catalogue: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    map_html: str | None = None
    wards: "gpd.GeoDataFrame | None" = None
    freshness: pd.DataFrame | None = None
    changes: tuple[str, ...] = ()
    volumes: pd.DataFrame | None = None
    downloads: tuple[Download, ...] = ()
    planning_service: str = "planning"
    public: PublicView | None = None
    hotspot_working: str = ""
    has_online_page: bool = False
    online: Mapping[str, str] = field(default_factory=dict)
    ruled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    new_topics: tuple[str, ...] = ()
    expected: pd.DataFrame | None = None
    past_standard: pd.DataFrame | None = None
    no_update_days: int = 14
    judged: Judged | None = None
    drawings: Drawings = field(default_factory=Fresh)

    @cached_property
    def measure_rows(self) -> list[dict[str, Any]]:
        """Every measure with what stands behind it and its drawings; none where that is unknown."""
        return list(self.scorecard_views[0].rows) if self.scorecard_views else []

    @cached_property
    def scorecard_views(self) -> list[View]:
        """The scorecard's views, every measure first; none where nothing stands behind it."""
        if self.judged is None:
            return []
        return grouped_views(measure_rows(self.judged, self.drawings), self.name)

    @property
    def period(self) -> str:
        """The month's key, such as "2026-10"."""
        return f"{self.month:%Y-%m}"

    @cached_property
    def now(self) -> pd.DataFrame:
        """The month's own figures."""
        return self.results[self.results["period"].eq(self.period)]

    @cached_property
    def _by_service(self) -> dict[str, pd.DataFrame]:
        return by_service(self.results)

    def results_of(self, service: str) -> pd.DataFrame:
        """Give one service's figures of every month."""
        return self._by_service.get(service, self.results.iloc[:0])

    @cached_property
    def names(self) -> dict[str, str]:
        """Service code to name; "all" is all services together."""
        named = dict(zip(self.services["code"], self.services["name"], strict=True))
        return {ALL_SERVICES: "All services", NOT_RECORDED: "Service not recorded", **named}

    def name(self, code: str) -> str:
        """Name a service; a code that the settings don't have stays as it is."""
        return self.names.get(code, code)


def check(data: PageData) -> None:
    """Refuse frames that lack a column, before a page is half made.

    Raises
    ------
    MissingColumnsError
        Naming the frame and the columns.
    """
    for name, needed in NEEDED.items():
        frame: pd.DataFrame = getattr(data, name)
        if lacking := set(needed) - set(frame.columns):
            raise MissingColumnsError(lacking, f"the pages' frame {name}")


def whole(results: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return a measure's figures without breakdown, by service and period."""
    chosen = results["measure"].eq(measure) & results["breakdown"].fillna("").eq("")
    return results[chosen].sort_values(["service", "period"], kind="stable")


def split_by(results: pd.DataFrame, measure: str, dimension: str) -> pd.DataFrame:
    """Return a measure's figures split by one dimension alone, its value in ``label``."""
    mine = results[results["measure"].eq(measure)].reset_index(drop=True)
    return split_alone(mine, dimension)


def split_alone(results: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Return the figures split by one dimension alone, its value in ``label``."""
    keys = results["breakdown"].astype("string").fillna("")
    # A missing value is a group of its own ("topic="), so the key tells, not the value.
    alone = keys.str.startswith(f"{dimension}=") & ~keys.str.contains(";", regex=False)
    if not alone.any():
        return results.iloc[:0].assign(label=pd.Series(dtype="string"))
    label = split_breakdowns(keys[alone])[dimension]
    return results[alone.astype(bool)].assign(label=label)


def by_service(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Cut a frame into one per service."""
    return {str(service): rows for service, rows in frame.groupby("service", sort=True)}


def one_total(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of all services together, or where there are none those of each service."""
    together = frame["service"].eq(ALL_SERVICES)
    return frame[together] if together.any() else frame
