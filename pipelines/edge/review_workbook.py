"""The workbook in which people say what enquiries are about, out and back in."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pandas as pd

from insight.errors import InsightError
from pipelines.edge.sheets import Cell, Sheet, write_workbook

SHEET = "Enquiries"
NONE_OF_THESE = "none of these"
COLUMNS = (
    ("Row", 12), ("Why it is here", 14), ("Text (redacted)", 70), ("Topic", 26), ("Note", 26),
    ("Label it has", 22), ("Model's guess", 22), ("How sure", 10), ("Words that tell", 30),
    ("Most like these", 60),
)  # fmt: skip
NEEDED = ("Row", "Topic", "Note")


class ReviewFileError(InsightError):
    """A review workbook can't be read back."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What came back: the version that the reviewer saw, and a row per answered enquiry.

    `rows` has ``row`` (its stable id), ``kind``, ``topic`` and ``note``.
    """

    base_version: str
    rows: pd.DataFrame


def review_workbook(
    queue: pd.DataFrame, topics: tuple[str, ...], *, version: str, council: str
) -> bytes:
    """Write the queue as a workbook; equal queues give equal bytes.

    Parameters
    ----------
    queue
        ``row``, ``kind``, ``text``, ``topic`` (the label it has), ``label``, ``confidence``,
        ``words`` and ``near``; optionally ``filled``, a topic to begin with.
    topics
        What may be chosen, beside "none of these".
    version
        Of the model whose answers are shown.
    """
    sure = queue["confidence"].map("{:.0%}".format).mask(queue["confidence"].isna(), "")
    shown = queue.reindex(columns=[*queue.columns, *({"filled"} - set(queue.columns))])
    shown = shown.assign(note="", sure=sure)
    told = shown[["row", "kind", "text", "filled", "note", "topic", "label", "sure", "words",
                  "near"]]  # fmt: skip
    texts = told.astype("string").fillna("").to_numpy(dtype=object).tolist()
    rows = [[Cell(value) for value in row] for row in texts]
    listed = (*topics, NONE_OF_THESE)
    # Excel takes a list of 255 characters at most, and any range of cells.
    choice = Sheet(
        name="Topics",
        title="What can be chosen under Topic",
        lines=(),
        columns=(("Topics", 60),),
        rows=[[Cell(topic)] for topic in listed],
    )
    sheet = Sheet(
        name=SHEET,
        title="What are these enquiries about?",
        lines=(
            f"Model version {version}",
            "Choose or write a topic for each row; leave those you can't tell empty. A topic that "
            "isn't in the list, which the sheet Topics shows, starts a new one. Don't change the "
            "first column. Control rows hide the model's guess, because they judge it.",
            "Then: insight topics review --from this-file.xlsx --by your-post",
        ),
        columns=COLUMNS,
        rows=rows,
        choices={"Topic": f"={choice.name}!$A$3:$A${len(listed) + 2}"},
        open_choices=True,
    )
    return write_workbook([sheet, choice], title=sheet.title, author=council, protected=False)


def read_review(path: Path) -> Reviewed:
    """Read a workbook that people filled in.

    Raises
    ------
    ReviewFileError
        If it isn't one of ours, or what makes a row known was changed.
    """
    try:
        raw = pd.read_excel(
            BytesIO(path.read_bytes()), sheet_name=SHEET, header=None, dtype=str, engine="calamine"
        )
    except OSError as error:
        raise ReviewFileError(f"{path.name} can't be read ({error.strerror}).") from error
    except Exception as error:  # calamine has a class for each way a workbook can be wrong
        raise ReviewFileError(
            f"{path.name} is not a review workbook: it has no sheet {SHEET!r}. Write one with "
            "`insight topics review --to FILE.xlsx`."
        ) from error
    first = raw[0].astype("string").str.strip()
    heads = first.index[first.eq("Row")]
    versions = first[first.str.startswith("Model version ").fillna(value=False)]
    if heads.empty or versions.empty:
        raise ReviewFileError(
            f"{path.name} has lost its heading or the line with the model's version; fill in a "
            "fresh copy."
        )
    names = raw.loc[heads[0]].astype("string").str.strip().tolist()
    if missing := set(NEEDED) - set(names):
        raise ReviewFileError(
            f"{path.name} lacks the column {', '.join(sorted(missing))}; fill in a fresh copy."
        )
    table = raw.loc[heads[0] + 1 :].set_axis(names, axis="columns")
    table = table.apply(lambda column: column.astype("string").str.strip())
    table = table[table["Row"].fillna("").ne("")]
    answered = table[table["Topic"].fillna("").ne("")]
    repeated = answered.loc[answered["Row"].duplicated(keep=False), "Row"]
    if len(repeated):
        raise ReviewFileError(
            f"{path.name}: row {repeated.iloc[0]} is there twice with a topic; keep one of them."
        )
    rows = answered.rename(
        columns={"Row": "row", "Why it is here": "kind", "Topic": "topic", "Note": "note"}
    )
    version = str(versions.iloc[0]).removeprefix("Model version ")
    return Reviewed(version, rows.reindex(columns=["row", "kind", "topic", "note"]))
