"""Located reports from any one file and a mapping, without a workspace: for maps and backtests."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from data_contracts import load_contract
from insight.conform import conform
from insight.errors import InsightError
from insight.hotspots.segments import SNAP_M
from insight.mapping import Mapping
from insight.places import locate
from pipelines.edge.geography import read_area, read_postcodes, read_streets, read_wards
from pipelines.edge.mappings import read_mapping
from pipelines.edge.point_files import read_point_columns
from pipelines.settings_sections import Source
from pipelines.steps.ingest_reading import Way, contents_of, read_content

if TYPE_CHECKING:
    import geopandas as gpd

CONTRACT = "street_reports"
PART = 400_000
KEPT = (
    "reported_at", "easting", "northing", "crs", "ward", "place_note", "postcode",
    "reporter", "place_error_m",
)  # fmt: skip
NOTES = pd.CategoricalDtype(["coordinates", "postcode", "street", "ward only"])
CRS, TIMEZONE = "EPSG:27700", "Europe/London"


class NotReportsError(InsightError):
    """A mapping or file is not of street reports, or none of its rows can be used."""


@dataclass(frozen=True, slots=True)
class PointReports:
    """A file's reports, placed.

    Parameters
    ----------
    reports
        ``reported_at`` (local time), ``easting``, ``northing``, ``crs``, ``ward``,
        ``place_note`` and, where the file has them, ``reporter`` and ``postcode``.
    area
        The mapping's boundary in `crs`, if it names one; its names in ``ward`` where it has any.
    streets
        The streets in `crs`, where a file of them is given.
    crs
        Metric system of the reports.
    refused
        Rows that could not be used, by rule.
    rows_read, filtered
        Rows in the file, and those that the mapping leaves out.
    mended
        Outlines of the boundary that were broken.
    """

    reports: pd.DataFrame
    area: "gpd.GeoDataFrame | None"
    streets: "gpd.GeoDataFrame | None"
    crs: str
    refused: pd.Series
    rows_read: int
    filtered: int
    mended: int = 0

    def sentence(self) -> str:
        """Account for every row of the file."""
        rows = "1 row" if self.rows_read == 1 else f"{self.rows_read:,} rows"
        used = f"{rows}: {len(self.reports):,} used"
        left = f", {self.filtered:,} left out by the mapping" if self.filtered else ""
        rules = "".join(f", {count:,} refused ({rule})" for rule, count in self.refused.items())
        broken = (
            f" {self.mended} broken outline{' was' if self.mended == 1 else 's were'} mended in "
            "the boundary file; look at the map to see that no ground is lost."
            if self.mended
            else ""
        )
        return f"{used}{left}{rules}.{broken}"


def read_point_reports(
    file: Path,
    mapping_file: Path,
    *,
    streets_file: Path | None = None,
    postcodes_file: Path | None = None,
) -> PointReports:
    """Read a file of reports as its mapping says, and put each on the map.

    Parameters
    ----------
    file
        CSV, Excel, JSON or Parquet; a Parquet file whose coordinates and times have their types
        is read without going through text.
    mapping_file
        The mapping; its `area`, `crs` and `timezone` count.
    streets_file, postcodes_file
        For reports that name a street or a postcode alone.

    Raises
    ------
    InsightError
        If the mapping or file cannot be used, or no row can.
    """
    mapping = read_mapping(mapping_file)
    if mapping.contract != CONTRACT:
        raise NotReportsError(
            f"The mapping {mapping_file.name} is for {mapping.contract}; hotspots are made of "
            f"street reports. Write `contract: {CONTRACT}` and map their columns."
        )
    crs = mapping.crs or CRS
    area = None if mapping.area is None else _named_area(Path(mapping.area))
    mended = 0 if area is None else int(area.attrs.get("mended", 0))
    area = None if area is None else area.to_crs(crs)
    zone = mapping.timezone or TIMEZONE
    quick = read_point_columns(file, mapping, zone)
    if quick is not None:
        rows, failures, rows_read, filtered = quick.rows, quick.failures, quick.read, quick.filtered
    else:
        rows, failures, rows_read, filtered = _through_text(file, mapping, zone)
    streets = None if streets_file is None else read_streets(streets_file, area)
    said_crs = "" if streets is None else streets.crs.name
    streets = None if streets is None else streets.to_crs(crs)
    postcodes = None if postcodes_file is None else read_postcodes(postcodes_file)
    named = area is not None and area["ward"].notna().any()
    parts, missed = [], []
    # In parts, since placing a report takes many times the room of the place that comes of it.
    for first in range(0, max(len(rows), 1), PART):
        part, lost = locate(
            rows.iloc[first : first + PART],
            crs=crs,
            area=area,
            wards=area if named else None,
            postcodes=postcodes,
            streets=streets,
        )
        part = part[[name for name in KEPT if name in part.columns]]
        parts.append(
            part.astype({"crs": _dictionary(crs), "place_note": NOTES, "place_error_m": "float32"})
        )
        missed.append(lost)
    del rows
    located, misplaced = pd.concat(parts), pd.concat(missed, ignore_index=True)
    del parts
    refused = pd.concat([failures, misplaced], ignore_index=True).drop_duplicates("row")
    rules = (refused["column"] + ": " + refused["rule"]).value_counts()
    if located.empty and rows_read > filtered:
        said = "; ".join(f"{rule} ({count:,})" for rule, count in rules.items())
        raise NotReportsError(
            f"None of the {rows_read:,} rows of {file.name} can be used: {said}. Check the "
            "mapping's columns, crs and area."
        )
    if streets is not None and streets_file is not None and not _meet(located, streets):
        raise NotReportsError(
            f"{streets_file.name}: no report lies beside any of its streets. It is of somewhere "
            f"else, or in another coordinate system than it says ({said_crs})."
        )
    located["reported_at"] = located["reported_at"].dt.tz_convert(zone)
    return PointReports(located, area, streets, crs, rules, rows_read, filtered, mended)


def _meet(located: pd.DataFrame, streets: "gpd.GeoDataFrame") -> bool:
    """Whether any report that has a point lies in the box around the streets."""
    west, south, east, north = streets.total_bounds
    within = located["easting"].between(west - SNAP_M, east + SNAP_M)
    within &= located["northing"].between(south - SNAP_M, north + SNAP_M)
    return bool(within.any() or located["easting"].isna().all())


def _dictionary(value: str) -> pd.CategoricalDtype:
    return pd.CategoricalDtype([value])


def _named_area(path: Path) -> "gpd.GeoDataFrame":
    """Polygons with ``ward``: the file's names where they can be told, else blank."""
    try:
        return read_wards(path)
    except InsightError:
        # Whatever is wrong with more than its names is said by `read_area`.
        area = read_area(path)
    bare = area[[area.geometry.name]].assign(ward=pd.Series(pd.NA, area.index, dtype="string"))
    bare.attrs = area.attrs
    return bare


def _through_text(
    file: Path, mapping: Mapping, zone: str
) -> tuple[pd.DataFrame, pd.DataFrame, int, int]:
    """Read as ingest does, whatever the kind of file."""
    contract = load_contract(CONTRACT)
    way = Way(Source(name="reports", contract=CONTRACT), contract, mapping, "")
    readings = [read_content(file, content, way) for content in contents_of(file, way)]
    today = datetime.now(UTC).date()
    kept, failures, rows_read, filtered = [], [], 0, 0
    for reading in readings:
        conformed = conform(
            reading.mapped.frame,
            contract,
            today=today,
            dates=mapping.dates,
            timezone=zone,
            where=reading.name,
        )
        base = rows_read
        kept.append(conformed.rows.set_axis(conformed.rows.index + base))
        failures.append(conformed.failures.assign(row=conformed.failures["row"] + base))
        rows_read += reading.mapped.rows_read
        filtered += reading.mapped.filtered
    both = pd.concat(kept), pd.concat(failures, ignore_index=True)
    return *both, rows_read, filtered
