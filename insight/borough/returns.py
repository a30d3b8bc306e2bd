"""What managers and the partner send in each month, one late and one put right later."""

from datetime import date

import numpy as np
import pandas as pd

from insight.borough.files import Batch, Export, Form, pack
from insight.borough.measures import AWAITED, COLLECTED, ENTERED, LEISURE, Entered
from insight.borough.plan import Plan
from insight.periods import add_months, month_key, quarter_key

MANAGERS = Export("manager-returns", Form("xlsx", sheet="Return"), ("Measure code", "Period"))
PARTNER = Export("leisure-partner", Form("xlsx", sheet="Return"), ("Indicator", "Month"))
REVISED = "RECYCLING"
"""The measure whose figure is put right a month later, when the weighbridge has reported."""

LATE_TONNES = 14

PARTNER_INDICATOR = "Visits, all centres"
COMMENTS = {
    "RECYCLING": "Contaminated loads were turned away at the plant; a leaflet goes out next month.",
    "HOMELESS-PREV": "More families were asked to leave by private landlords than we could place.",
    "STREET-GRADE": "One sweeper was off the road for two weeks; it is back.",
    "TAX-COLLECTED": "Reminders went out a week late. The gap is expected to close next month.",
}


def make_returns(plan: Plan, month: date) -> pd.DataFrame:
    """Return a month's workbook of the managers, with last month's revision."""
    due = [entered for entered in ENTERED if _due(entered, plan, month)]
    rows = [_row(plan, entered, month) for entered in due]
    if month != plan.span[0]:
        (revised,) = [entered for entered in ENTERED if entered.code == REVISED]
        rows.append(_row(plan, revised, add_months(month, -1), more=LATE_TONNES))
    return pd.DataFrame(rows)


def _due(entered: Entered, plan: Plan, month: date) -> bool:
    if entered.frequency == "quarterly":
        return month.month % 3 == 0
    return not (entered.code == AWAITED and month == plan.last_month)


def _row(plan: Plan, entered: Entered, month: date, *, more: int = 0) -> dict[str, object]:
    rng = plan.stream(f"return {entered.code}", month)
    level = entered.level
    if entered.code == "TAX-COLLECTED":
        level = COLLECTED[month.month] - 0.004
    value = level + rng.uniform(-1, 1) * entered.spread
    quarterly = entered.frequency == "quarterly"
    row: dict[str, object] = {
        "Measure code": entered.code,
        "Period": quarter_key(month) if quarterly else month_key(month),
        "Numerator": np.nan,
        "Denominator": np.nan,
        "Value": np.nan,
        "Comment": "Revised." if more else COMMENTS.get(entered.code),
        "Entered by": entered.entered_by,
    }
    if entered.base is None:
        return row | {"Value": round(value, 4)}
    base = max(int(rng.poisson(entered.base)), 1)
    return row | {"Numerator": round(value * base) + more, "Denominator": base}


def make_partner_return(plan: Plan, month: date) -> pd.DataFrame:
    """Return the leisure partner's month, under its own headings."""
    rng = plan.stream("leisure", month)
    season = {12: 0.85, 1: 1.12, 8: 0.94}.get(month.month, 1.0)
    visits = round(LEISURE.level * season + rng.normal(0, LEISURE.spread / 2))
    return pd.DataFrame(
        {
            "Indicator": [PARTNER_INDICATOR],
            "Month": [month_key(month)],
            "Attendances": [visits],
            "Remarks": [
                "Pool closed for two days." if rng.random() < 0.2 else "Nothing to report."
            ],
            "Completed by": [LEISURE.entered_by],
        }
    )


def return_files(plan: Plan) -> list[Batch]:
    """Return the managers' and the partner's workbooks."""
    return [
        pack(plan, MANAGERS, {month: make_returns(plan, month) for month in plan.span}),
        pack(plan, PARTNER, {month: make_partner_return(plan, month) for month in plan.span}),
    ]
