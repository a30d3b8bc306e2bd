"""Whether a source's files still have the columns that they had."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from insight.suggestions import likely_columns

FILES_LOOKED_BACK = 24


@dataclass(frozen=True, slots=True)
class HeadedFile:
    """A file, and its headings in its own order."""

    name: str
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeadingChange:
    """What a file's headings have lost and gained against an earlier file of its source.

    `renamed` maps a heading that is gone to the new one that likely means it; `gone` and `new`
    hold the others. `used` are the headings of `gone` and `renamed` from which rows were read.
    """

    source: str
    file: str
    before: str
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    renamed: dict[str, str] = field(default_factory=dict)
    used: frozenset[str] = frozenset()

    @property
    def lost(self) -> bool:
        """Whether a heading is gone, renamed or not."""
        return bool(self.gone or self.renamed)


def heading_change(
    source: str, files: Sequence[HeadedFile], *, used: Collection[str] = ()
) -> HeadingChange | None:
    """Return how the last of a source's files differs from those before it.

    A source may send files of several shapes in turn, so a file is held to the earlier one most
    like it. The order of columns doesn't matter.

    Parameters
    ----------
    source
        The source.
    files
        Its files, oldest first.
    used
        Headings that its mapping reads.

    Examples
    --------
    >>> files = [HeadedFile("july.csv", ("Ref", "Call date", "Queue")),
    ...     HeadedFile("august.csv", ("Ref", "Date of call", "Queue", "Agent group"))]
    >>> print(heading_words(heading_change("calls", files, used=["Call date"])))
    calls: august.csv has "Date of call" where july.csv had "Call date", and has the new column \
"Agent group". Rows were read from "Call date": correct the mapping of calls, or ask for the old \
heading again.
    """
    if len(files) < 2:
        return None
    last, earlier = files[-1], files[-1 - FILES_LOOKED_BACK : -1]
    mine = set(last.headings)
    # Of equals, the newest.
    nearest = min(reversed(earlier), key=lambda file: len(mine ^ set(file.headings)))
    gone = [name for name in nearest.headings if name not in mine]
    new = [name for name in last.headings if name not in set(nearest.headings)]
    if not gone and not new:
        return None
    renamed = _likely(gone, new)
    return HeadingChange(
        source,
        last.name,
        nearest.name,
        gone=tuple(name for name in gone if name not in renamed),
        new=tuple(name for name in new if name not in renamed.values()),
        renamed=renamed,
        used=frozenset(gone) & frozenset(used),
    )


def _likely(gone: Sequence[str], new: Sequence[str]) -> dict[str, str]:
    """Return which new heading likely stands for which that is gone.

    Both are few here, so one that has all words of the other will do, where it's the only one:
    "rating" and "star_rating".
    """
    found = likely_columns(gone, new)
    for name in gone:
        rest = [head for head in new if head not in found.values()]
        alike = [
            head for head in rest if _words(name) <= _words(head) or _words(head) < _words(name)
        ]
        if name not in found and len(alike) == 1:
            found[name] = alike[0]
    return found


def _words(heading: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", heading.casefold()))


def heading_words(change: HeadingChange) -> str:
    """Say a change of headings in a sentence or two, with what to do."""
    parts = [
        f'has "{new}" where {change.before} had "{old}"' for old, new in change.renamed.items()
    ]
    if change.gone:
        parts.append(f"no longer has the column{_s(change.gone)} {_quoted(change.gone)}")
    if change.new:
        parts.append(f"has the new column{_s(change.new)} {_quoted(change.new)}")
    told = f"{change.source}: {change.file} {', and '.join(parts)}."
    if change.used:
        used = sorted(change.used)
        return (
            f"{told} Rows were read from {_quoted(used)}: correct the mapping of {change.source}, "
            f"or ask for the old heading{_s(used)} again."
        )
    if change.renamed or change.gone:
        return (
            f"{told} Nothing was read from what is gone, so there is nothing to do unless you "
            "need it."
        )
    it = "them" if len(change.new) > 1 else "it"
    return f"{told} Nothing is read from {it} yet; map {it} if you need {it}."


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _s(names: Sequence[str]) -> str:
    return "s" if len(names) > 1 else ""
