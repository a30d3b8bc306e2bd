"""What the surroundings say of a place without a hotspot, and how far counts lie about that."""

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from insight.hotspots.grid import Floats, box_sum
from insight.hotspots.laws import GammaRates, Law
from insight.hotspots.method import HotspotMethod

PRIOR_CELLS, CLIPPED_TIMES = 90.0, 4
DIRECTIONS, BUSIEST = 16, 3  # windows looked at around one, and how many of them count
MOST, MOST_OF_TAIL = 0.9, 0.97  # quantiles of windows, from the median up to which they are fitted
FITTED_WINDOWS = 2_000
LEAST_SPREAD = float(np.log(0.15))  # surroundings are never known better than to two fifths
Flags = npt.NDArray[np.bool_]


def surroundings(near: Floats, used: Flags, method: HotspotMethod) -> tuple[float, Floats]:
    """Return the mean window and, for each, the mean of those around it; both of clipped counts."""
    typical = 0.0
    base = box_sum(used.astype(float), method.background_cells) + PRIOR_CELLS
    level = np.ones(near.shape)
    for turn in range(CLIPPED_TIMES):
        # What counts as much is relative to the surroundings themselves, as told so far: where a
        # town is busier than its outskirts, all of it would lie above one clip for all.
        clip = float(np.quantile((near / level)[used], method.clip_quantile))
        clipped = np.where(used, np.minimum(near, clip * level), 0.0)
        mean = float(clipped[used].mean())
        typical = typical if turn else mean
        total = box_sum(clipped, method.background_cells) + PRIOR_CELLS * mean
        level = np.maximum(total / base, 1e-3)
    return typical, level


def running_on(near: Floats, step: int) -> Floats:
    """Return the mean of the busiest three of the windows `step` cells away, all around."""
    height, width = near.shape
    padded = np.pad(near, step)
    angle = np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS
    ways = np.unique(np.rint(step * np.column_stack([np.sin(angle), np.cos(angle)])), axis=0)
    beside = np.array(
        [
            padded[step + up : step + up + height, step + along : step + along + width]
            for up, along in ways.astype(int)
        ]
    )
    busiest = np.partition(beside, len(beside) - BUSIEST, axis=0)[-BUSIEST:]
    return np.asarray(busiest.mean(axis=0), dtype=np.float64)


def lattice(shape: tuple[int, ...], step: int) -> Flags:
    """Windows of which no two that were drawn together share a cell: a third of all, or all."""
    rows, columns = np.indices(shape)
    return np.asarray(rows % step == columns % step)


def place_test(
    near: Floats,
    used: Flags,
    around: Floats,
    beside: Floats,
    fitted: Flags,
    start: Floats | None = None,
    *,
    law: type[Law] = GammaRates,
    most: float = MOST,
) -> tuple[Floats, Floats, Floats]:
    """Test each window against its background.

    Parameters
    ----------
    near, used, around, beside
        Per window: reports, whether it is tested, what its surroundings and what lies beside say.
    fitted
        The windows that the background is fitted to.
    start
        Parameters of an earlier fit to nearly the same windows, to start from.
    law
        How counts vary about what is expected.
    most
        Quantile of those windows' reports, from the median up to which they are fitted.

    Returns
    -------
    tuple of numpy.ndarray
        Each window's chance of so many reports, how many are expected there, and the fitted
        parameters (log level, log spread, logit share).
    """
    chosen = np.flatnonzero(fitted.ravel())
    chosen = chosen[:: max(1, len(chosen) // FITTED_WINDOWS)]
    held = near.ravel()[chosen]
    least = max(float(np.quantile(held, 0.5, method="higher")), 1.0)
    highest = max(float(np.quantile(held, most, method="higher")), least + 1)
    logs = np.log(around.ravel()[chosen]), np.log(beside.ravel()[chosen])
    told = _fit(law, held, *logs, least, highest, start)
    level, spread, share = _parameters(told)
    mean = np.exp(level) * around ** (1 - share) * beside**share
    p = np.ones(near.shape)
    tested = used & (near >= least)
    some, usual = law(near[tested]), mean[tested]
    # Mid-p: whole numbers make the chance of so many or more too large a p.
    tail = some.reached(usual, spread) - np.exp(some.log_exact(usual, spread)) / 2
    tail /= law(np.array([least])).reached(usual, spread)
    p[tested] = np.clip(tail * (held >= least).mean(), 1e-300, 1.0)
    return p, mean, told


def _fit(
    law: type[Law],
    held: Floats,
    around: Floats,
    beside: Floats,
    least: float,
    most: float,
    start: Floats | None,
) -> Floats:
    """Log level, log spread and logit share of what lies beside, of windows `least` to `most`."""
    kept = (held >= least) & (held <= most)
    log_around, log_beside = around[kept], beside[kept]
    some, lowest, above = (law(each) for each in (held[kept], *np.array([[least], [most + 1]])))

    def misfit(told: Floats) -> float:
        level, spread, share = _parameters(told)
        mean = np.exp(level + (1 - share) * log_around + share * log_beside)
        inside = lowest.reached(mean, spread) - above.reached(mean, spread)
        exact = some.log_exact(mean, spread).sum()
        prior = sum(
            0.5 * ((at - mid) / sd) ** 2 for at, (mid, sd) in zip(told, law.priors, strict=True)
        )
        return float(prior - exact + np.log(np.maximum(inside, 1e-300)).sum())

    begin = np.array([mid for mid, _ in law.priors]) if start is None else start
    corners = begin + np.vstack([np.zeros(3), 0.3 * np.eye(3)])
    best = optimize.fmin(
        misfit, begin, xtol=0.02, ftol=0.02, maxiter=160, disp=False, initial_simplex=corners
    )
    return np.asarray(best, dtype=np.float64)


def _parameters(told: Floats) -> tuple[float, float, float]:
    level, spread, share = np.clip(told, [-3.0, LEAST_SPREAD, -6.0], [3.0, 2.0, 6.0])
    return float(level), float(np.exp(spread)), float(special.expit(share))
