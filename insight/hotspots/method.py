"""The choices behind hotspots, in one place and with their units."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HotspotMethod:
    """How street reports become hotspots.

    Parameters
    ----------
    cell_m
        Side of the squares, in metres.
    fine_cell_m
        Side of the squares where there are `fine_minimum` reports or more.
    area_cell_m
        Side of the squares used where there are too few reports for `cell_m`.
    window_months
        How many months of reports count, the last being the month asked for.
    history_months
        How many months the ranking looks back, if there are so many.
    bandwidths_m
        Standard deviations of the smooth surfaces that cells are shrunk to, narrowest first. How
        much each counts is fitted to the reports.
    spreads
        How far cells may lie from those surfaces: the shapes of a gamma distribution, so that
        0.25 is far and 4 near. How common each is is fitted to the reports.
    background_cells
        How many cells on each side of a cell make its surroundings.
    alpha
        Share of the places called significant that may be false (false discovery rate).
    strong_alpha
        The same, for evidence graded strong.
    clip_quantile
        Counts above this quantile don't raise the mean of their surroundings.
    least_reports
        A place with fewer reports is never significant; its evidence is "too few".
    fine_minimum, street_minimum, area_minimum
        Located reports needed to rank squares of `fine_cell_m`, `cell_m` and `area_cell_m`.
    street_places
        Squares of `cell_m` that must hold `least_reports` before any are ranked.
    """

    cell_m: float = 100.0
    fine_cell_m: float = 50.0
    area_cell_m: float = 250.0
    window_months: int = 12
    history_months: int = 60
    bandwidths_m: tuple[float, ...] = (100.0, 250.0, 800.0)
    spreads: tuple[float, ...] = (0.25, 1.0, 4.0)
    background_cells: int = 5
    alpha: float = 0.05
    strong_alpha: float = 0.01
    clip_quantile: float = 0.75
    least_reports: int = 3
    fine_minimum: int = 500
    street_minimum: int = 100
    area_minimum: int = 30
    street_places: int = 5
