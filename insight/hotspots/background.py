"""What the surroundings say of a place without a hotspot, and how far counts lie about that."""

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from insight.hotspots.grid import Floats, box_sum
from insight.hotspots.method import HotspotMethod

PRIOR_CELLS, CLIPPED_TIMES = 90.0, 4
DIRECTIONS, BUSIEST = 16, 3  # windows looked at around one, and how many of them count
# Quantiles of windows between which the background is fitted, and that of its tail alone.
MIDDLE, TAIL = (0.5, 0.9), (0.75, 0.97)
FITTED_WINDOWS = 2_000
LEAST_SPREAD = float(np.log(0.15))  # surroundings are never known better than to two fifths
# Means and standard deviations of the normal priors of level (log), spread (log), share (logit).
PRIORS = ((0.0, 0.3), (-0.3, 0.5), (-0.5, 1.0))
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
    between: tuple[float, float] = MIDDLE,
    wider: float = 1.0,
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
    between
        Quantiles of their reports between which those windows are fitted.
    wider
        How many times the fitted spread windows are taken to have.

    Returns
    -------
    tuple of numpy.ndarray
        Each window's chance of so many reports, how many are expected there, and the fitted
        parameters (log level, log spread, logit share).
    """
    chosen = np.flatnonzero(fitted.ravel())
    chosen = chosen[:: max(1, len(chosen) // FITTED_WINDOWS)]
    held = near.ravel()[chosen]
    least = max(float(np.quantile(held, between[0], method="higher")), 1.0)
    most = max(float(np.quantile(held, between[1], method="higher")), least + 1)
    logs = np.log(around.ravel()[chosen]), np.log(beside.ravel()[chosen])
    told = _fit(held, *logs, least, most, start)
    level, spread, share = _parameters(told)
    mean = np.exp(level) * around ** (1 - share) * beside**share
    spread *= wider
    p = np.ones(near.shape)
    tested = used & (near >= least)
    tail = _middle(near[tested], mean[tested], spread)
    tail /= _tail(np.full(tail.shape, least), mean[tested], spread)
    p[tested] = np.minimum(tail * (held >= least).mean(), 1.0)
    return p, mean, told


def _fit(
    held: Floats,
    around: Floats,
    beside: Floats,
    least: float,
    most: float,
    start: Floats | None,
) -> Floats:
    """Log level, log spread and logit share of what lies beside, of windows `least` to `most`."""
    kept = (held >= least) & (held <= most)
    some, log_around, log_beside = held[kept], around[kept], beside[kept]
    constant = special.gammaln(some + 1).sum()

    def misfit(told: Floats) -> float:
        level, spread, share = _parameters(told)
        size = 1 / spread
        mean = np.exp(level + (1 - share) * log_around + share * log_beside)
        part = mean / (size + mean)
        inside = special.betainc(least, size, part) - special.betainc(most + 1, size, part)
        exact = special.gammaln(some + size).sum() - len(some) * special.gammaln(size) - constant
        exact += (size * np.log1p(-part) + some * np.log(part)).sum()
        prior = sum(
            0.5 * ((at - mid) / sd) ** 2 for at, (mid, sd) in zip(told, PRIORS, strict=True)
        )
        return float(prior - exact + np.log(np.maximum(inside, 1e-300)).sum())

    begin = np.array([mid for mid, _ in PRIORS]) if start is None else start
    best = optimize.fmin(misfit, begin, xtol=0.02, ftol=0.02, maxiter=160, disp=False)
    return np.asarray(best, dtype=np.float64)


def _parameters(told: Floats) -> tuple[float, float, float]:
    level, spread, share = np.clip(told, [-3.0, LEAST_SPREAD, -6.0], [3.0, 2.0, 6.0])
    return float(level), float(np.exp(spread)), float(special.expit(share))


def _middle(count: Floats, mean: Floats, spread: float) -> Floats:
    """Chance of more than `count` and half that of exactly so many (mid-p).

    Whole numbers make the chance of so many or more too large a p.
    """
    return (_tail(count, mean, spread) + _tail(count + 1, mean, spread)) / 2


def _tail(least: Floats, mean: Floats, spread: float) -> Floats:
    """Chance that a negative binomial of `mean` and `spread` reaches `least` or more."""
    size = 1.0 / spread
    chance = special.betainc(np.maximum(least, 1e-9), size, mean / (size + mean))
    return np.asarray(np.where(least <= 0, 1.0, chance), dtype=np.float64)
