"""Read texts, and labels where there are any, from a file on disk; every row is kept."""

from io import StringIO
from pathlib import Path

import pandas as pd

from insight.errors import MissingColumnsError
from pipelines.edge.files import load_file, read_rows
from pipelines.edge.raw_table import DamagedFileError, FileUnavailableError
from pipelines.edge.text_encoding import decode

_PLAIN = {".csv", ".tsv", ".txt"}


def read_labelled(
    path: Path, *, text: str, label: str | None = None, label_needed: bool = True
) -> pd.DataFrame:
    """Return ``text`` and, where asked for and there, ``topic``: one row a record of the file.

    Parameters
    ----------
    path
        A CSV file, or any other kind that can be ingested.
    text, label
        Headings of the columns.
    label_needed
        Whether a file without the label column is refused.

    Raises
    ------
    MissingColumnsError
        If a needed column is absent.
    ReadError
        If the file can't be read as a table.
    """
    frame = _frame(path)
    wanted = {text, label} if label is not None and label_needed else {text}
    if missing := wanted - set(frame.columns):
        there = ", ".join(map(str, frame.columns[:20]))
        raise MissingColumnsError(missing, f"{path.name} (its columns are: {there})")
    columns = {"text": frame[text].astype("string")}
    if label is not None and label in frame.columns:
        columns["topic"] = frame[label].astype("string")
    return pd.DataFrame(columns)


def _frame(path: Path) -> pd.DataFrame:
    if path.suffix.lower() not in _PLAIN:
        return read_rows(path).frame
    # Ingest leaves blank records out; here every record must get its answer.
    content = decode(load_file(path)).text
    if not content.strip():
        raise DamagedFileError(path.name, "is empty; export it again.")
    separator = "\t" if path.suffix.lower() == ".tsv" else ","
    try:
        return pd.read_csv(StringIO(content), sep=separator, dtype="string", keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DamagedFileError(
            path.name,
            "could not be read as a table separated by commas; check that every row has as many "
            "fields as the header, and that texts with commas stand in quotation marks.",
        ) from error


def write_predictions(answers: pd.DataFrame, path: Path) -> None:
    """Write answers as CSV; equal answers give equal bytes.

    Raises
    ------
    FileUnavailableError
        If the file can't be written.
    """
    try:
        answers.to_csv(path, index=False, lineterminator="\n")
    except OSError as error:
        raise FileUnavailableError(
            path.name,
            f"can't be written ({error.strerror}). Check its folder, and close it where it is "
            "open.",
        ) from error
