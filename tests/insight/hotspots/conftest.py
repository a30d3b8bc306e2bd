"""Made-up boroughs with streets, for tests whose truth is known."""

import numpy as np
import pandas as pd
import pytest

SIZE_M = 4_900
WEST, SOUTH = 460_000, 298_000


def borough(seed, reports, *, planted=0, share=0.3, streets=160):
    """Points along random streets, `share` of them in `planted` hotspots; and their centres."""
    rng = np.random.default_rng(seed)
    start = rng.random((streets, 2)) * SIZE_M
    angle = rng.choice([0, np.pi / 2], streets) + rng.normal(0, 0.2, streets)
    length = rng.gamma(3, 200, streets)
    end = start + np.column_stack([np.cos(angle), np.sin(angle)]) * length[:, None]
    busy = length * rng.gamma(3, 1 / 3, streets)

    def along(count):
        street = rng.choice(streets, count, p=busy / busy.sum())
        way = rng.random(count)[:, None]
        return start[street] + (end[street] - start[street]) * way + rng.normal(0, 12, (count, 2))

    centres = along(planted)
    hot = rng.choice(planted, rng.binomial(reports, share)) if planted else np.empty(0, int)
    around = centres[hot] + rng.normal(0, 40, (len(hot), 2)) if planted else np.empty((0, 2))
    points = np.concatenate([along(reports - len(hot)), around])
    points = points[((points >= 0) & (points < SIZE_M)).all(axis=1)]
    return points, centres


def report_frame(points, *, days=365, last="2026-10-31", seed=0):
    """Reports at `points`, in metres from the borough's corner, spread over the days before."""
    points = np.asarray(points, dtype=float)
    age = np.random.default_rng(seed).integers(0, days, len(points))
    times = pd.Timestamp(f"{last} 12:00", tz="Europe/London") - pd.to_timedelta(age, unit="D")
    return pd.DataFrame(
        {
            "reported_at": pd.DatetimeIndex(times).as_unit("us"),
            "easting": points[:, 0] + WEST,
            "northing": points[:, 1] + SOUTH,
            "crs": pd.array(["EPSG:27700"] * len(points), dtype="string"),
            "ward": pd.array(["Mill Lane"] * len(points), dtype="string"),
        }
    )


@pytest.fixture(name="borough")
def _borough():
    return borough


@pytest.fixture(name="report_frame")
def _report_frame():
    return report_frame
