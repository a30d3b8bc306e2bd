"""Deprivation of the invented borough's wards: made up, and said to be."""

import pandas as pd

from insight.borough.ground import Ground
from insight.borough.plan import Plan


def make_areas(plan: Plan, ground: Ground) -> pd.DataFrame:
    """Return each ward's code, invented residents and invented decile (1 most deprived)."""
    rng = plan.stream("deprivation")
    return pd.DataFrame(
        {
            "ward_code": ground.wards["ward_code"],
            "residents": ground.wards["population"],
            "decile": rng.permutation(range(1, len(ground.wards) + 1)),
            "note": "invented",
        }
    )
