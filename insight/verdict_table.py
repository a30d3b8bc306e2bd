"""What each combination of colour, variation and assurance says, written out whole."""

from dataclasses import dataclass
from enum import StrEnum

from insight.rag import Rag
from insight.spc_rules import Assurance, Variation


class Advice(StrEnum):
    """What to do, as a code to sort and count by."""

    LEAVE = "leave it"
    KEEP = "keep what helped"
    CAUSE = "find the cause"
    REDESIGN = "redesign"
    CHECK = "check the figures"
    WAIT = "wait"
    TARGET = "set a target"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict: a few words, a sentence or two, and what to do."""

    title: str
    words: str
    advice: Advice


_REACH = "The target can't be reached by the present process"
_CHANCE = "Hit and miss: this period's colour is chance until the process changes."
_ODD = "Colour and chart don't fit together: check that both are of one target and period."
_UNSURE = "The chart doesn't say whether the target can be reached."
_GREEN, _AMBER, _RED = Rag.GREEN, Rag.AMBER, Rag.RED
_PASS, _FAIL, _MIXED = Assurance.PASS, Assurance.FAIL, Assurance.INCONSISTENT
_LATER = "once the new level has lasted, ask for a rebase"
_Cell = tuple[str, str, Advice]

# Kind of variation, assurance, colour.
_TABLE: dict[tuple[str, str, str], _Cell] = {
    ("common", _PASS, _GREEN): ("Reliably met", "Reliably met: leave it be.", Advice.LEAVE),
    ("common", _PASS, _AMBER): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("common", _PASS, _RED): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("common", _FAIL, _GREEN): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("common", _FAIL, _AMBER): (
        "Out of reach",
        f"{_REACH}: redesign it. Within the tolerance is as near as it comes.",
        Advice.REDESIGN,
    ),
    ("common", _FAIL, _RED): (
        "Out of reach",
        f"{_REACH}: redesign it. Chasing single figures won't help.",
        Advice.REDESIGN,
    ),
    ("common", _MIXED, _GREEN): ("Hit and miss", _CHANCE, Advice.REDESIGN),
    ("common", _MIXED, _AMBER): ("Hit and miss", _CHANCE, Advice.REDESIGN),
    ("common", _MIXED, _RED): ("Hit and miss", _CHANCE, Advice.REDESIGN),
    ("common", "", _GREEN): ("Met, no real change", f"Met, without a real change. {_UNSURE}",
                             Advice.LEAVE),
    ("common", "", _AMBER): ("Near, no real change", f"Just missed, without a real change. "
                             f"{_UNSURE}", Advice.LEAVE),
    ("common", "", _RED): ("Missed, no real change", f"Missed, without a real change. {_UNSURE}",
                           Advice.REDESIGN),
    ("improvement", _PASS, _GREEN): (
        "Reliably met and better",
        "Reliably met: find out what helped and keep it. A higher aim may be in reach.",
        Advice.KEEP,
    ),
    ("improvement", _PASS, _AMBER): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("improvement", _PASS, _RED): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("improvement", _FAIL, _GREEN): (
        "Met by a real improvement",
        f"Before it, the process couldn't reach the target. Keep what helped; {_LATER}.",
        Advice.KEEP,
    ),
    ("improvement", _FAIL, _AMBER): (
        "Better, not yet in reach",
        f"{_REACH} as measured so far, but it comes near. Keep what helped; {_LATER}.",
        Advice.KEEP,
    ),
    ("improvement", _FAIL, _RED): (
        "Better, not yet in reach",
        f"{_REACH} as measured so far. Keep what helped; if the new level falls short too, "
        "redesign it.",
        Advice.KEEP,
    ),
    ("improvement", _MIXED, _GREEN): (
        "Met by a real improvement",
        "The target was hit and miss; this green is no chance. Keep what helped.",
        Advice.KEEP,
    ),
    ("improvement", _MIXED, _AMBER): (
        "Better, still hit and miss",
        "The target is hit and miss, and just missed in spite of the improvement. Keep what "
        "helped.",
        Advice.KEEP,
    ),
    ("improvement", _MIXED, _RED): (
        "Better, still hit and miss",
        "The target is hit and miss, and missed in spite of the improvement. Keep what helped.",
        Advice.KEEP,
    ),
    ("improvement", "", _GREEN): (
        "Met and better", f"Met. Keep what helped. {_UNSURE}", Advice.KEEP),
    ("improvement", "", _AMBER): (
        "Better, just missed", f"Just missed. Keep what helped. {_UNSURE}", Advice.KEEP),
    ("improvement", "", _RED): (
        "Better, but missed", f"Missed. Keep what helped. {_UNSURE}", Advice.KEEP),
    ("concern", _PASS, _GREEN): (
        "Met, but getting worse",
        "Reliably met so far: find the cause before the target is missed.",
        Advice.CAUSE,
    ),
    ("concern", _PASS, _AMBER): (
        "Just missed by a real change",
        "The process reliably met its target until now: find the cause.",
        Advice.CAUSE,
    ),
    ("concern", _PASS, _RED): (
        "Missed by a real change",
        "The process reliably met its target until now: find the cause.",
        Advice.CAUSE,
    ),
    ("concern", _FAIL, _GREEN): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("concern", _FAIL, _AMBER): (
        "Out of reach and getting worse",
        f"{_REACH}, and it comes less near: find the cause, then redesign it.",
        Advice.CAUSE,
    ),
    ("concern", _FAIL, _RED): (
        "Out of reach and getting worse",
        f"{_REACH}: find the cause of the change first, then redesign it.",
        Advice.CAUSE,
    ),
    ("concern", _MIXED, _GREEN): (
        "Met, but getting worse",
        "The target is hit and miss, and met in spite of the change: find the cause.",
        Advice.CAUSE,
    ),
    ("concern", _MIXED, _AMBER): (
        "Just missed by a real change",
        "The target was hit and miss; this amber is no chance. Find the cause.",
        Advice.CAUSE,
    ),
    ("concern", _MIXED, _RED): (
        "Missed by a real change",
        "The target was hit and miss; this red is no chance. Find the cause.",
        Advice.CAUSE,
    ),
    ("concern", "", _GREEN): (
        "Met, but getting worse", f"Met so far: find the cause. {_UNSURE}", Advice.CAUSE),
    ("concern", "", _AMBER): (
        "Just missed and getting worse", f"Just missed: find the cause. {_UNSURE}", Advice.CAUSE),
    ("concern", "", _RED): (
        "Missed and getting worse", f"Missed: find the cause. {_UNSURE}", Advice.CAUSE),
    ("neutral", "", _GREEN): (
        "Met, with a real change", "Met. Find out what has changed.", Advice.CAUSE),
    ("neutral", "", _AMBER): (
        "Just missed, with a real change", "Just missed. Find out what has changed.",
        Advice.CAUSE),
    ("neutral", "", _RED): (
        "Missed, with a real change", "Missed. Find out what has changed.", Advice.CAUSE),
    # Where neither way is better there is no assurance.
    ("neutral", _PASS, _GREEN): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("neutral", _PASS, _AMBER): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("neutral", _PASS, _RED): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("neutral", _FAIL, _GREEN): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("neutral", _FAIL, _AMBER): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("neutral", _FAIL, _RED): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("neutral", _MIXED, _GREEN): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("neutral", _MIXED, _AMBER): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("neutral", _MIXED, _RED): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("uncharted", "", _GREEN): ("Met", "Met.", Advice.LEAVE),
    ("uncharted", "", _AMBER): ("Just missed", "Just missed.", Advice.WAIT),
    ("uncharted", "", _RED): ("Missed", "Missed.", Advice.CAUSE),
    # Without limits there is no assurance either.
    ("uncharted", _PASS, _GREEN): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("uncharted", _PASS, _AMBER): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("uncharted", _PASS, _RED): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("uncharted", _FAIL, _GREEN): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("uncharted", _FAIL, _AMBER): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("uncharted", _FAIL, _RED): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("uncharted", _MIXED, _GREEN): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("uncharted", _MIXED, _AMBER): ("Doesn't fit together", _ODD, Advice.CHECK),
    ("uncharted", _MIXED, _RED): ("Doesn't fit together", _ODD, Advice.CHECK),
}  # fmt: skip

# Without a colour: the same whatever else is known, but for these.
_NO_TARGET: dict[str, _Cell] = {
    "common": ("No target, no real change", "No real change. There is no target.", Advice.TARGET),
    "improvement": ("No target, better", "There is no target. Keep what helped.", Advice.KEEP),
    "concern": ("No target, getting worse", "There is no target. Find the cause.", Advice.CAUSE),
    "neutral": ("No target, a real change", "There is no target. Find out what has changed.",
                Advice.CAUSE),
    "uncharted": ("No target", "There is no target.", Advice.TARGET),
}  # fmt: skip
_AWAITED: dict[str, _Cell] = {
    "": ("Awaited", "The figure is awaited.", Advice.WAIT),
    _PASS: ("Awaited", "The figure is awaited; until now the target was reliably met.",
            Advice.WAIT),
    _FAIL: ("Awaited, out of reach", "The figure is awaited; until now the process couldn't reach "
            "the target.", Advice.REDESIGN),
    _MIXED: ("Awaited", "The figure is awaited; until now the target was hit and miss.",
             Advice.WAIT),
}  # fmt: skip
_SUPPRESSED: _Cell = ("Not shown", "Not shown: it could point at a person.", Advice.NONE)


def verdict_of(rag: str | None, variation: str | None, assurance: str | None) -> Verdict:
    """Look one combination up.

    Parameters
    ----------
    rag
        A word of `insight.rag.Rag`; missing is awaited.
    variation, assurance
        Words of `Variation` and `Assurance`; missing where there is no chart or none is told.

    Examples
    --------
    >>> verdict_of("red", "common cause", "fail").words
    "The target can't be reached by the present process: redesign it. Chasing single figures \
won't help."
    >>> verdict_of("amber", "common cause", "inconsistent").title
    'Hit and miss'
    """
    status = Rag(rag or Rag.AWAITED)
    kind = "uncharted" if variation is None else str(Variation(variation)).split()[0]
    sure = "" if assurance is None else Assurance(assurance).value
    if status is Rag.SUPPRESSED:
        return Verdict(*_SUPPRESSED)
    if status is Rag.AWAITED:
        return Verdict(*_AWAITED[sure])
    if status is Rag.NO_TARGET:
        return Verdict(*_NO_TARGET[kind])
    return Verdict(*_TABLE[kind, sure, status.value])
