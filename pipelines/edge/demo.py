"""Write the invented borough into a folder, as the files that a council would have."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
import yaml

from insight.borough.borough import INVENTED, Borough, make_borough
from insight.borough.files import Form, InboxFile
from insight.borough.plan import Plan
from insight.errors import InsightError

TRUTHS = "truths.json"
"""Lies beside the settings, and tells a demo's folder from a council's."""

FIXED_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""When every workbook says it was made, so that the same seed gives the same bytes."""

NOTES = {
    "council.yaml": "The council.",
    "services.yaml": "Services, who answers for them, and their numbers in the LGSL.",
    "sources.yaml": "Each source has a folder inbox/<name>; `contract` says what its files hold.",
    "measures.yaml": "Measures, entered or computed. Shares are proportions: 0.7 is 70%.",
}


class DemoNotWrittenError(InsightError):
    """The demo's folder cannot be written, or is a council's own."""


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """What was written: the workspace, its inbox files, their rows, and the truths."""

    folder: Path
    inbox: tuple[Path, ...]
    rows: int
    truths: Path

    def summary(self) -> str:
        """Return one line for whoever made it."""
        sources = len({path.parent for path in self.inbox})
        return f"{len(self.inbox)} files of {sources} sources, {self.rows:,} rows."


def write_demo(folder: Path, *, last_month: date, months: int = 6, seed: int = 2026) -> DemoFiles:
    """Write a workspace of the invented borough: settings, mappings, reference, inbox, truths.

    Parameters
    ----------
    folder
        Made if missing. Files of the same names are replaced; others stay.
    last_month
        The latest month, by its first day.
    months
        How many months of inputs, the latest included.
    seed
        Same seed, same bytes.

    Raises
    ------
    DemoNotWrittenError
        If `folder` holds a council's own settings, or cannot be written.
    """
    if (folder / "settings").exists() and not (folder / TRUTHS).exists():
        message = f"{folder} is a council's own workspace. Name another folder for the demo."
        raise DemoNotWrittenError(message)
    borough = make_borough(Plan(last_month, months, seed))
    try:
        _write_reference(folder, borough)
        _write_yaml(folder, borough)
        inbox = tuple(
            _write_file(folder / "inbox", file) for batch in borough.batches for file in batch.files
        )
        truths = folder / TRUTHS
        # Last: a folder without it is no finished demo.
        _write_text(truths, json.dumps(borough.truths, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        message = f"The demo cannot be written to {folder}: {error.strerror}. Name another folder."
        raise DemoNotWrittenError(message) from error
    rows = sum(len(file.frame) for batch in borough.batches for file in batch.files)
    return DemoFiles(folder, inbox, rows, truths)


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_yaml(folder: Path, borough: Borough) -> None:
    for name, content in borough.settings.items():
        _write_text(folder / "settings" / name, _yaml(NOTES[name], content))
    for name, content in borough.mappings.items():
        note = f"How the files in inbox/{name} meet the contract {content['contract']}."
        _write_text(folder / "mappings" / f"{name}.yaml", _yaml(note, content))


class _Plain(yaml.SafeDumper):
    """Writes what is used twice in full twice: people read these files."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _yaml(note: str, content: dict[str, object]) -> str:
    dumped = yaml.dump(content, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
    return f"# {INVENTED}\n# {note}\n{dumped}"


def _write_reference(folder: Path, borough: Borough) -> None:
    reference = folder / "reference"
    for name in ("wards", "streets"):
        degrees = getattr(borough, name).to_crs("EPSG:4326")
        # Six decimals are a hand's breadth; more would be the projection's rounding.
        degrees.geometry = degrees.geometry.set_precision(1e-6, mode="pointwise")
        shapes = json.loads(degrees.to_json(drop_id=True))
        shapes = {"type": shapes["type"], "name": name, "description": INVENTED, **shapes}
        _write_text(reference / f"{name}.geojson", json.dumps(shapes, ensure_ascii=False) + "\n")
    _write_text(
        reference / "postcodes.csv", borough.postcodes.to_csv(index=False, lineterminator="\n")
    )


def _write_file(inbox: Path, file: InboxFile) -> Path:
    path = inbox / file.source / file.name
    path.parent.mkdir(parents=True, exist_ok=True)
    write: dict[str, Callable[[Path, pd.DataFrame, Form], None]] = {
        "csv": _write_csv,
        "xlsx": _write_xlsx,
        "jsonl": _write_jsonl,
        "parquet": _write_parquet,
    }
    write[file.form.kind](path, file.frame, file.form)
    return path


def _write_csv(path: Path, frame: pd.DataFrame, form: Form) -> None:
    text = frame.to_csv(index=False, sep=form.delimiter, lineterminator="\r\n")
    path.write_bytes(text.encode(form.encoding))


def _write_jsonl(path: Path, frame: pd.DataFrame, form: Form) -> None:
    text = frame.to_json(orient="records", lines=True, force_ascii=False)
    path.write_bytes(text.encode(form.encoding))


def _write_parquet(path: Path, frame: pd.DataFrame, form: Form) -> None:
    # Without pandas' own description, which holds the version of the library.
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, path)


def _write_xlsx(path: Path, frame: pd.DataFrame, form: Form) -> None:
    options = {
        "default_date_format": "dd/mm/yyyy hh:mm",
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(path, options) as workbook:
        workbook.set_properties({"title": INVENTED, "created": FIXED_DATE})
        sheet = workbook.add_worksheet(form.sheet)
        sheet.write_row(0, 0, list(frame.columns), workbook.add_format({"bold": True}))
        for place, name in enumerate(frame.columns):
            cells = frame[name].astype("object")
            sheet.write_column(1, place, cells.where(cells.notna(), None))
