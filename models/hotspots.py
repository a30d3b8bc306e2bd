"""Places that stand out, and what was done about them."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from models.columns import moment


class Hotspot(SQLModel, table=True):
    """One cell or street in one period."""

    __tablename__ = "hotspot"

    period: str = Field(primary_key=True, description="Month, such as 2026-10")
    source: str = Field(primary_key=True, description="Source of the reports")
    cell: str = Field(primary_key=True, description="Name of the cell or street")
    easting: float | None = Field(default=None, description="Easting of its centre in metres")
    northing: float | None = Field(default=None, description="Northing of its centre in metres")
    ward: str | None = Field(default=None, description="Name of the ward")
    place: str | None = Field(default=None, description="The place in words")
    reports: int = Field(sa_type=BigInteger, description="Reports in the period")
    expected: float | None = Field(default=None, description="Reports expected by chance")
    score: float | None = Field(default=None, description="What cells are ranked by")
    rank: int | None = Field(default=None, sa_type=BigInteger, description="1 is first")
    p: float | None = Field(default=None, description="Chance of as many reports, 0 to 1")
    q: float | None = Field(default=None, description="p after false-discovery control")
    z: float | None = Field(default=None, description="Standard deviations above expected")
    evidence: str | None = Field(default=None, description="strong, moderate, weak or too few")
    emerging: str | None = Field(default=None, description="New, persistent and so on, by months")
    significant: bool = Field(description="Whether q passes the method's threshold")
    crs: str = Field(description="Metric system of easting and northing")
    cell_m: float | None = Field(default=None, description="Side of a square, length of a street")
    within_m: float | None = Field(default=None, description="How far off reports may be, metres")


class PatrolAction(SQLModel, table=True):
    """What was recommended for one place in one week, and what was done."""

    __tablename__ = "patrol_action"

    period: str = Field(primary_key=True, description="The week's Monday, such as 2026-12-07")
    source: str = Field(primary_key=True, description="Source of the reports")
    cell: str = Field(primary_key=True, description="Name of the cell or street")
    recommendation: str = Field(description="More, fewer or the same patrols, and when")
    reason: str | None = Field(default=None, description="Why, in plain words")
    done: str | None = Field(default=None, description="What was done")
    done_at: datetime | None = moment("When it was done")
