"""Time the control charts of a whole council, and measure how often they are wrong.

Run with ``python tests/benchmarks/spc.py [times|alarms|drawing ...]``. The figures are drawn at
random; nothing in them is real. "Alarms" are false: the processes that they are told of did not
change.
"""
# ruff: noqa: T201 (what it prints is what it is for)

import sys
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pandas as pd

from insight.change_points import suggested_changes
from insight.charts import svg_text
from insight.spc import Control, control
from insight.spc_chart import control_chart
from insight.spc_spark import control_sparks
from insight.verdict import verdicts

SEED = 2026
MEASURES, SERVICES, MONTHS = 500, 20, 36
DRAWN = 60
RUNS = 4_000


def months(count: int) -> list[str]:
    """Name months, the last in December 2026."""
    return [str(each) for each in pd.period_range(end="2026-12", periods=count, freq="M")]


def frame(values: np.ndarray, bases: np.ndarray | None = None) -> pd.DataFrame:
    """Return figures whose rows in `values` are measures."""
    count, length = values.shape
    figures = pd.DataFrame(
        {
            "measure": np.repeat([f"M{number:05d}" for number in range(count)], length),
            "service": "one",
            "period": months(length) * count,
            "value": values.ravel(),
        }
    )
    if bases is None:
        return figures
    k = np.round(values.ravel() * bases.ravel())
    return figures.assign(numerator=k, denominator=bases.ravel(), value=k / bases.ravel())


def council() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return figures of all measures and services: a third of the measures are shares."""
    chance = np.random.default_rng(SEED)
    figures = pd.MultiIndex.from_product(
        [
            [f"M{number:03d}" for number in range(MEASURES)],
            [f"service {number}" for number in range(SERVICES)],
            months(MONTHS),
        ],
        names=["measure", "service", "period"],
    ).to_frame(index=False)
    number = figures["measure"].str[1:].astype(int)
    share = (number % 3 == 0).to_numpy()
    bases = np.where(share, chance.integers(10, 400, len(figures)), np.nan)
    cases = chance.binomial(np.where(share, bases, 1).astype(int), 0.8)
    value = np.where(share, cases / bases, chance.normal(100, 8, len(figures)))
    figures = figures.assign(
        value=value,
        numerator=np.where(share, cases, np.nan),
        denominator=bases,
        target=np.where(share, 0.8, 100.0),
    )
    measures = pd.DataFrame({"measure": figures["measure"].unique()})
    measures["unit"] = np.where(np.arange(MEASURES) % 3 == 0, "share", "count")
    measures["polarity"] = np.where(np.arange(MEASURES) % 2 == 0, "higher", "lower")
    return figures, measures


def best(what, times: int = 3) -> float:
    """Return the fewest seconds that `what` takes."""
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        what()
        spent.append(time.perf_counter() - started)
    return min(spent)


def print_times() -> None:
    """Print how long a recomputation of everything takes."""
    figures, measures = council()
    found = control(figures, measures)
    seconds = best(lambda: control(figures, measures))
    print(f"{len(figures):,} figures of {len(found.series):,} series: {seconds:.2f} s")
    print(found.series["chart"].value_counts().to_string())
    print(f"changes suggested: {best(lambda: suggested_changes(found)):.2f} s")
    status = pd.Series("red", index=found.series.index)
    seconds = best(lambda: verdicts(found.series, status, before=status))
    print(f"verdicts of all: {seconds:.2f} s")


def share_of(flags: pd.Series) -> str:
    """Write a share of series."""
    return f"{flags.mean():.2%}"


def shown(name: str, found: Control) -> None:
    """Print false alarms of one kind of process."""
    rules = found.points["rule"]
    alone = found.series.set_index("measure")["rule"].fillna("")
    offered = suggested_changes(found)["measure"].nunique() / len(found.series)
    seasonal = found.series["chart"].str.contains("last year").mean()
    print(
        f"{name:<40} points beyond {share_of(rules.eq('beyond the limit'))}, "
        f"any rule {share_of(rules.ne(''))}, at the latest {share_of(alone.ne(''))}; "
        f"changes offered {offered:.2%}; seen as seasonal {seasonal:.2%}"
    )


def print_alarms() -> None:
    """Print false alarms, a process a line."""
    chance = np.random.default_rng(SEED)
    for length in (24, 36, 60):
        shape = (RUNS, length)
        print(f"{length} months, {RUNS:,} series each")
        wild = chance.normal(size=shape)
        for at in range(1, length):
            wild[:, at] = 0.4 * wild[:, at - 1] + wild[:, at]
        kinds = {
            "normal": chance.normal(size=shape),
            "long tails (Student, 4)": chance.standard_t(4, size=shape),
            "skewed (exponential)": chance.exponential(size=shape),
            "few counts (Poisson, 3)": chance.poisson(3, size=shape).astype(float),
            "one month like the next (AR 0.4)": wild,
            "steady trend": chance.normal(size=shape) + np.arange(length) * 0.1,
        }
        for name, values in kinds.items():
            shown(name, control(frame(values)))
    print("Power: a step half way through 36 months, share of series in which a change is offered")
    for step in (1.0, 1.5, 2.0, 3.0):
        values = chance.normal(size=(RUNS, 36)) + step * (np.arange(36) >= 18)
        offered = suggested_changes(control(frame(values)))
        near = offered["period"].isin(months(36)[16:21]).sum() / RUNS
        print(f"  {step} deviations: {offered['measure'].nunique() / RUNS:.1%}, "
              f"within two months of it {near:.1%}")  # fmt: skip
    print("Shares, XmR beside a p-chart: false points beyond the limit, 36 months")
    for p, low, high in (
        (0.5, 100, 100), (0.5, 50, 200), (0.5, 30, 300), (0.9, 100, 100), (0.9, 40, 60),
        (0.97, 40, 60), (0.99, 80, 120), (0.8, 10, 400),
    ):  # fmt: skip
        bases = np.exp(chance.uniform(np.log(low), np.log(high), (RUNS, 36))).round()
        figures = frame(chance.binomial(bases.astype(int), p) / bases, bases)
        kind = pd.DataFrame({"measure": figures["measure"].unique(), "unit": "share"})
        plain, fit = (
            control(figures.drop(columns=["numerator", "denominator"])),
            control(figures, kind),
        )
        beyond = [share_of(each.points["rule"].eq("beyond the limit")) for each in (plain, fit)]
        chosen = fit.series["chart"].value_counts(normalize=True).round(3).to_dict()
        print(f"  p {p}, bases {low} to {high}: XmR {beyond[0]}, chosen {beyond[1]}, {chosen}")


def print_drawing() -> None:
    """Print how long the charts take to draw."""
    figures, measures = council()
    some = figures["measure"].unique()[:DRAWN]
    wanted = figures[figures["measure"].isin(some) & figures["service"].eq("service 0")]
    found = control(wanted, measures)
    groups = dict(iter(found.points.groupby("measure")))
    charts = found.series.set_index("measure")["chart"].to_dict()
    parts = [(points, charts[name]) for name, points in groups.items()]
    for processes in (1, 2):
        started = time.perf_counter()
        with ProcessPoolExecutor(processes) as pool:
            size = sum(pool.map(drawn, parts, chunksize=20))
        spent = time.perf_counter() - started
        print(
            f"{len(parts)} charts drawn in {spent:.1f} s by {processes}, "
            f"{size / len(parts) / 1000:.0f} kB each"
        )
    every = control(figures, measures).points
    started = time.perf_counter()
    sparks = control_sparks(every, ["measure", "service"])
    spent = time.perf_counter() - started
    size = sum(len(spark) for spark in sparks.values()) / len(sparks) / 1000
    print(f"{len(sparks):,} small charts drawn in {spent:.1f} s, {size:.1f} kB each")


def drawn(part: tuple[pd.DataFrame, str]) -> int:
    """Draw one chart and return its size."""
    points, chart = part
    return len(svg_text(control_chart(points, chart=chart, polarity="higher")))


if __name__ == "__main__":
    parts = {"times": print_times, "alarms": print_alarms, "drawing": print_drawing}
    for part in sys.argv[1:] or parts:
        parts[part]()
