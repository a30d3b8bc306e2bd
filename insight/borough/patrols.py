"""The wardens' patrols, some of them where the fouling is."""

from datetime import date

import numpy as np
import pandas as pd

from insight.borough.clock import ANY_DAY, times_in
from insight.borough.comments import plan_number
from insight.borough.files import Batch, Export, Form, pack
from insight.borough.ground import Ground
from insight.borough.plan import Plan
from insight.borough.street_reports import Spot

MONTHLY = 46

EXPORT = Export(
    source="patrols",
    form=Form("parquet"),
    key=("patrol_id",),
    spoilers=(("minutes", 9_999.0),),
    fresh="patrol_id",
)


def make_patrols(plan: Plan, ground: Ground, spots: list[Spot], month: date) -> pd.DataFrame:
    """Return a month's patrols: a fifth on the hotspots' streets, the others anywhere."""
    rng = plan.stream("patrols", month)
    streets = ground.streets["street"].to_numpy(dtype=object)
    known = np.array([spot.street for spot in spots], dtype=object)
    there = rng.random(MONTHLY) < 0.2
    place = np.where(there, rng.choice(known, size=MONTHLY), rng.choice(streets, size=MONTHLY))
    found = rng.random(MONTHLY) < np.where(there, 0.6, 0.15)
    action = rng.choice(
        ["spoke to owner", "fixed penalty", "cleaned up"], MONTHLY, p=[0.5, 0.1, 0.4]
    )
    return pd.DataFrame(
        {
            "patrol_id": "PT" + pd.Series(plan_number(month) + np.arange(MONTHLY)).astype("string"),
            "started_at": pd.Series(times_in(month, MONTHLY, rng, days=ANY_DAY)).dt.strftime(
                "%Y-%m-%dT%H:%M:%S"
            ),
            "place": pd.Series(place, dtype="string"),
            "minutes": np.clip(rng.normal(18, 6, MONTHLY), 5, 60).round(),
            "action": pd.Series(np.where(found, action, "walked"), dtype="string"),
            "found": pd.Series(np.where(found, "fouling", "nothing"), dtype="string"),
        }
    ).astype({"started_at": "string"})


def patrol_files(plan: Plan, ground: Ground, spots: list[Spot]) -> Batch:
    """Return the patrols as the wardens' app exports them."""
    months = {month: make_patrols(plan, ground, spots, month) for month in plan.span}
    return pack(plan, EXPORT, months)
