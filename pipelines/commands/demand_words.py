"""How ``insight demand`` says what it found."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.console import Console

from insight.demand import BeforeAfter
from insight.periods import add_months, uk_date
from pipelines.edge.page_parts import count, figure, interval

Rows = Sequence[Mapping[str, Any]]


def tell_chasing(shown: Mapping[str, Rows], month: date, out: Console) -> None:
    """Say who has to chase, by what evidence, and about which cases most."""
    shares = {row["service"]: row for row in shown["shares"]}
    if not shown["services"]:
        out.print(f"No single contacts of {month:%B %Y} are in the store.")
        return
    for row in shown["services"]:
        share = shares.get(row["service"])
        of = ""
        if share is not None and share["value"] is not None:
            range_ = interval(share["lower"], share["upper"], "share")
            of = f", {figure(share['value'], 'share')} of {count(share['base'])} (likely {range_})"
        out.print(f"{row['service']}: {count(row['value'])} chasing{of}", markup=False)
        for piece in shown["evidence"]:
            if piece["service"] == row["service"]:
                out.print(f"    {piece['evidence']}: {count(piece['value'])}", markup=False)
    if shown["cases"]:
        out.print("\nCases chased most", style="bold")
        for row in shown["cases"]:
            out.print(f"  {row['case_id']} ({row['service']}): {row['contacts']}", markup=False)


def tell_comparison(found: BeforeAfter, out: Console) -> None:
    """Say whether fewer people chase since a change."""
    ends = (("Before", found.before, found.base_before, found.a_week_before),
            ("After", found.after, found.base_after, found.a_week_after))  # fmt: skip
    out.print(f"{found.service}, {found.days} days before and after {uk_date(found.changed)}")
    for name, (share, low, high), base, week in ends:
        out.print(
            f"{name}: {figure(share, 'share', 1)} of {count(base)} contacts chased (likely "
            f"{interval(low, high, 'share', 1)}), {week:.1f} a week"
        )
    points, low, high = (100 * each for each in found.difference)
    relative, least, most = found.relative
    verdict = "more than chance explains" if found.real else "which chance alone could bring"
    out.print(f"Change: {points:+.1f} points (likely {low:+.1f} to {high:+.1f}), {verdict}.")
    if relative == relative:
        out.print(
            f"In proportion: {relative:+.0%} of the share before (likely {least:+.0%} to "
            f"{most:+.0%})."
        )
    out.print("Whatever else changed at that time is in this comparison too.")


def tell_forecast(rows: Mapping[str, Rows], month: date, out: Console) -> None:
    """Say what is expected, and for which series nothing is."""
    after = add_months(month, 1)
    for row in rows["expected"]:
        out.print(
            f"{row['service']}, {row['channel']}: {count(row['expected'])} contacts expected in "
            f"{after:%B %Y}, nine in ten between {count(row['lower'])} and {count(row['upper'])}",
            markup=False,
        )
    if not rows["expected"]:
        out.print(
            "No forecast is shown: there are too few days on record yet."
            if not rows["skill"]
            else "No forecast is shown: none has been nearer than last week or last year again."
        )
    silent = [row for row in rows["skill"] if not row["shown"]]
    if silent:
        out.print("\nNot shown", style="bold")
    for row in silent:
        out.print(f"  {row['service']}, {row['channel']}: {row['why']}", markup=False)
    judged = [row for row in rows["skill"] if row.get("mase") is not None]
    if judged:
        out.print(
            "\nError against the better of last week and last year again (MASE)", style="bold"
        )
    for row in judged:
        out.print(
            f"  {row['service']}, {row['channel']}: {row['mase']:.2f} against "
            f"{row['mase_naive']:.2f} over {row['origins']} past months; difference "
            f"{row['lower']:+.2f} to {row['upper']:+.2f}; {row['coverage']:.0%} of days inside "
            "their 90% range",
            markup=False,
        )


def tell_sample(rows: Rows, done: Mapping[str, int], out: Console) -> None:
    """Say the avoidable share that people's classes give."""
    out.print(f"{done['classed']} of {done['drawn']} contacts have a class.")
    if not rows:
        out.print("None of them tells yet whether it was avoidable.")
    for row in rows:
        part = f" {row['breakdown'].removeprefix('class=')}" if row["breakdown"] else " avoidable"
        out.print(
            f"{row['service']}:{part} {figure(row['value'], 'share', 1)} (likely "
            f"{interval(row['lower'], row['upper'], 'share', 1)}; {row['base']} classed)",
            markup=False,
        )
