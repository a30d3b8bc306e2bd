"""The command line is light to start and explains itself."""

import os
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent.parent
INSIGHT = Path(sysconfig.get_path("scripts")) / "insight"

HEAVY = (
    "folium", "geopandas", "matplotlib", "pandas", "pandera", "prefect", "sklearn", "spacy",
    "sqlalchemy",
)  # fmt: skip
SHOW_HELP = """
import sys
from pipelines.cli import main
sys.argv = ["insight", "--help"]
try:
    main()
except SystemExit as stop:
    assert stop.code in (0, None), stop.code
print("LOADED", " ".join(sorted({name.split(".")[0] for name in sys.modules})))
"""


def run(*command: str | Path) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_help_loads_none_of_the_heavy_libraries():
    shown = run(sys.executable, "-c", SHOW_HELP)
    assert shown.returncode == 0, shown.stderr
    loaded = shown.stdout.rpartition("LOADED")[2].split()
    assert sorted(set(HEAVY) & set(loaded)) == []


def test_help_answers_within_a_second():
    walls, processors = [], []
    for _ in range(3):
        before, started = os.times(), time.perf_counter()
        shown = run(INSIGHT, "--help")
        walls.append(time.perf_counter() - started)
        after = os.times()
        processors.append(
            after.children_user + after.children_system
            - before.children_user - before.children_system
        )  # fmt: skip
        assert shown.returncode == 0, shown.stderr
    # On a busy machine the wait is other work's doing; the processor time is our own. Windows
    # doesn't count children's, and there the wait itself decides.
    spent = median(processors) or median(walls)
    assert min(median(walls), spent) < 1.0, f"waits {walls}, processor {processors}"


def commands() -> dict[str, object]:
    """Return every command that does something, by what a person types."""
    from typer.main import get_command

    from pipelines.cli import app

    def walk(command, words):
        inner = getattr(command, "commands", None)
        if not inner:
            return {" ".join(words): command}
        return {
            typed: leaf
            for name, child in inner.items()
            if not child.hidden
            for typed, leaf in walk(child, [*words, name]).items()
        }

    return walk(get_command(app), ["insight"])


def test_insight_help_is_insight_with_help_and_lists_commands_by_whole_sentences():
    shown = run(INSIGHT, "help", "demand")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout == run(INSIGHT, "demand", "--help").stdout
    listed = shown.stdout.partition("Commands:")[2]
    assert "..." not in listed


def test_every_command_is_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [typed for typed in commands() if typed not in readme] == []


def test_every_command_explains_itself_with_an_example():
    lacking = []
    for typed, command in commands().items():
        written = f"{command.help or ''} {command.epilog or ''}"
        if "Example" not in written or typed not in written.partition("Example")[2]:
            lacking.append(typed)
    assert lacking == []
