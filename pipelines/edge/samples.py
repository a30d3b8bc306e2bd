"""Samples of contacts for people to class: a workbook out, and back in."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from insight.demand import SampleError, check_sample
from insight.demand.sample import ALLOWED, SAMPLE_COLUMNS
from insight.errors import InsightError
from insight.periods import month_key
from pipelines.edge.files import read_rows
from pipelines.edge.sheets import Cell, Sheet, write_workbook

WIDTHS = {"number": 9, "day": 13, "channel": 14, "service": 20, "reason": 24, "text": 60,
          "stratum_size": 13, "class": 30}  # fmt: skip


def sample_file(folder: Path, month: date) -> Path:
    """Return where a month's sample is kept."""
    return folder / f"avoidable-{month_key(month)}.xlsx"


def samples_in(folder: Path) -> list[tuple[Path, date]]:
    """Return the samples that are kept, each with the first day of its month."""
    found = []
    for path in sorted(folder.glob("avoidable-*.xlsx")):
        try:
            found.append((path, date.fromisoformat(f"{path.stem.removeprefix('avoidable-')}-01")))
        except ValueError:
            continue  # somebody's copy under a name of their own
    return found


def write_sample(sample: pd.DataFrame, path: Path, *, month: date, council: str) -> None:
    """Write a sample as a workbook with a list to choose the class from.

    A file that is there already, perhaps half filled in, is never written over.

    Raises
    ------
    SampleError
        If the file is there, or can't be written.
    """
    plain = sample.assign(day=sample["day"].dt.strftime("%d/%m/%Y"))
    text = plain[list(SAMPLE_COLUMNS)].astype("string").fillna("")
    sheet = Sheet(
        name="Sample",
        title=f"Was this contact avoidable? {month:%B %Y}",
        lines=(
            "Read each contact and choose its class in the last column. Leave the other columns "
            "as they are.",
            f"Classes: {', '.join(ALLOWED)}.",
        ),
        columns=tuple((name, WIDTHS[name]) for name in SAMPLE_COLUMNS),
        rows=[[Cell(value) for value in row] for row in text.to_numpy(dtype=object).tolist()],
        choices={"class": ALLOWED},
    )
    content = write_workbook([sheet], title=sheet.title, author=council, protected=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        message = f"{path} is there already and may be half filled in. Move it away to draw again."
        raise SampleError(message) from None
    except OSError as error:
        message = f"{path} can't be written: {error.strerror}. Close it, or choose another folder."
        raise SampleError(message) from error


def read_sample(path: Path) -> pd.DataFrame:
    """Read a sample that people have classed.

    Raises
    ------
    SampleError, ReadError
        Saying what is wrong with the file, and where.
    """
    return check_sample(read_rows(path).frame.rename(columns=str.casefold))


def read_samples(
    folder: Path, months: Sequence[date]
) -> tuple[dict[date, pd.DataFrame], list[str]]:
    """Read the samples of `months` that there are; one that is wrong is said and left out."""
    samples: dict[date, pd.DataFrame] = {}
    faults: list[str] = []
    for month in months:
        path = sample_file(folder, month)
        if not path.exists():
            continue
        try:
            coded = read_sample(path)
        except InsightError as error:
            faults.append(f"{path.name} is left out: {error}")
        else:
            if coded["class"].notna().any():
                samples[month] = coded
    return samples, faults
