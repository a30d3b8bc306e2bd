"""The lines of XmR charts, and the options that they follow."""

from dataclasses import dataclass

import numpy as np

from insight.errors import InsightError
from insight.spc_rules import Bools, Floats, Ints, Lines

_FEWEST_FIXED = 12


class SpcOptionsError(InsightError):
    """An option of the control charts is out of its range."""


@dataclass(frozen=True, slots=True)
class SpcOptions:
    """How limits are worked out.

    Parameters
    ----------
    fix_after
        Points of each segment from which its limits are worked out; all where None. At least 12
        (NHSRplotthedots, ``ptd_validate_spc_options.R``).
    screen
        Whether moving ranges of `screen_at` times their mean or more are dropped, once, before
        the limits: on as in NHSRplotthedots (after L. S. Nelson, 1982, Journal of Quality
        Technology 14(3)), off as in Making Data Count's Excel tools (``deviations.Rmd``).
    scale
        Mean moving ranges from the mean to a limit: 3 / 1.128.
    near
        Near limits, as a proportion of that way.
    screen_at
        Upper limit of moving ranges, in their mean: D4 of two values.
    provisional_below
        Points of a segment below which its limits are provisional (NHSRplotthedots,
        ``ptd_add_short_group_warnings.R``).
    fewest_points
        Points below which a segment has no limits: "as few as five or six values" (D. J.
        Wheeler, Understanding Variation, p. 60).
    seasonal
        Whether a strongly seasonal series is charted as its change on the same period last year
        (see `insight.seasonality`); where not, seasons are taken for special causes.
    """

    fix_after: int | None = None
    screen: bool = True
    scale: float = 2.66
    near: float = 2 / 3
    screen_at: float = 3.267
    provisional_below: int = 13
    fewest_points: int = 5
    seasonal: bool = True

    def __post_init__(self) -> None:
        if self.fix_after is not None and self.fix_after < _FEWEST_FIXED:
            raise SpcOptionsError(
                f"Limits can't be fixed after {self.fix_after} points: give {_FEWEST_FIXED} or "
                "more, or leave fix_after out."
            )
        if self.fewest_points < 2:
            raise SpcOptionsError("Limits need two points: give a fewest_points of 2 or more.")


def xmr_lines(
    values: Floats, segment: Ints, baseline: Bools, options: SpcOptions
) -> tuple[Lines, Floats]:
    """Work out the lines of XmR charts.

    Parameters
    ----------
    values
        Points in the order of series and time, none missing.
    segment
        Number from 0 of each point's segment, different for each series.
    baseline
        The points from which the limits are worked out.
    options
        How.

    Returns
    -------
    tuple
        The lines, and each point's moving range: NaN at a segment's first point and after its
        baseline. Where screening would leave no range, as where all figures are alike, none is
        dropped.

    Examples
    --------
    >>> points = np.array([10.0, 12, 11, 13, 14])
    >>> one = np.zeros(5, int)
    >>> lines, ranges = xmr_lines(points, one, np.ones(5, bool), SpcOptions())
    >>> ranges.tolist(), round(float(lines.mean[0]), 2), round(float(lines.upl[0]), 2)
    ([nan, 2.0, 1.0, 2.0, 1.0], 12.0, 15.99)
    """
    segments = int(segment.max(initial=-1)) + 1
    index = np.arange(len(segment))
    fresh = np.append(True, segment[1:] != segment[:-1])[: len(segment)]
    first = values[np.maximum.accumulate(np.where(fresh, index, 0))]

    def mean_of(numbers: Floats, where: Bools) -> Floats:
        counts = np.bincount(segment[where], minlength=segments)
        sums = np.bincount(segment[where], numbers[where], minlength=segments)
        unknown: Floats = np.full(segments, np.nan)
        return np.divide(sums, counts, out=unknown, where=counts > 0)

    # Measured from the segment's first value, so that equal values have exactly their own mean.
    mean = first + mean_of(values - first, baseline)[segment]
    ranges = np.full(len(values), np.nan)
    ranges[1:] = np.abs(np.diff(values))
    ranges[fresh | ~baseline] = np.nan
    measured = np.isfinite(ranges)
    average = mean_of(ranges, measured)
    if options.screen:
        kept = measured & (ranges < options.screen_at * average[segment])
        screened = mean_of(ranges, kept)
        average = np.where(np.isfinite(screened), screened, average)
    reach = options.scale * average[segment]
    near = options.near * reach
    return Lines(mean, mean - reach, mean + reach, mean - near, mean + near), ranges
