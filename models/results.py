"""Services, what is measured of them, and every published figure."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from models.columns import UtcTime, moment, run_detail, whole


class Service(SQLModel, table=True):
    """A service of the council, or one that a partner runs for it."""

    __tablename__ = "service"

    code: str = Field(primary_key=True, description="Short code, such as street-cleansing")
    name: str = Field(description="Name in words")
    head_of_service: str | None = Field(default=None, description="Post of the head of service")
    manager: str | None = Field(default=None, description="Post of the service manager")
    partner: str | None = Field(default=None, description="Partner that runs it, if one does")
    lgsl: str | None = Field(default=None, description="LGSL ids of the service, comma-separated")


class Measure(SQLModel, table=True):
    """A key performance indicator: what it counts and which way is better."""

    __tablename__ = "measure"

    code: str = Field(primary_key=True, description="Short code, such as complaints_upheld_share")
    title: str = Field(description="Title in words")
    family: str = Field(
        description="service standard, general statutory, general improvement or corporate strategy"
    )
    service: str = Field(description="Code of the service, or all")
    unit: str = Field(description="share, count, days, score, or the unit of an entered figure")
    polarity: str = Field(description="Which way is better: higher, lower or band")
    aggregation: str | None = Field(
        default=None, description="How months make a quarter: sum, mean, ratio, last or worst"
    )
    frequency: str | None = Field(default=None, description="weekly to annual")
    tolerance: float | None = Field(
        default=None, description="How far past the target is still amber; see tolerance_kind"
    )
    tolerance_kind: str | None = Field(
        default=None, description="relative (a share of the target) or absolute (in the unit)"
    )
    decimals: int | None = whole("Decimals that are published")
    accumulation: str | None = Field(
        default=None, description="What a value covers: in period, cumulative or rolling"
    )
    year_to_date: bool | None = Field(
        default=None, description="Whether the year so far is shown beside each period"
    )
    calendar: str | None = Field(default=None, description="Whose working days it counts")
    objective: str | None = Field(default=None, description="Objective of the corporate strategy")
    in_control: bool | None = Field(
        default=None, description="Whether what it measures is in the council's control"
    )
    drives_improvement: bool | None = Field(
        default=None, description="Whether working towards it makes the service better"
    )
    disclosive: bool | None = Field(
        default=None, description="Whether small numbers of it could point at people"
    )
    breakdown: str | None = Field(
        default=None, description="Breakdown of the computed figure; empty for the whole"
    )
    owner: str | None = Field(default=None, description="Post that answers for it")
    definition: str | None = Field(default=None, description="What is counted, in plain words")
    figure: str | None = Field(
        default=None, description="Computed figure that feeds it; empty when a person enters it"
    )
    published: bool = Field(description="Whether the public sees it")


class Target(SQLModel, table=True):
    """What a measure should reach in one period."""

    __tablename__ = "target"

    measure: str = Field(primary_key=True, description="Code of the measure")
    service: str = Field(primary_key=True, description="Code of the service, or all")
    period: str = Field(primary_key=True, description="2026-10, 2026-27 Q2 or 2026-27")
    value: float | None = Field(default=None, description="The target, in the measure's unit")
    lower: float | None = Field(default=None, description="Lower end, where a band is the target")
    upper: float | None = Field(default=None, description="Upper end, where a band is the target")
    agreed_by: str | None = Field(default=None, description="Who agreed it")
    agreed_on: date | None = Field(default=None, description="When it was agreed")
    tolerance: float | None = Field(
        default=None, description="Tolerance of this target, where it has its own"
    )
    tolerance_kind: str | None = Field(default=None, description="relative or absolute")


class Result(SQLModel, table=True):
    """One figure for a measure, service and period, with all that a reader may ask about it."""

    __tablename__ = "result"
    __table_args__ = (Index("ix_result_measure_period", "measure", "period"),)

    measure: str = Field(primary_key=True, description="Code of the measure or computed figure")
    service: str = Field(primary_key=True, description="Code of the service, or all")
    period: str = Field(primary_key=True, description="2026-10, 2026-27 Q2 or 2026-27")
    breakdown: str = Field(
        primary_key=True, description="Empty for the whole, else channel=phone;topic=refunds"
    )
    value: float | None = Field(default=None, description="In unit; shares are proportions")
    numerator: float | None = Field(default=None, description="Top of the ratio")
    denominator: float | None = Field(default=None, description="Bottom of the ratio")
    lower: float | None = Field(default=None, description="Lower end of the 95% interval")
    upper: float | None = Field(default=None, description="Upper end of the 95% interval")
    base: int | None = Field(default=None, sa_type=BigInteger, description="Records behind it")
    unit: str | None = Field(default=None, description="share, count, days or score")
    target: float | None = Field(default=None, description="Target for the period")
    rag: str | None = Field(
        default=None, description="green, amber, red, no target, awaited or suppressed"
    )
    direction: str | None = Field(default=None, description="Direction of travel")
    status: str = Field(description="final, provisional, revised, awaited or suppressed")
    spc: str | None = Field(default=None, description="Signal of the control chart")
    assurance: str | None = Field(
        default=None, description="Whether the process meets its target: pass, fail, inconsistent"
    )
    verdict: str | None = Field(
        default=None, description="What colour, variation and assurance together say"
    )
    colour_change_is_noise: bool | None = Field(
        default=None, description="Whether chance alone explains a change of colour"
    )
    commentary: str | None = Field(default=None, description="What the manager says about it")
    commentary_by: str | None = Field(default=None, description="Post that wrote the commentary")
    definition: str | None = Field(default=None, description="What is counted, in plain words")
    contract_versions: str | None = Field(
        default=None, description="Contracts and versions behind the figure"
    )
    run_id: str = run_detail("Run that computed it")
    computed_at: datetime = run_detail("When it was computed", sa_type=UtcTime)


class Rebaseline(SQLModel, table=True):
    """A person's decision to start a measure's control limits afresh, kept for good.

    One that is withdrawn stays, with who withdrew it and why; the same period may then be entered
    again. What the chart said before is kept as it was, so that the old status stays in sight.
    """

    __tablename__ = "rebaseline"

    measure: str = Field(primary_key=True, description="Code of the measure")
    service: str = Field(primary_key=True, description="Code of the service, or all")
    period: str = Field(primary_key=True, description="First period under the new limits")
    entry: int = Field(
        primary_key=True, sa_type=BigInteger, description="1, then one more each time it is entered"
    )
    reason: str = Field(description="What changed, in the person's words")
    agreed_by: str = Field(description="Post that agreed it")
    old_status: str | None = Field(default=None, description="What the chart said before")
    recorded_at: datetime | None = moment("When it was recorded")
    old_rag: str | None = Field(default=None, description="Colour when it was recorded")
    old_verdict: str | None = Field(default=None, description="Verdict when it was recorded")
    old_mean: float | None = Field(default=None, description="Mean before, in the measure's unit")
    old_lower: float | None = Field(default=None, description="Lower control limit before")
    old_upper: float | None = Field(default=None, description="Upper control limit before")
    withdrawn_by: str | None = Field(default=None, description="Post that withdrew it")
    withdrawn_reason: str | None = Field(default=None, description="Why it was withdrawn")
    withdrawn_at: datetime | None = moment("When it was withdrawn")


class Revision(SQLModel, table=True):
    """What a figure of the scorecard was before it changed, kept for good."""

    __tablename__ = "revision"

    measure: str = Field(primary_key=True, description="Code of the measure")
    service: str = Field(primary_key=True, description="Code of the service, or all")
    period: str = Field(primary_key=True, description="Period of the figure")
    entry: int = Field(
        primary_key=True, sa_type=BigInteger, description="1, then one more each time it changes"
    )
    old_value: float = Field(description="As it was published, in the measure's unit")
    new_value: float = Field(description="As it is since")
    revised_on: date = run_detail("Day on which it changed")
    run_id: str = run_detail("Run that changed it")


class Release(SQLModel, table=True):
    """A named person's word that a quarter's figures may be seen by the public."""

    __tablename__ = "release"

    quarter: str = Field(primary_key=True, description="Financial quarter, such as 2026-27 Q2")
    released_by: str = Field(description="Who released it")
    released_at: datetime = Field(sa_type=UtcTime, description="When they did")
