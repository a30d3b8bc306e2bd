"""The borough's measures: what the scorecard computes, and what managers enter."""

from dataclasses import dataclass

from insight.borough.plan import Plan
from insight.periods import year_key

Yaml = dict[str, object]

COLLECTED = {
    4: 0.109, 5: 0.203, 6: 0.296, 7: 0.389, 8: 0.482, 9: 0.575,
    10: 0.668, 11: 0.760, 12: 0.850, 1: 0.935, 2: 0.968, 3: 0.982,
}  # fmt: skip
"""Share of the year's council tax that is in by the end of each calendar month, as planned."""


@dataclass(frozen=True, slots=True)
class Entered:
    """How an entered measure runs: about `level`, `spread` either way; for shares, of `base`."""

    code: str
    level: float
    spread: float
    entered_by: str
    base: int | None = None
    frequency: str = "monthly"


ENTERED = (
    Entered("MISSED-BINS", 0.962, 0.012, "Waste Manager", 140),
    Entered("RECYCLING", 0.437, 0.008, "Waste Manager", 1_910),
    Entered("STREET-GRADE", 0.899, 0.012, "Clean and Green Manager", 300),
    Entered("FOUL-CLEAR", 0.972, 0.012, "Environmental Health Manager", 36),
    Entered("HOMELESS-PREV", 0.52, 0.03, "Housing Manager", 25),
    Entered("VOID-DAYS", 24.0, 1.5, "Housing Manager"),
    Entered("TEMP-ROOMS", 0.88, 0.02, "Housing Manager", 60),
    Entered("TAX-COLLECTED", 0.0, 0.002, "Revenues Manager"),
    Entered("APPEALS-WON", 0.72, 0.05, "Planning Control Team Leader", 9, "quarterly"),
)
LEISURE = Entered("LEISURE-VISITS", 21_900.0, 600.0, "Contract Manager, Tessenby Leisure Trust")
AWAITED = "VOID-DAYS"
"""The measure whose manager has not sent the last month's figure yet."""


def make_measures(plan: Plan) -> list[Yaml]:
    """Return ``measures.yaml``'s list, with the same target in every year of the plan."""
    years = sorted({year_key(month) for month in plan.span})
    bins = {year: {"value": 0.95, "periods": {f"{int(year[:4]) + 1}-01": 0.85}} for year in years}
    collected = {
        year: {
            "periods": {
                f"{int(year[:4]) + (month < 4)}-{month:02d}": share
                for month, share in COLLECTED.items()
            }
        }
        for year in years
    }
    dark = {year: {"value": 20, "periods": {f"{year} Q3": 28, f"{year} Q4": 28}} for year in years}
    every = {
        "PLAN-SAT": 0.70, "PLAN-TIME": 0.90, "PLAN-WAIT": 49, "PLAN-OPEN": 80, "CTS-WAIT": 18,
        "CALLS": 0.92, "CS-SAT": 0.80, "COMPLAINTS": 288, "UPHELD": 0.45, "FORMS": 0.65,
        "RECYCLING": 0.45, "STREET-GRADE": 0.92, "FOUL-CLEAR": 0.95, "HOMELESS-PREV": 0.60,
        "VOID-DAYS": 21, "APPEALS-WON": 0.70, "LEISURE-VISITS": 21_000, "SORTED": 0.75,
    }  # fmt: skip
    targets: dict[str, Yaml] = {code: dict.fromkeys(years, t) for code, t in every.items()}
    targets |= {
        "MISSED-BINS": dict(bins),
        "TAX-COLLECTED": dict(collected),
        "FOULING": dict(dark),
        "TEMP-ROOMS": {year: {"low": 0.80, "high": 0.95} for year in years},
    }
    return [measure | {"targets": targets[str(measure["code"])]} for measure in _MEASURES]


def _measure(
    code: str, title: str, family: str, service: str, unit: str, polarity: str, **more: object
) -> Yaml:
    return {
        "code": code, "title": title, "family": family, "service": service, "unit": unit,
        "decimals": 1 if unit == "share" else 0, "polarity": polarity, **more,
    }  # fmt: skip


STANDARD, STATUTORY = "service standard", "general statutory"
IMPROVEMENT, STRATEGY = "general improvement", "corporate strategy"
POINTS = {"kind": "absolute", "size": 0.05}

_MEASURES: list[Yaml] = [
    _measure(
        "PLAN-SAT", "Applicants satisfied with the planning service", STRATEGY, "planning",
        "share", "higher", figure="satisfaction_share", tolerance=POINTS, published=True,
        owner="Planning Control Team Leader",
        definition="Very or fairly satisfied overall, over all who answered; don't know left out.",
    ),
    _measure(
        "PLAN-TIME", "Planning applications decided in time", STATUTORY, "planning",
        "share", "higher", figure="cases_in_time_share", published=True,
        owner="Planning Control Team Leader",
        definition="Decided by the target date or the extension agreed, over all decided.",
    ),
    _measure(
        "PLAN-WAIT", "Typical wait for a planning decision", STANDARD, "planning",
        "days", "lower", figure="case_wait_days_typical", published=True,
        tolerance={"kind": "relative", "size": 0.1}, owner="Planning Control Team Leader",
        definition="Half of the applications decided in the month waited longer.",
    ),
    _measure(
        "PLAN-OPEN", "Planning applications awaiting a decision", IMPROVEMENT, "planning",
        "count", "lower", figure="cases_open", owner="Planning Control Team Leader",
    ),
    _measure(
        "CTS-WAIT", "Typical wait for a council tax support decision", STANDARD, "council-tax",
        "days", "lower", figure="case_wait_days_typical", published=True, owner="Revenues Manager",
    ),
    _measure(
        "TAX-COLLECTED", "Council tax collected so far this year", STATUTORY, "council-tax",
        "share", "higher", entered=True, published=True, in_control=False,
        accumulation="cumulative",
        tolerance={"kind": "absolute", "size": 0.01}, owner="Revenues Manager",
        definition="Cumulative: of the year's charge, what is in by the end of the month.",
    ),
    _measure(
        "CALLS", "Calls answered", STANDARD, "all", "share", "higher",
        figure="calls_answered_share", published=True, owner="Customer Services Manager",
    ),
    _measure(
        "CS-SAT", "Customers satisfied with customer services", STANDARD, "customer-services",
        "share", "higher", figure="satisfaction_share", tolerance=POINTS, published=True,
        owner="Customer Services Manager",
    ),
    _measure(
        "COMPLAINTS", "Complaints received", IMPROVEMENT, "all", "count", "lower",
        figure="complaints_received", aggregation="sum", published=True,
        owner="Head of Customer Service and Transformation",
    ),
    _measure(
        "UPHELD", "Complaints upheld", IMPROVEMENT, "all", "share", "lower",
        figure="complaints_upheld_share", owner="Head of Customer Service and Transformation",
    ),
    _measure(
        "FORMS", "Online forms completed once begun", STRATEGY, "all", "share", "higher",
        figure="form_completion_share", owner="Head of Customer Service and Transformation",
    ),
    _measure(
        "SORTED", "Enquiries sorted without a person", IMPROVEMENT, "all", "share", "higher",
        figure="enquiries_classified_share", owner="Head of Customer Service and Transformation",
    ),
    _measure(
        "MISSED-BINS", "Missed bins collected within one working day", STANDARD, "waste",
        "share", "higher", entered=True, published=True, owner="Waste Manager",
        definition="The target is lower for January, when the Christmas rounds are caught up.",
    ),
    _measure(
        "RECYCLING", "Household waste recycled or composted", STATUTORY, "waste", "share",
        "higher", entered=True, published=True, owner="Waste Manager",
        definition="Tonnes recycled or composted over all tonnes of household waste.",
    ),
    _measure(
        "STREET-GRADE", "Streets found clear of litter", IMPROVEMENT, "street-cleaning", "share",
        "higher", entered=True, owner="Clean and Green Manager",
        definition="Lengths of street graded clear at inspection, over all inspected.",
    ),
    _measure(
        "FOULING", "Reports of dog fouling", IMPROVEMENT, "dog-warden", "count", "lower",
        figure="street_reports", tolerance={"kind": "relative", "size": 0.2},
        owner="Environmental Health Manager", definition="Profiled: more is seen in dark months.",
    ),
    _measure(
        "FOUL-CLEAR", "Dog fouling removed within one working day", STANDARD, "dog-warden",
        "share", "higher", entered=True, published=True, owner="Environmental Health Manager",
        definition="Fouling on public land cleared by the next working day, over all reported.",
    ),
    _measure(
        "HOMELESS-PREV", "Homelessness prevented", STATUTORY, "housing", "share", "higher",
        entered=True, published=True, disclosive=True, owner="Housing Manager",
        definition="Households helped to stay or move before they lost a home, over all who asked.",
    ),
    _measure(
        "VOID-DAYS", "Days to let an empty council home again", IMPROVEMENT, "housing", "days",
        "lower", entered=True, owner="Housing Manager",
        definition="Mean days from the end of a tenancy to the start of the next.",
    ),
    _measure(
        "TEMP-ROOMS", "Temporary rooms in use", STRATEGY, "housing", "share", "band",
        entered=True, tolerance={"kind": "absolute", "size": 0.03}, owner="Housing Manager",
        definition="Too few in use is money wasted, too many leaves none for an emergency.",
    ),
    _measure(
        "APPEALS-WON", "Planning appeals decided for the council", STATUTORY, "planning", "share",
        "higher", frequency="quarterly", aggregation="ratio of sums", entered=True,
        published=True, owner="Planning Control Team Leader",
        definition="Appeals dismissed over appeals decided in the quarter.",
    ),
    _measure(
        "LEISURE-VISITS", "Visits to leisure centres", STRATEGY, "leisure", "count", "higher",
        entered=True, published=True, owner="Contract Manager, Tessenby Leisure Trust",
        definition="Paid and free visits counted at the turnstiles of both centres.",
    ),
]  # fmt: skip
