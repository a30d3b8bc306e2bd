"""How satisfaction is worked out: the choices that are a council's to make, in one object."""

from dataclasses import dataclass

QUARTER_MONTHS = 3
"""Months in a rolling quarter, the month itself the last."""


@dataclass(frozen=True, slots=True)
class SurveyMethod:
    """How answers become figures.

    Parameters
    ----------
    headline
        The question whose answers are the service's own figure.
    dont_know_in_base
        Questions whose "don't know" stays in the base.
    fewest_to_weight
        Respondents below which a survey isn't weighted: weights would add more noise than they
        take away bias.
    lightest, heaviest
        Weights are trimmed to these multiples of their mean.
    """

    headline: str = "overall"
    dont_know_in_base: tuple[str, ...] = ()
    fewest_to_weight: int = 300
    lightest: float = 0.3
    heaviest: float = 3.0
