"""What a computed figure is called, counted in, and means."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["share", "count", "days", "score", "seconds", "hours", "pounds"]
Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that the flows compute.

    `better` says which way is an improvement; a volume is neither good nor bad by itself.
    """

    code: str
    title: str
    unit: Unit
    definition: str
    better: Better
