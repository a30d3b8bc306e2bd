"""What became of the rows of some files: a row account for each."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from insight.account import RowAccount
from insight.add_up import COUNTS, replaced_within, same_count
from insight.changes import Changes
from insight.mapping import Mapped
from insight.two_values import RULE as TWO_VALUES
from insight.two_values import named
from pipelines.steps.ingest_reading import Reading, Way
from pipelines.steps.ingest_records import kept_out


@dataclass(frozen=True, slots=True)
class Batch:
    """Some files' rows under one contract, and which file each is of.

    `rows` keep the contract; `failures` say what the others broke; `file_of` holds the number of
    each row's file, by the row's position in `mapped`; `stands_for` how many rows of the file each
    of `rows` was added up from.
    """

    readings: list[Reading]
    mapped: Mapped
    file_of: npt.NDArray[np.int64]
    rows: pd.DataFrame
    failures: pd.DataFrame
    stands_for: pd.Series


def accounts_of(
    batch: Batch,
    rows: pd.DataFrame,
    changes: Changes,
    way: Way,
    told: list[int],
    gone: npt.NDArray[np.int64],
) -> list[RowAccount]:
    """Return the account of each file that was not refused; `gone` counts what may not return."""
    new, corrections, duplicates = (
        rows_by_file(batch, rows.loc[flags.to_numpy(dtype=bool)])
        for flags in (changes.new, changes.corrections, changes.duplicates)
    )
    quarantine = np.bincount(
        batch.file_of[batch.failures["row"].unique()], minlength=len(batch.readings)
    )
    parts = _parts_by_file(batch, rows, way)
    return [
        RowAccount(
            source=way.source.name,
            file=batch.readings[number].name,
            contract=way.contract.name,
            rows_read=batch.readings[number].mapped.rows_read,
            accepted=int(new[number] + corrections[number]),
            quarantined=int(quarantine[number]),
            duplicates=int(duplicates[number]),
            filtered=batch.readings[number].mapped.filtered + int(gone[number]),
            corrections=int(corrections[number]),
            notes=(
                *batch.readings[number].notes,
                *kept_out(int(gone[number])),
                *same_count(int(parts[number]), way.contract.key),
                *_two_values(batch, number),
            ),
        )
        for number in told
    ]


def _two_values(batch: Batch, number: int) -> tuple[str, ...]:
    """Name the rows of a file that give different values for one measure and period."""
    failed = batch.failures.loc[batch.failures["rule"].eq(TWO_VALUES), "row"]
    places = failed[batch.file_of[failed] == number].to_numpy()
    if not len(places):
        return ()
    frame, numbers = batch.mapped.frame.loc[places], batch.mapped.row_numbers.loc[places]
    return named(frame[["measure", "period"]].assign(row_number=numbers))


def rows_by_file(batch: Batch, rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return how many rows of each file `rows` stand for."""
    weights = batch.stands_for.loc[rows.index]
    counted = np.bincount(rows["file"], weights=weights, minlength=len(batch.readings))
    return counted.astype(np.int64)


def _parts_by_file(batch: Batch, rows: pd.DataFrame, way: Way) -> npt.NDArray[np.int64]:
    """Return how many rows of each file another of it replaces, where rows are counts."""
    if way.contract.name not in COUNTS:
        return np.zeros(len(batch.readings), dtype=np.int64)
    return rows_by_file(batch, rows.loc[replaced_within(rows, rows["file"].to_numpy())])
