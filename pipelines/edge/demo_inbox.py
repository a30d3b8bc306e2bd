"""Write the invented borough's inbox: each file in the form in which its system exports it."""

import gzip
import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from insight.borough.borough import INVENTED, Borough
from insight.borough.broken import Oddity
from insight.borough.files import InboxFile
from insight.borough.mail import eml, mbox

FIXED_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""When every workbook says it was made, so that the same seed gives the same bytes."""
EXCEL_BEGINS = pd.Timestamp("1899-12-30")
"""The day from which Excel counts, as far as days after February 1900 go."""


def write_inbox(inbox: Path, borough: Borough) -> tuple[Path, ...]:
    """Write every file of `borough`, the odd ones among them, and return where they lie."""
    files = [file for batch in borough.batches for file in batch.files]
    good = [_write(inbox, *part) for part in _physical(files)]
    odd = [_write(inbox, o.source, o.name, _odd_bytes(inbox, o)) for o in borough.oddities]
    return (*good, *odd)


def _write(inbox: Path, source: str, name: str, data: bytes) -> Path:
    path = inbox / source / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _physical(files: list[InboxFile]) -> Iterable[tuple[str, str, bytes]]:
    """Give source, name and bytes of each file as it lies; an archive holds several."""
    for (source, name), members in groupby(
        files, key=lambda file: (file.source, file.name.partition("/")[0])
    ):
        parts = list(members)
        if "/" in parts[0].name:
            yield source, name, _zipped(parts)
        else:
            yield source, name, _bytes(parts[0])


def _odd_bytes(inbox: Path, odd: Oddity) -> bytes:
    if odd.data is not None:
        return odd.data
    if odd.file is not None:
        return _bytes(odd.file)
    whole = (inbox / odd.source / str(odd.copy_of)).read_bytes()
    return whole[: round(len(whole) * odd.share)]


def _bytes(file: InboxFile) -> bytes:
    write: dict[str, Callable[[InboxFile], bytes]] = {
        "csv": _csv,
        "xlsx": _xlsx,
        "jsonl": _jsonl,
        "parquet": _parquet,
        "mbox": lambda mails: mbox(mails.frame),
        "eml": lambda mails: eml(mails.frame),
    }
    data = write[file.form.kind](file)
    return gzip.compress(data, mtime=0) if file.form.gzipped else data


def _zipped(files: list[InboxFile]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in files:
            entry = zipfile.ZipInfo(
                file.name.partition("/")[2], date_time=FIXED_DATE.timetuple()[:6]
            )
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _bytes(file))
    return packed.getvalue()


def _csv(file: InboxFile) -> bytes:
    text = file.frame.to_csv(index=False, sep=file.form.delimiter, lineterminator="\r\n")
    return text.encode(file.form.encoding)


def _jsonl(file: InboxFile) -> bytes:
    text = file.frame.to_json(orient="records", lines=True, force_ascii=False)
    return text.encode(file.form.encoding)


def _parquet(file: InboxFile) -> bytes:
    # Without pandas' own description, which holds the version of the library.
    table = pa.Table.from_pandas(file.frame, preserve_index=False).replace_schema_metadata(None)
    packed = io.BytesIO()
    pq.write_table(table, packed)
    return packed.getvalue()


def _xlsx(file: InboxFile) -> bytes:
    packed = io.BytesIO()
    options = {
        "default_date_format": "dd/mm/yyyy hh:mm",
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(packed, options) as workbook:
        workbook.set_properties({"title": INVENTED, "created": FIXED_DATE})
        sheet = workbook.add_worksheet(file.form.sheet)
        bold = workbook.add_format({"bold": True})
        for line, title in enumerate(file.above):
            sheet.write_string(line, 0, title, bold)
        top = len(file.above)
        sheet.write_row(top, 0, list(file.frame.columns), bold)
        for place, name in enumerate(file.frame.columns):
            values = file.frame[name]
            if name in file.form.day_numbers:
                values = (values - EXCEL_BEGINS) / pd.Timedelta(days=1)
            sheet.write_column(top + 1, place, _cells(values))
        for place, total in enumerate(file.below):
            sheet.write(top + 1 + len(file.frame), place, total)
    return packed.getvalue()


def _cells(values: pd.Series) -> list[object]:
    cells = values.astype("object")
    return cells.where(cells.notna(), None).tolist()
