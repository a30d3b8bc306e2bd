"""No figure without the test that works it out again: page_figures.yaml against the built pages."""

import ast
import re
from collections import Counter
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.pipelines.pages.shapes import kinds_of, page_name

LIST = Path(__file__).with_name("page_figures.yaml")
TESTS = Path(__file__).parents[2]
OTHERS = "other pages"


@cache
def listed():
    """Give each page's entries: what (a column, say), in which table, which, and its test."""
    pages = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    others = pages.pop(OTHERS)
    return {name: [kind for entry in entries for kind in kinds(entry)]
            for name, entries in pages.items()}, others  # fmt: skip


def kinds(entry):
    test = entry.get("test", "")
    for table in entry.get("tables", [entry.get("table", "")]):
        for name in entry.get("labels", []):
            yield "column", table, name, ""
        for name in entry.get("columns", []):
            yield "column", table, name, test
    for what in ("tile", "measure", "sentence"):
        for name in entry.get(f"{what}s", []):
            yield what, "", name, test
    for name in entry.get("words", []):
        yield "sentence", "", name, ""
    for name in entry.get("elsewhere", []):
        yield "elsewhere", "", name, test


@pytest.fixture(scope="module")
def printed(outputs):
    """Give each page's kinds of figures, of all services' pages together."""
    found = {}
    for path in sorted(outputs.rglob("*")):
        if path.suffix in (".html", ".csv") and path.name != "map.html":
            found.setdefault(page_name(path, outputs), set()).update(kinds_of(path))
    return found


def same(kind, entry):
    what, where, name = kind
    if what == "sentence":
        pattern = re.sub(r"([\[\]])", r"[\1]", entry[2])
        return entry[0] == "sentence" and fnmatchcase(name, pattern)
    return (what, where, name) == entry[:3]


def test_every_figure_that_is_printed_is_in_the_list(printed):
    pages, others = listed()
    missing = [
        (page, *kind)
        for page, shown in printed.items()
        if not any(fnmatchcase(page, other["page"]) for other in others)
        for kind in sorted(shown)
        if not any(same(kind, entry) for entry in pages.get(page, []))
    ]
    assert missing == []


def test_everything_in_the_list_is_printed(printed):
    pages, others = listed()
    dead = [
        (page, *entry[:3])
        for page, entries in pages.items()
        for entry in entries
        if entry[0] != "elsewhere" and not any(same(kind, entry) for kind in printed.get(page, ()))
    ]
    dead += [each["page"] for each in others
             if not any(fnmatchcase(page, each["page"]) for page in printed)]  # fmt: skip
    assert dead == []


def test_every_figure_has_one_test_and_every_test_is_there():
    pages, others = listed()
    defined = Counter(
        node.name
        for path in TESTS.rglob("test_*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )
    wanted = {entry[3] for entries in pages.values() for entry in entries} - {""}
    wanted |= {name for each in others for name in each["tests"]}
    assert [name for name in sorted(wanted) if defined[name] != 1] == []
    untested = [
        (page, *entry[:3]) for page, entries in pages.items() for entry in entries
        if entry[0] in ("tile", "measure", "elsewhere") and not entry[3]
    ]  # fmt: skip
    assert untested == []
    every = [(page, *entry[:3]) for page, entries in pages.items() for entry in entries]
    assert [each for each, number in Counter(every).items() if number > 1] == []
