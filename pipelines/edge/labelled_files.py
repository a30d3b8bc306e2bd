"""Read texts, and labels where there are any, from a file on disk; every row is kept."""

from io import StringIO
from pathlib import Path

import pandas as pd

from insight.errors import MissingColumnsError
from pipelines.edge.files import load_file, read_rows
from pipelines.edge.formula_guard import guarded, unguarded
from pipelines.edge.raw_table import DamagedFileError, FileUnavailableError
from pipelines.edge.text_encoding import decode
from pipelines.edge.text_files import find_dialect

_PLAIN = {".csv", ".tsv", ".txt"}
LONGEST_HEADING, MOST_WORDS = 40, 5


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
    frame = _frame(path, text)
    wanted = {text, label} if label is not None and label_needed else {text}
    if missing := wanted - set(frame.columns):
        raise MissingColumnsError(missing, f"{path.name} ({_headings(frame)})")
    columns = {"text": unguarded(frame[text])}
    if label is not None and label in frame.columns:
        columns["topic"] = unguarded(frame[label])
    return pd.DataFrame(columns)


def _headings(frame: pd.DataFrame) -> str:
    """Name the columns, unless the first line is somebody's words and no headings."""
    names = [str(name) for name in frame.columns[:20]]
    if any(len(name) > LONGEST_HEADING or len(name.split()) > MOST_WORDS for name in names):
        return "its first line seems to hold no headings"
    return f"its columns are: {', '.join(names)}"


def _frame(path: Path, text: str) -> pd.DataFrame:
    if path.suffix.lower() not in _PLAIN:
        return read_rows(path).frame
    # Ingest leaves blank records out; here every record must get its answer.
    content = decode(load_file(path)).text
    if not content.strip():
        raise DamagedFileError(path.name, "is empty; export it again.")
    dialect = find_dialect(content, path.name, expected=(text,))
    separator = "," if dialect is None else dialect.delimiter or ","
    try:
        frame = pd.read_csv(StringIO(content), sep=separator, dtype="string", keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise _uneven(path, separator) from error
    if not isinstance(frame.index, pd.RangeIndex):  # what a row has too much became its name
        raise _uneven(path, separator)
    return frame


def _uneven(path: Path, separator: str) -> DamagedFileError:
    sign = {",": "commas", ";": "semicolons", "\t": "tabs"}.get(separator, separator)
    return DamagedFileError(
        path.name,
        f"could not be read as a table separated by {sign}; check that every row has as many "
        f"fields as the header, and that texts with {sign} stand in quotation marks.",
    )


def writable(path: Path) -> Path:
    """Return `path` if a file can be written there, before hours are spent on what goes into it.

    Raises
    ------
    FileUnavailableError
        If its folder is not there.
    """
    if not path.parent.is_dir():
        raise FileUnavailableError(path.name, f"can't be written: {path.parent} is no folder.")
    return path


def write_predictions(answers: pd.DataFrame, path: Path) -> None:
    """Write answers as CSV, comma-separated UTF-8; equal answers give equal bytes.

    A text that a spreadsheet would take for a formula (a topic called ``=A1``) starts with an
    apostrophe, as in every CSV that people open; `read_labelled` takes it off again.

    Raises
    ------
    FileUnavailableError
        If the file can't be written.
    """
    texts = answers.select_dtypes(["string", "object"]).columns
    safe = answers.assign(**{name: guarded(answers[name]) for name in texts})
    try:
        safe.to_csv(path, index=False, lineterminator="\n")
    except OSError as error:
        raise FileUnavailableError(
            path.name,
            f"can't be written ({error.strerror or error}). Check its folder, and close it where "
            "it is open.",
        ) from error
