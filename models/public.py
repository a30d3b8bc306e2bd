"""What the public may see, decided once and read by every public output."""

from datetime import date, datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from models.columns import UtcTime, run_detail


class PublicFigure(SQLModel, table=True):
    """One measure in one period, as a release shows it to the public, or why it doesn't.

    A figure that isn't published has no number here at all: the table holds nothing that the
    public may not see. An issue is never changed; releasing a quarter again adds the next.
    """

    __tablename__ = "public_figure"

    quarter: str = Field(primary_key=True, description="Quarter whose release decided it")
    issue: int = Field(
        primary_key=True, sa_type=BigInteger, description="1, then one more each time it is issued"
    )
    measure: str = Field(primary_key=True, description="Code of the measure")
    service: str = Field(primary_key=True, description="Code of the service, or all")
    period: str = Field(primary_key=True, description="2026-27 Q2 or 2026-27")
    decision: str = Field(description="published, suppressed, held back or awaited")
    reason: str = Field(description="Why, in words for the public")
    released_by: str = Field(description="Who released it")
    title: str = Field(description="Title of the measure")
    family: str = Field(description="Family of the measure")
    definition: str = Field(description="What is counted, in plain words")
    unit: str = Field(description="share, rate, count, days, score or pounds")
    decimals: int = Field(sa_type=BigInteger, description="Decimals that are published")
    polarity: str = Field(description="Which way is better: higher, lower or band")
    frequency: str = Field(description="How often the measure is reported: quarterly or annual")
    figure: str = Field(description="Computed figure that feeds it, else its own code")
    figure_service: str = Field(description="Service that the figure is of")
    breakdown: str = Field(description="Breakdown of the figure; empty for the whole")
    aggregation: str = Field(description="How months make the period: sum, ratio of sums and so on")
    accumulation: str = Field(description="What a value covers: in period, cumulative or rolling")
    disclosive: bool = Field(description="Whether small numbers of it could point at people")
    value: float | None = Field(default=None, description="In unit; shares are proportions")
    numerator: float | None = Field(default=None, description="Top of the ratio")
    denominator: float | None = Field(default=None, description="Bottom of the ratio")
    lower: float | None = Field(default=None, description="Lower end of the 95% interval")
    upper: float | None = Field(default=None, description="Upper end of the 95% interval")
    base: int | None = Field(default=None, sa_type=BigInteger, description="Records behind it")
    target: float | None = Field(default=None, description="Target for the period")
    target_low: float | None = Field(default=None, description="Lower end of the target's band")
    target_high: float | None = Field(default=None, description="Upper end of the target's band")
    rag: str = Field(description="green, amber, red, no target, awaited or suppressed")
    direction: str | None = Field(
        default=None, description="Direction of travel from the period before, if that is shown"
    )
    change_within_interval: bool | None = Field(
        default=None, description="Whether chance alone could make that change"
    )
    status: str = Field(description="final, provisional, revised, awaited or suppressed")
    committee_on: date = Field(description="First day of the month in which committee has it")
    decided_at: datetime = run_detail("When it was decided", sa_type=UtcTime)
