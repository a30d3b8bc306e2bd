"""What a computed figure is called, counted in, and means."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["share", "count", "days", "score", "seconds", "hours", "pounds"]
Calendar = Literal["england and wales", "united kingdom", "every day"]
Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that the flows compute.

    `better` says which way is an improvement; a volume is neither good nor bad by itself.
    `calendar` says which days its clock counts. `interval` is false of a share, count or score
    that has no interval by its nature; `change` is true of a change, which may lie below nought
    and above one.
    """

    code: str
    title: str
    unit: Unit
    definition: str
    better: Better
    calendar: Calendar = "every day"
    interval: bool = True
    change: bool = False
