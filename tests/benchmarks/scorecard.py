"""Time a large council's scorecard: recompute, pages, workbook, and once more with nothing changed.

Run with ``python -m tests.benchmarks.scorecard [MEASURES SERVICES]``: 500 measures of 20 services
over 36 months unless told otherwise. The figures are drawn at random; nothing in them is real.
Seconds of the wall's clock and of the processor are printed, and how many drawings were made.
"""
# ruff: noqa: T201 (what it prints is what it is for)

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from insight.processes import processes
from insight.scorecard import scorecard
from insight.year_end import year_end, year_to_date
from pipelines.edge.drawings import kept_drawings
from pipelines.edge.output_folder import replace_folder
from pipelines.edge.page_data import PageData
from pipelines.edge.pages import render_site
from pipelines.edge.scorecard_rows import Judged
from pipelines.edge.workbook import scorecard_workbook
from tests.page_month import page_month

SEED = 2026
MONTHS = 36
MONTH = date(2026, 10, 1)
FAMILIES = ("service standard", "general statutory", "general improvement", "corporate strategy")


def council(measures: int, services: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return figures, measures and targets: thirds are shares, days, counts."""
    chance = np.random.default_rng(SEED)
    number = np.repeat(np.arange(measures), services)
    service = np.tile(np.arange(services), measures)
    share, days = number % 3 == 0, number % 3 == 1
    rows = pd.DataFrame(
        {
            "code": [f"M{a:03d}-{b:02d}" for a, b in zip(number, service, strict=True)],
            "title": [f"Measure {a} of service {b}" for a, b in zip(number, service, strict=True)],
            "family": np.array(FAMILIES)[number % len(FAMILIES)],
            "service": [f"service-{b:02d}" for b in service],
            "head_of_service": [f"Head of part {b % 5 + 1}" for b in service],
            "unit": np.select([share, days], ["share", "days"], "count"),
            "decimals": np.where(share, 1, 0),
            "polarity": np.where(number % 2 == 0, "higher", "lower"),
            "aggregation": np.select([share, days], ["ratio of sums", "mean"], "sum"),
            "definition": "What is counted, out of all that could be.",
        }
    )
    shape = (len(rows), MONTHS)
    bases = np.where(share[:, None], chance.integers(60, 400, shape), 0)
    cases = chance.binomial(bases, 0.8)
    value = np.where(
        share[:, None], cases / np.maximum(bases, 1), chance.normal(100, 8, shape).round()
    )
    months = [str(each) for each in pd.period_range(end="2026-10", periods=MONTHS, freq="M")]
    figures = pd.DataFrame(
        {
            "measure": np.repeat(rows["code"].to_numpy(), MONTHS),
            "service": np.repeat(rows["service"].to_numpy(), MONTHS),
            "period": months * len(rows),
            "breakdown": "",
            "value": value.ravel(),
            "numerator": np.where(share[:, None], cases, np.nan).ravel(),
            "denominator": np.where(share[:, None], bases, np.nan).ravel(),
            "lower": np.nan,
            "upper": np.nan,
            "base": np.where(share[:, None], bases, value).ravel(),
            "status": "final",
            "commentary": None,
        }
    )
    texts = ["measure", "service", "period", "breakdown", "status", "commentary"]
    targets = pd.DataFrame(
        {
            "measure": rows["code"],
            "period": "2026-27",
            "value": np.select([share, days], [0.8, 100.0], 1200.0),
            "low": np.nan,
            "high": np.nan,
        }
    )
    return figures.astype(dict.fromkeys(texts, "string")), rows, targets


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long something takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{what:<44} {wall:6.1f} s of wall {cpu:6.1f} s of processor", flush=True)


def judge(figures: pd.DataFrame, measures: pd.DataFrame, targets: pd.DataFrame) -> Judged:
    """Work everything out."""
    card = scorecard(figures, measures, targets, MONTH)
    found = processes(figures, measures, targets, card, MONTH)
    so_far = year_to_date(figures, measures, targets, MONTH)
    ahead = year_end(figures, measures, targets, MONTH).drop(columns="measure")
    year = pd.concat([so_far, ahead], axis="columns")
    return Judged(card, found, year, pd.DataFrame(columns=["measure", "service"]))


def month_of(judged: Judged, **more: object) -> PageData:
    """Give the month's pages this scorecard."""
    codes = judged.card["service"].unique()
    services = pd.DataFrame(
        {"code": codes, "name": [f"Service {code[-2:]}" for code in codes],
         "head_of_service": None, "manager": None}
    )  # fmt: skip
    return page_month(scorecard=judged.card, judged=judged, services=services, **more)


def publish(judged: Judged, folder: Path, name: str) -> dict[str, str | bytes]:
    """Render and write all pages and the workbook, as a month's publication does."""
    with kept_drawings(folder) as drawings:
        with timed(f"{name}: pages"):
            site = render_site(month_of(judged, drawings=drawings))
        with timed(f"{name}: workbook"):
            site["performance/scorecard.xlsx"] = scorecard_workbook(
                judged.card,
                council="Large",
                period_label="October 2026",
                notes=[],
                judged=judged,
                drawings=drawings,
            )
    with timed(f"{name}: written to disk"):
        replace_folder(folder / "2026-10", site)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    made = getattr(getattr(drawings, "kept", None), "made", 0)
    print(f"{name}: {len(site)} files, {size:,.0f} MB on disk, {made:,} drawings made")
    return site


def main(measures: int = 500, services: int = 20) -> None:
    """Print everything."""
    given = council(measures, services)
    print(f"{measures} measures of {services} services over {MONTHS} months")
    with timed("recompute"):
        judged = judge(*given)
    with tempfile.TemporaryDirectory() as folder:
        with timed("first run in all"):
            first = publish(judged, Path(folder), "first run")
        with timed("second run in all, nothing changed"):
            second = publish(judged, Path(folder), "second run")
    print(f"the two runs' bytes are {'equal' if first == second else 'DIFFERENT'}")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
