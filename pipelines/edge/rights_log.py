"""The record of what was purged and erased, beside the outputs: it outlives the store.

A restored store learns from it what must stay out. It holds counts, days and fingerprints, and
nothing that names a person.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

import pandas as pd

from insight.errors import InsightError

ERASURE, PURGE = "erasure", "purge"


class RightsLogError(InsightError):
    """The record of purges and erasures can't be read or written."""


@dataclass(frozen=True, slots=True)
class StaysOut:
    """What a store must not hold.

    `erased` has columns ``fingerprint``, ``erased_at`` and ``certificate``; `purged` has
    ``contract`` and ``purged_before``.
    """

    erased: pd.DataFrame
    purged: pd.DataFrame

    def joined(self, other: "StaysOut") -> "StaysOut":
        """Return both together, the later moment of each."""
        return StaysOut(
            _latest(self.erased, other.erased, "fingerprint", "erased_at"),
            _latest(self.purged, other.purged, "contract", "purged_before"),
        )


def nothing_stays_out() -> StaysOut:
    """Return no purges and no erasures."""
    moment = pd.Series(dtype="datetime64[us, UTC]")
    words = pd.Series(dtype="string")
    return StaysOut(
        pd.DataFrame({"fingerprint": words, "erased_at": moment, "certificate": words}),
        pd.DataFrame({"contract": words, "purged_before": moment}),
    )


def _latest(one: pd.DataFrame, other: pd.DataFrame, key: str, time: str) -> pd.DataFrame:
    both = pd.concat([part for part in (one, other) if len(part)] or [one], ignore_index=True)
    both[time] = pd.to_datetime(both[time], utc=True)
    return both.sort_values(time).drop_duplicates(key, keep="last").reset_index(drop=True)


def free_name(folder: Path, name: str) -> str:
    """Return `name`, numbered where a record is called so already."""
    numbered = (f"{name}-{number}" for number in count(2))
    return next(each for each in chain([name], numbered) if not (folder / f"{each}.json").exists())


def write_record(folder: Path, name: str, files: Mapping[str, str]) -> Path:
    """Write a record's `files` (ending to content) under `name`, whole and for good.

    Raises
    ------
    RightsLogError
        If they can't be written, or a record of that name is there already.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ending, content in files.items():
            path = folder / f"{name}{ending}"
            if path.exists():
                message = f"{path} is there already and is never replaced; try again."
                raise RightsLogError(message)
            draft = path.with_name(f".{path.name}.unfinished")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
    except OSError as error:
        message = (
            f"The record of what was removed can't be written to {folder} ({error.strerror}). "
            "Check that the folder may be written."
        )
        raise RightsLogError(message) from error
    return folder / f"{name}{next(iter(files))}"


def read_records(folder: Path) -> StaysOut:
    """Return what all records in `folder` say must stay out of a store.

    Raises
    ------
    RightsLogError
        If one of them can't be understood: guessing could bring an erased person back.
    """
    known = nothing_stays_out()
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
        try:
            known = known.joined(_parsed(json.loads(path.read_text(encoding="utf-8")), path.stem))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            message = (
                f"The record {path} can't be read, so it can't be said what must stay out of the "
                "store. Put it right from a copy, or move it away if it is none of ours."
            )
            raise RightsLogError(message) from None
    return known


def _parsed(content: dict[str, Any], name: str) -> StaysOut:
    empty = nothing_stays_out()
    if content["record"] == ERASURE:
        moment = datetime.fromisoformat(content["erased_at"])
        every = [str(each) for each in content["fingerprints"]]
        erased = pd.DataFrame({"fingerprint": pd.Series(every, dtype="string")})
        return StaysOut(
            erased.assign(erased_at=pd.Timestamp(moment), certificate=name), empty.purged
        )
    if content["record"] == PURGE:
        moments = content["purged_before"]
        purged = pd.DataFrame({"contract": pd.Series(list(moments), dtype="string")})
        times = [pd.Timestamp(datetime.fromisoformat(time)) for time in moments.values()]
        return StaysOut(empty.erased, purged.assign(purged_before=pd.to_datetime(times, utc=True)))
    raise ValueError("no record of ours")
