"""What a page's texts look like with their figures, dates and services taken out."""

import re
from pathlib import Path

from tests.pipelines.pages import made_council as made
from tests.pipelines.pages.reading import Page, rows_of

MONTHS = "January February March April May June July August September October November December"
MONTH = rf"(?:{MONTHS.replace(' ', '|')}) 20\d\d"
IN_CAPTION = "(in the caption)"
SWAPS = (
    (re.compile("|".join(["All services", *made.SERVICES.values()])), "{service}"),
    (re.compile(rf"\b\d{{1,2}} {MONTH}"), "{day}"),
    (re.compile(rf"\b{MONTH}"), "{month}"),
    (re.compile(r"20\d\d-\d\d(?: Q\d)?"), "{period}"),
    (re.compile(r"[-+\N{MINUS SIGN}]?\d[\d,]*(?:\.\d+)?"), "#"),
)


def shape(text: str) -> str:
    """Write a text with ``{service}``, ``{day}``, ``{month}`` and ``#`` for what changes."""
    for pattern, instead in SWAPS:
        text = pattern.sub(instead, text)
    return text


def page_name(path: Path, outputs: Path) -> str:
    """Name a page or a file by what it is: ``service-managers/{service}.html``."""
    name = path.relative_to(outputs).as_posix().removeprefix("2026-12/")
    codes = "|".join([*made.SERVICES, "all"])
    return re.sub(rf"(?<=[/-])(?:{codes})(?=[./])", "{service}", name)


def kinds_of(path: Path) -> set[tuple[str, str, str]]:
    """Give the kinds of figures on a page or in a CSV: what, where and which."""
    if path.suffix == ".csv":
        rows = rows_of(path)
        found = {("column", "", name) for name in rows[0]} if rows else set()
        return found | {("measure", "", row["measure"]) for row in rows if "measure" in row}
    page, found = Page(path), set()
    for table in page.tables:
        where = shape(re.split(r" \(|;", table.caption)[0] or table.above)
        found |= {("column", where, shape(name)) for name in table.head if name}
        if "#" in shape(table.caption):
            found.add(("column", where, IN_CAPTION))
    found |= {
        ("tile", "", title) for _, title, said in page.tiles
        if any(re.search(r"\d", text) for text in said)
    }  # fmt: skip
    found |= {("sentence", "", shape(text)) for _, text in page.sentences
              if re.search("[#{]", shape(text).replace("{service}", ""))}  # fmt: skip
    return found
