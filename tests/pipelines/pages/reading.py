"""Reads what a page or its CSV says, and holds it against figures worked out by hand."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from tests.pipelines.pages.arithmetic import Hand

Key = tuple[str, str, str]
NUMBER = re.compile(r"(?<![\w.])[-+\N{MINUS SIGN}]?\d[\d,]*(?:\.\d+)?")
MINUS = "\N{MINUS SIGN}"


@dataclass
class Table:
    """A table as a reader sees it: the heading above it, its caption, its heads and its cells."""

    above: str
    caption: str = ""
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def column(self, name: str) -> dict[str, str]:
        """Give one column's cells by what their row is called."""
        at = self.head.index(name)
        return {row[0]: row[at] for row in self.rows}


class Page(HTMLParser):
    """What a page says: tables, tiles (a term and what it says) and sentences outside of both."""

    TEXTS = ("p", "li", "h1", "h2", "h3", "summary", "caption", "th", "td", "dt", "dd",
             "figcaption")  # fmt: skip
    APART = ("style", "script", "svg", "nav", "title")

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tables: list[Table] = []
        self.tiles: list[tuple[str, str, list[str]]] = []
        self.sentences: list[tuple[str, str]] = []
        self.lede: list[str] = []
        self._open: list[list[str]] = []
        self._above, self._apart, self._in_head, self._in_mast = "", 0, False, False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._apart += tag in self.APART
        if tag == "table":
            self.tables.append(Table(self._above))
        elif tag == "tr" and not self._in_head:
            self.tables[-1].rows.append([])
        elif tag == "thead":
            self._in_head = True
        elif tag == "header":
            self._in_mast = True
        elif self._open:
            self._open[-1].append(" ")
        if tag in self.TEXTS:
            self._open.append([])

    def handle_endtag(self, tag: str) -> None:
        self._apart -= tag in self.APART
        if tag == "thead":
            self._in_head = False
        if tag == "header":
            self._in_mast = False
        if tag not in self.TEXTS or not self._open:
            return
        text = " ".join("".join(self._open.pop()).split())
        if tag in ("h1", "h2", "h3"):
            self._above = text
        elif tag == "caption":
            self.tables[-1].caption = text
        elif tag in ("th", "td"):
            row = self.tables[-1].head if self._in_head else self.tables[-1].rows[-1]
            row.append(text)
        elif tag in ("dt", "dd"):
            self._end_of_tile(tag, text)
        elif text and not self._apart:
            if self._in_mast:
                self.lede.append(text)
            else:
                self.sentences.append((self._above, text))

    def _end_of_tile(self, tag: str, text: str) -> None:
        if tag == "dt":
            self.tiles.append((self._above, text, []))
            return
        self.tiles[-1][2].append(text)
        if self._above == "What each figure means":
            self.tiles.pop()

    def handle_data(self, data: str) -> None:
        if self._open and not self._apart:
            self._open[-1].append(data)

    def table(self, caption: str) -> Table:
        """Give the one table whose caption begins so."""
        (found,) = [each for each in self.tables if each.caption.startswith(caption)]
        return found

    def tile(self, name: str) -> str:
        """Give what the one tile of that name says."""
        (found,) = [said for _, title, said in self.tiles if title == name]
        return "; ".join(found)


def numbers_in(text: str) -> list[tuple[float, float]]:
    """Give the numbers of a text, each with half of its last decimal's step."""
    found = []
    for each in NUMBER.findall(text):
        plain = each.replace(",", "").replace(MINUS, "-")
        found.append((float(plain), 0.5 * 10.0 ** -len(plain.partition(".")[2])))
    return found


def same_numbers(text: str, *expected: float | None) -> None:
    """Hold every number of a text, in order, against those expected, as rounded as it is."""
    wanted = [each for each in expected if each is not None]
    told = numbers_in(text.replace("under 1 hour", "0 hours"))
    assert len(told) == len(wanted), (text, wanted)
    for (number, half), true in zip(told, wanted, strict=True):
        assert abs(number - true) <= half + 1e-9, (text, wanted)


def same_share(text: str, *expected: float | None) -> None:
    """Hold the percentages of a text against shares; a base among them is a count."""
    same_numbers(text, *(None if each is None else 100 * each for each in expected))


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a CSV as Excel would."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def figures_of(outputs: Path, service: str, measures: Iterable[str]) -> dict[Key, Hand]:
    """Read a service's figures from the CSV beside its page, by measure, period and breakdown."""
    path = outputs / "2026-12" / "service-managers" / service / "service_figures.csv"
    wanted = set(measures)
    return {
        (row["measure"], row["period"], row["breakdown"]): Hand(
            *(float(row[name]) if row[name] else None for name in Hand._fields)  # type: ignore[arg-type]
        )
        for row in rows_of(path)
        if row["measure"] in wanted
    }


def same_figures(told: Mapping[Key, Hand], found: Mapping[Key, Hand]) -> None:
    """Hold every figure told against the one worked out, its ends and its base as well."""
    assert found, "nothing was worked out"
    assert sorted(told) == sorted(found)
    for key, figure in found.items():
        for name, ours, theirs in zip(Hand._fields, figure, told[key], strict=True):
            if ours is None:
                assert theirs is None, (key, name)
            else:
                assert theirs == pytest.approx(ours, abs=1e-8), (key, name)


def table_of(outputs: Path, name: str, service: str, dimensions: Iterable[str]) -> dict[Key, Hand]:
    """Read one service's figures from a table of the service managers' folder."""
    found = {}
    for row in rows_of(outputs / "2026-12" / "service-managers" / f"{name}.csv"):
        if row["service"] == service:
            by = ";".join(f"{each}={row[each]}" for each in sorted(dimensions) if row[each])
            numbers = (float(row[each]) if row[each] else None for each in Hand._fields)
            found[row["measure"], row["period"], by] = Hand(*numbers)  # type: ignore[arg-type]
    return found


def figures_in_table(page: Page, caption: str, months: Mapping[str, Hand]) -> None:
    """Hold a trend's table of shares, and the sentence above it, against figures by hand."""
    table = page.table(caption)
    titles = {period: pd.Period(period).strftime("%B %Y") for period in months}
    assert [row[0] for row in table.rows] == list(titles.values())
    for period, figure in months.items():
        label = titles[period]
        same_share(table.column("Figure")[label], figure.value)
        same_share(table.column("Likely between")[label], figure.lower, figure.upper)
        same_numbers(table.column("Based on")[label], figure.base)
    values = {period: figure.value for period, figure in months.items()}
    first, last = min(values), max(values)
    (says,) = [text for _, text in page.sentences if text.startswith(caption)]
    start, _, rest = says.partition("From ")[2].partition(f" in {titles[first]} to ")
    same_share(start, values[first])
    now, _, rest = rest.partition(f" in {titles[last]} (95% interval ")
    same_share(now, values[last])
    ends, _, base = rest.partition("Lowest")[0].partition(", base ")
    same_share(ends, months[last].lower, months[last].upper)
    same_numbers(base, months[last].base)
    low, high = min(values.values()), max(values.values())
    lowest, _, highest = rest.partition("Lowest")[2].partition("highest")
    for text, value in ((lowest, low), (highest, high)) if low < high else ():
        share, _, label = text.strip(" ,.").partition(" in ")
        same_share(share, value)
        assert values[str(pd.Period(label))] == pytest.approx(value)
