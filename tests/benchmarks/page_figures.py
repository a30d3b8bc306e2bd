"""Alters each figure that the services' pages print, kind by kind, and asks its test to notice.

For every entry of tests/pipelines/pages/page_figures.yaml: all numbers of that column, tile,
sentence or measure get seven added, on copies of the built pages; words without a number become
others, and a blank column a number. The test named must fail. Prints what went unnoticed. Takes
some ten minutes:

    python -m tests.benchmarks.page_figures FOLDER [PAGE]

FOLDER is empty or holds the council that an earlier run built there; PAGE, such as ``"now/*"``,
is of which pages.
"""

import contextlib
import csv
import io
import os
import re
import shutil
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.pipelines.pages import conftest as building
from tests.pipelines.pages import made_council as made
from tests.pipelines.pages.reading import Page
from tests.pipelines.pages.shapes import IN_CAPTION, page_name, shape
from tests.pipelines.pages.test_every_figure_is_listed import listed

DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
PAGES = Path(__file__).parents[1] / "pipelines" / "pages"


class Altered(Page):
    """Reads a page as the tests do and writes it anew with some of its numbers altered."""

    def __init__(self, path: Path, kind: tuple[str, str, str]) -> None:
        self.kind, self.changed = kind, 0
        self.spans: list[tuple[int, int]] = []
        self.text = path.read_text(encoding="utf-8")
        self.starts = [0]
        for line in self.text.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self._begun: list[tuple[str, int]] = []
        super().__init__(path)

    def here(self) -> int:
        line, column = self.getpos()
        return self.starts[line - 1] + column

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        if tag in self.TEXTS:
            self._begun.append((tag, self.here()))

    def handle_endtag(self, tag):
        before = len(self.sentences)
        super().handle_endtag(tag)
        if tag not in self.TEXTS or not self._begun:
            return
        _, start = self._begun.pop()
        if self._is_mine(tag, before):
            self.spans.append((start, self.here()))

    def _is_mine(self, tag: str, before: int) -> bool:
        what, where, name = self.kind
        if what == "sentence":
            pattern = re.sub(r"([\[\]])", r"[\1]", name)
            return len(self.sentences) > before and fnmatchcase(
                shape(self.sentences[-1][1]), pattern
            )
        if what == "tile":
            return tag == "dd" and bool(self.tiles) and self.tiles[-1][1] == name
        if what != "column" or not self.tables:
            return False
        table = self.tables[-1]
        if shape(re.split(r" \(|;", table.caption)[0] or table.above) != where:
            return False
        if name == IN_CAPTION:
            return tag == "caption"
        if tag != "td" or self._in_head or not table.rows:
            return False
        at = len(table.rows[-1]) - 1
        return at < len(table.head) and shape(table.head[at]) == name

    def rewritten(self) -> str:
        text = self.text
        for start, end in sorted(self.spans, reverse=True):
            inside = re.sub(
                r"(<[^>]*>)|(\d[\d,]*(?:\.\d+)?)",
                lambda hit: hit[1] or more(hit[2]), text[start:end],
            )  # fmt: skip
            if inside == text[start:end]:
                inside = re.sub(r"(<[^>]*>|&\w+;)|[A-Za-z]", lambda hit: hit[1] or "x", inside)
            self.changed += inside != text[start:end]
            text = text[:start] + inside + text[end:]
        return text


def more(number: str) -> str:
    return f"{float(number.replace(',', '')) + 7:g}"


def alter_file(path: Path, kind: tuple[str, str, str]) -> int:
    """Alter a column of a CSV, or a measure's values; give how many cells."""
    what, _, name = kind
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    changed = 0
    for row in rows:
        mine = what == "column" or row.get("measure") == name
        for column in [name] if what == "column" else ["value"]:
            if mine and row.get(column) not in (None, ""):
                old = row[column]
                row[column] = (
                    DIGITS.sub(lambda hit: more(hit[0]), old) if DIGITS.search(old) else "x"
                )
                changed += row[column] != old
    if not changed and what == "column":  # blank all the way down
        rows[0][name], changed = "7", 1
    if changed:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return changed


def alter(outputs: Path, page: str, kind: tuple[str, str, str]) -> int:
    changed = 0
    for path in outputs.rglob("*"):
        if path.suffix not in (".html", ".csv") or page_name(path, outputs) != page:
            continue
        if path.suffix == ".csv":
            changed += alter_file(path, kind)
        else:
            altered = Altered(path, kind)
            text = altered.rewritten()
            if altered.changed:
                path.write_text(text, encoding="utf-8")
            changed += altered.changed
    return changed


def notices(test: str) -> bool:
    """Run one test on the altered council; tell whether it fails."""
    with contextlib.redirect_stdout(io.StringIO()):
        code = pytest.main(["-q", "-x", "--no-header", "-p", "no:cacheprovider", "-k", test,
                            *map(str, PAGES.glob("test_*.py"))])  # fmt: skip
    return code == pytest.ExitCode.TESTS_FAILED


def built(folder: Path) -> Path:
    """Build the council, unless an earlier run did."""
    council = folder / "page-council"
    if not (council / "built").exists():
        os.environ |= {"INSIGHT_TODAY": f"{made.TODAY}", "INSIGHT_PSEUDONYM_KEY": "0f" * 32}
        building.build(council)
        (council / "built").touch()
    return council


def entries(pages: str) -> list[tuple[str, tuple[str, str, str], str]]:
    """Give page, kind and test of what the tests beside the list reproduce."""
    here = {
        line.split("(")[0].removeprefix("def ")
        for path in PAGES.glob("test_*.py")
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("def test_")
    }
    return [
        (page, (what, where, name), test)
        for page, own in listed()[0].items()
        for what, where, name, test in own
        if what != "elsewhere" and test in here and fnmatchcase(page, pages)
    ]


def main(folder: Path, pages: str = "*") -> None:
    """Alter one kind of figure after the other and print what nobody notices."""
    council, other = built(folder), folder / "altered"
    os.environ[building.BUILT] = str(other)
    asked, unnoticed = entries(pages), []
    for page, kind, test in asked:
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(council, other, ignore=shutil.ignore_patterns("inbox", "*.csv.gz"))
        seen = alter(other / "outputs", page, kind) and notices(test)
        if not seen:
            unnoticed.append((page, *kind, test))
        sys.stdout.write(f"{'noticed' if seen else 'UNNOTICED'}: {page}, {', '.join(kind)}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(asked)} kinds of figures altered, {len(unnoticed)} unnoticed.\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
