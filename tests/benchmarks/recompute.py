"""Time a recomputation of a whole council's scorecard: 500 measures, 36 months, 20 services.

Run with ``python tests/benchmarks/recompute.py [figures|store ...]``. Every service has all 500
measures, so it is 10,000 series of 36 figures, each with its own target, and all of them are
judged: colour, direction, year to date, year-end forecast, control chart, verdict. The figures are
drawn at random; nothing in them is real. Times are of one processor.
"""
# ruff: noqa: T201 (what it prints is what it is for)

import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np
import pandas as pd
import yaml

from insight.scorecard import scorecard
from insight.spc import control
from insight.verdict import verdicts
from insight.year_end import year_end, year_to_date
from models import EVENT_TABLES
from pipelines.edge.store import upsert, write_transaction
from pipelines.edge.workspace import create_workspace, open_workspace
from pipelines.steps.scorecard import measure_figures, publish_scorecard

T = TypeVar("T")
SEED = 2026
MEASURES, SERVICES, MONTHS = 500, 20, 36
MONTH = date(2026, 12, 1)
KINDS = pd.DataFrame(
    [
        ("share", "ratio of sums", "monthly", "in period"),
        ("count", "sum", "monthly", "in period"),
        ("days", "mean", "monthly", "in period"),
        ("share", "ratio of sums", "quarterly", "in period"),
        ("count", "sum", "monthly", "cumulative"),
        ("score", "last", "monthly", "in period"),
        ("pounds", "sum", "quarterly", "in period"),
        ("days", "worst", "monthly", "in period"),
        ("share", "last", "monthly", "rolling"),
        ("rate", "ratio of sums", "monthly", "in period"),
    ],
    columns=["unit", "aggregation", "frequency", "accumulation"],
)
"""A catalogue's mix of measures; longer periods' figures are made of their months."""


def council() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the figures, measures and targets of all services."""
    chance = np.random.default_rng(SEED)
    number, service = (
        grid.ravel() for grid in np.meshgrid(range(MEASURES), range(SERVICES), indexing="ij")
    )
    codes = [f"M{n:03d}-S{s:02d}" for n, s in zip(number, service, strict=True)]
    measures = KINDS.iloc[number % len(KINDS)].reset_index(drop=True).assign(
        code=codes,
        title=codes,
        family="general statutory",
        service=[f"service-{s:02d}" for s in service],
        decimals=np.where(number % 2, 1, 0),
        polarity=np.array(["higher", "lower", "higher", "lower", "band"])[number // 10 % 5],
    )  # fmt: skip
    return figures_of(measures, chance), measures, targets_of(measures)


def figures_of(measures: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    """Draw every measure's figures of every month, in the form of a returns' results frame."""
    rows = measures.loc[measures.index.repeat(MONTHS)].reset_index(drop=True)
    divided = rows["unit"].isin(["share", "rate"]).to_numpy()
    base = np.where(divided, chance.integers(10, 400, len(rows)), 1)
    cases = chance.binomial(base, 0.8)
    drawn = np.where(divided, cases / base, chance.poisson(100, len(rows)))
    value = pd.Series(drawn.astype(float))
    months = [str(each) for each in pd.period_range(end="2026-12", periods=MONTHS, freq="M")]
    rows["period"] = pd.array(months * len(measures), dtype="string")
    years = pd.Series([int(each[:4]) - (each[5:] < "04") for each in months] * len(measures))
    summed = value.groupby([rows["code"], years]).cumsum()
    value = value.mask(rows["accumulation"].eq("cumulative"), summed)
    return pd.DataFrame(
        {
            "measure": rows["code"].astype("string"),
            "service": rows["service"].astype("string"),
            "breakdown": pd.array([""] * len(rows), dtype="string"),
            "period": rows["period"],
            "value": value,
            "numerator": np.where(divided, cases, np.nan),
            "denominator": np.where(divided, base, np.nan),
            "lower": value * 0.9,
            "upper": value * 1.1,
            "base": pd.array(np.where(divided, base, np.nan), dtype="Float64").astype("Int64"),
            "status": "final",
            "commentary": pd.array([None] * len(rows), dtype="string"),
        }
    )


def targets_of(measures: pd.DataFrame) -> pd.DataFrame:
    """Give each measure a target for each of four years: a value, or a band."""
    level = measures["unit"].isin(["share", "rate"]).map({True: 0.8, False: 100.0})
    level = level * np.where(measures["aggregation"].eq("sum"), 12, 1)
    band = measures["polarity"].eq("band")
    each = pd.DataFrame(
        {
            "measure": measures["code"],
            "value": level.mask(band),
            "low": (level * 0.95).where(band),
            "high": (level * 1.05).where(band),
        }
    )
    years = ["2023-24", "2024-25", "2025-26", "2026-27"]
    return pd.concat([each.assign(period=year, year=year) for year in years], ignore_index=True)


def timed(name: str, what: Callable[[], T], spent: list[float]) -> T:
    """Do something, print how much of a processor's time it took, and note it."""
    started, wall = time.process_time(), time.perf_counter()
    found = what()
    spent.append(time.process_time() - started)
    print(f"  {name:<42} {spent[-1]:5.2f} s ({time.perf_counter() - wall:.2f} s by the clock)")
    return found


def print_figures() -> None:
    """Print how long all figures take to be judged."""
    figures, measures, targets = council()
    print(f"{len(figures):,} figures of {len(measures):,} series, {len(targets):,} targets")
    asked = (figures, measures, targets, MONTH)
    for turn in ("first", "again"):
        print(turn)
        spent: list[float] = []
        card = timed("colour and direction", partial(scorecard, *asked), spent)
        timed("year to date", partial(year_to_date, *asked), spent)
        timed("year-end forecast", partial(year_end, *asked), spent)
        named = measures.rename(columns={"code": "measure"})
        goal = card.set_index("measure")["target"]
        aimed = figures.assign(target=figures["measure"].map(goal).astype("float64"))
        charts = timed("control charts", partial(charted, aimed, named), spent)
        colour = card.set_index(["measure", "service"])["rag"]
        rag = charts.set_index(["measure", "service"]).index.map(colour)
        status = pd.Series(rag, index=charts.index)
        timed("verdicts", partial(verdicts, charts, status, before=status), spent)
        print(f"  all {sum(spent):.2f} s")


def charted(figures: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Work out every series' control chart."""
    return control(figures, measures).series


def workspace_of(folder: Path) -> Path:
    """Make a workspace of all the measures, with the figures that managers entered."""
    figures, measures, targets = council()
    root = create_workspace(folder / "council")
    goals = {
        code: {"2026-27": {name: value for name, value in goal.items() if value == value}}
        for code, goal in targets[targets["year"].eq("2026-27")]
        .set_index("measure")[["value", "low", "high"]]
        .to_dict("index")
        .items()
    }
    listed = [
        row | {"entered": True, "frequency": "monthly", "targets": goals[row["code"]]}
        for row in measures.to_dict("records")
    ]
    services = [{"code": each, "name": each} for each in sorted(set(measures["service"]))]
    for name, content in (("services", services), ("measures", listed)):
        path = root / "settings" / f"{name}.yaml"
        path.write_text(yaml.safe_dump({name: content}), encoding="utf-8")
    rows = figures[["measure", "period", "value", "numerator", "denominator"]]
    rows = rows.assign(value=rows["value"].mask(rows["numerator"].notna()))
    rows = rows.assign(row_key=rows["measure"] + " " + rows["period"], row_hash="drawn")
    rows = rows.assign(source="drawn", file_hash="drawn", row_number=1, run_id="drawn")
    opened = open_workspace(root, run_id="benchmark")
    with write_transaction(opened.engine) as connection:
        upsert(connection, EVENT_TABLES["kpi_returns"], rows)
    return root


def print_store() -> None:
    """Print how long the step takes that reads the returns, judges them and stores the result."""
    with TemporaryDirectory() as folder:
        root = workspace_of(Path(folder))
        spent: list[float] = []
        opened = timed("settings", partial(open_workspace, root, run_id="benchmark"), spent)
        timed("returns out of the store", partial(measure_figures, opened, []), spent)
        for turn in ("the month's step, all new", "again, nothing new"):
            timed(turn, partial(publish_scorecard, opened, MONTH), spent)


if __name__ == "__main__":
    parts = {"figures": print_figures, "store": print_store}
    for part in sys.argv[1:] or parts:
        parts[part]()
