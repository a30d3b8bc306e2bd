"""The shape of the project, held: layers, purity, an honest lock and wheel.

Words that no file may contain are put together here from halves, or this file would be refused.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from functools import cache
from importlib.metadata import packages_distributions
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PACKAGES = ("data_contracts", "insight", "models", "pipelines")
SCRIPTS = Path(sysconfig.get_path("scripts"))

FOLDERS = {*PACKAGES, "notebooks", "outputs", "tests"}
FOLDERS_ALLOWED = {"docs", "deploy", ".github", ".ci"}
FILES = {
    ".editorconfig", ".gitattributes", ".gitignore", ".pre-commit-config.yaml", "CHANGELOG.md",
    "CONTRIBUTING.md", "DECISIONS.md", "LICENSE", "Makefile", "README.md", "SECURITY.md",
    "noxfile.py", "prefect.yaml", "pyproject.toml", "requirements.lock",
}  # fmt: skip

FORBIDDEN = {
    "unfinished work": re.compile(
        r"\b(TO" r"DO|FIX" r"ME|XX" r"X|raise NotImple" r"mentedError)\b"
    ),
    "a swallowed error": re.compile(r"except(\s+(Base)?Exception)?:\s*pa" r"ss\b"),
    "a test skipped without a reason": re.compile(
        r"(mark\.skip|pytest\.ski" r"p)(\(\s*\)|\s*$)", re.M
    ),
    "a path of somebody's machine": re.compile(
        r"(?<![\w.}])/(wo" r"rk|ro" r"ot|ho" r"me/\w+|User" r"s/\w+)/|[A-Z]:\\User" r"s\\"
    ),
    "a package registry's host": re.compile(
        r"pyp" r"i\.org|pythonhos" r"ted\.org|npmj" r"s\.(org|com)|deb\.deb" r"ian\.org"
    ),
    "a merge conflict": re.compile(r"^(<{7}|>{7}) ", re.M),
}

# What the pure library must not do. Layers catch imports; these are the calls they can't see.
IMPURE_CALLS = {
    "open", "print", "input", "read_csv", "read_excel", "read_file", "read_json", "read_parquet",
    "read_sql", "read_text", "read_bytes", "to_csv", "to_excel", "to_file", "to_parquet", "to_sql",
    "write_text", "write_bytes", "savefig", "now", "today", "utcnow", "getenv", "urlopen",
    "iterrows", "itertuples",
}  # fmt: skip
IMPURE_IMPORTS = {
    "os",
    "pathlib",
    "socket",
    "subprocess",
    "tempfile",
    "time",
    "urllib",
    "random",
}


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file that git keeps, or would on the next `git add`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (Path(name.decode()) for name in listed.stdout.split(b"\0") if name)
    return tuple(path for path in paths if (ROOT / path).is_file())


def text_of(path: Path) -> str | None:
    """Return a tracked file's text, or nothing for a binary file."""
    content = (ROOT / path).read_bytes()
    return None if b"\0" in content else content.decode("utf-8")


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )


# --- Layers and purity ---------------------------------------------------------------------------


def test_imports_point_inward():
    checked = run(SCRIPTS / "lint-imports", "--no-cache")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("insight/planted.py", "import prefect"),
        ("insight/planted.py", "from models import EVENT_TABLES"),
        ("models/planted.py", "from data_contracts import load_contract"),
        ("data_contracts/planted.py", "import pipelines"),
    ],
)
def test_an_import_that_points_outward_is_caught(tmp_path, module, line):
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / module).write_text(f"{line}\n", encoding="utf-8")
    # Contracts between flows name modules that the planted tree hasn't got.
    settings = tmp_path / "pyproject.toml"
    for name in re.findall(r'"(pipelines\.\w+)"', settings.read_text(encoding="utf-8")):
        (tmp_path / f"{name.replace('.', '/')}.py").touch()
    checked = run(SCRIPTS / "lint-imports", "--no-cache", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "BROKEN" in checked.stdout


def impurities(source: str) -> list[str]:
    """Name what a module does that the pure library may not."""
    found = []
    # A figure may be drawn into memory, and only there.
    in_memory = "StringIO(" in source or "BytesIO(" in source
    forbidden = IMPURE_CALLS - {"savefig"} if in_memory else IMPURE_CALLS
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            function = node.func
            name = getattr(function, "attr", getattr(function, "id", ""))
            if name in forbidden:
                found.append(f"line {node.lineno} calls {name}")
            if any(
                keyword.arg == "axis" and getattr(keyword.value, "value", None) == 1
                for keyword in node.keywords
                if name == "apply"
            ):
                found.append(f"line {node.lineno} applies a function row by row")
        elif isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None)
            names = [module] if module else [alias.name for alias in node.names]
            found += [
                f"line {node.lineno} imports {name}"
                for name in names
                if name.split(".")[0] in IMPURE_IMPORTS
            ]
    return found


def test_the_library_touches_no_disk_clock_or_environment():
    found = {
        str(path): problems
        for path in tracked()
        if path.parts[0] == "insight" and path.suffix == ".py"
        if (problems := impurities(text_of(path)))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    ["import os", "from pathlib import Path", "frame.to_csv('a')", "open('a')", "date.today()",
     "figure.savefig('a')", "frame.apply(lambda row: row, axis=1)",
     "for row in frame.itertuples(): pass"],
)  # fmt: skip
def test_an_impurity_is_noticed(source):
    assert len(impurities(source)) == 1


WRITES = {"replace_period", "upsert", "insert", "update", "write_events"}


def writes_of(source: str, table: str) -> list[int]:
    """Give the lines of a module's calls that write `table`."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        if getattr(node.func, "attr", getattr(node.func, "id", "")) in WRITES
        if any(getattr(part, "id", getattr(part, "attr", "")) == table for part in node.args)
    ]


@pytest.mark.parametrize(
    ("table", "door"),
    [("Result", "figures.py"), ("PublicFigure", "public_decision.py"), ("Rebaseline", "rebase.py")],
)
def test_figures_public_figures_and_rebases_each_have_one_door(table, door):
    writing = {
        path.name
        for path in tracked()
        if path.parts[0] == "pipelines" and path.suffix == ".py"
        if writes_of(text_of(path), table)
    }
    assert writing == {door}


def test_a_second_door_is_noticed():
    assert writes_of("upsert(connection, models.Result, frame)", "Result") == [1]


def test_each_package_name_is_ours_and_ours_alone():
    owners = packages_distributions()
    assert [name for name in PACKAGES if set(owners.get(name, [])) != {"council-insight"}] == []
    assert "tests" not in owners or "council-insight" not in owners["tests"]


# --- What is in the repository -------------------------------------------------------------------


def test_the_top_level_is_the_agreed_one():
    folders = {path.parts[0] for path in tracked() if len(path.parts) > 1}
    files = {path.parts[0] for path in tracked() if len(path.parts) == 1}
    assert folders >= FOLDERS
    assert folders - FOLDERS <= FOLDERS_ALLOWED
    assert files == FILES


def problems_in(text: str) -> list[str]:
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_no_file_holds_what_must_not_be_committed():
    found = {
        str(path): problems
        for path in tracked()
        if (text := text_of(path)) is not None
        if (problems := problems_in(text))
    }
    assert found == {}


@pytest.mark.parametrize(
    "text",
    ["# TO" "DO: later", "try:\n    f()\nexcept Exception:\n    pa" "ss", "@pytest.mark.ski" "p\n",
     "pytest.ski" "p()", "see /ro" "ot/data", "C:\\User" "s\\ann", "https://pyp" "i.org/simple"],
)  # fmt: skip
def test_what_must_not_be_committed_is_noticed(text):
    assert len(problems_in(text)) == 1


def test_files_stay_short_enough_to_read():
    """Three hundred lines is the aim; four hundred is where a file has to be split."""
    long = {
        str(path): lines
        for path in tracked()
        if path.suffix in {".py", ".j2", ".sh", ".yml", ".css", ".js"} or path.name == "Makefile"
        if (lines := (text_of(path) or "").count("\n")) > 400
    }
    assert long == {}


def test_text_is_utf8_with_unix_line_ends():
    wrong = [str(path) for path in tracked() if "\r" in (text_of(path) or "")]
    assert wrong == []


# --- Lock and wheel ------------------------------------------------------------------------------


@cache
def locked() -> dict[str, tuple[Requirement, str]]:
    """Return each locked requirement by name, with the text of its hashes."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    entries = {}
    for line in lines:
        if not line or line.startswith("#"):
            continue
        wanted, _, hashes = line.partition(" --hash=")
        requirement = Requirement(wanted)
        entries[f"{requirement.name} {requirement.marker}"] = (requirement, f"--hash={hashes}")
    return entries


def test_the_lock_names_no_host_and_hashes_everything():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash)", text, re.M), "an option such as --index-url"
    assert len(locked()) > 100
    for requirement, hashes in locked().values():
        (version,) = requirement.specifier
        assert version.operator == "==", requirement
        assert re.fullmatch(r"(--hash=sha256:[0-9a-f]{64}\s*)+", hashes), requirement


def test_the_lock_satisfies_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]

    def normal(name: str) -> str:
        return re.sub(r"[-_.]+", "-", name).lower()

    versions: dict[str, list[str]] = {}
    for requirement, _ in locked().values():
        (pin,) = requirement.specifier
        versions.setdefault(normal(requirement.name), []).append(pin.version)
    for wanted in map(Requirement, asked):
        pins = versions.get(normal(wanted.name), [])
        assert pins, f"{wanted.name} is not locked"
        assert all(wanted.specifier.contains(pin) for pin in pins), wanted


def test_the_wheel_holds_our_packages_with_their_data_and_nothing_else(tmp_path):
    for path in tracked():
        if path.parts[0] in {*PACKAGES, "tests", "notebooks"} or len(path.parts) == 1:
            (tmp_path / "source" / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, tmp_path / "source" / path)
    command = ["pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    built = run(sys.executable, "-m", *command, "-w", tmp_path, tmp_path / "source")
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        inside = {name for name in opened.namelist() if ".dist-info/" not in name}
    ours = {path.as_posix() for path in tracked() if path.parts[0] in PACKAGES}
    assert inside == ours


# --- Tooling agrees with itself ------------------------------------------------------------------


def test_decisions_are_numbered_without_a_gap():
    text = (ROOT / "DECISIONS.md").read_text(encoding="utf-8")
    numbers = [int(number) for number in re.findall(r"^#+\s+(\d+)\b", text, re.M)]
    assert numbers
    assert numbers[0] == 1
    assert all(second == first + 1 for first, second in pairwise(numbers))


def test_actions_are_pinned_by_commit():
    used = [
        line.strip()
        for path in tracked()
        if path.parts[:2] == (".github", "workflows")
        for line in (text_of(path) or "").splitlines()
        if "uses:" in line
    ]
    assert used
    assert [
        line for line in used if not re.search(r"uses: [\w/-]+@[0-9a-f]{40} # v[\d.]+$", line)
    ] == []
