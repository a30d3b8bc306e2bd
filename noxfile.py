"""The project's checks, defined once: run ``nox`` in ``.venv``, on any platform.

``nox`` alone runs ``lint types layers test``, as CI does; ``nox -s fix`` tidies. Sessions use the
environment that nox itself is installed in, so the plain pip install of the README is enough.
"""

import os
import sys
import sysconfig
from pathlib import Path

import nox

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "types", "layers", "test"]
nox.options.error_on_missing_interpreters = True

SCRIPTS = Path(sysconfig.get_path("scripts"))
REAL_DATA = Path(__file__).parent.parent / "shared" / "data"


@nox.session
def lint(session: nox.Session) -> None:
    """Check format and style."""
    session.run(sys.executable, "-m", "ruff", "format", "--check")
    session.run(sys.executable, "-m", "ruff", "check")


@nox.session
def types(session: nox.Session) -> None:
    """Check types, strictly."""
    session.run(sys.executable, "-m", "mypy")


@nox.session
def layers(session: nox.Session) -> None:
    """Check that imports point inward and that ``insight`` stays pure."""
    session.run(str(SCRIPTS / "lint-imports"))


@nox.session
def test(session: nox.Session) -> None:
    """Run all tests, or those named after ``--``."""
    session.run(*_pytest(session.posargs), env=_real_data())


@nox.session(default=False)
def coverage(session: nox.Session) -> None:
    """Run all tests and hold what they cover to its floor; slower than ``test``."""
    session.run(*_pytest([]), "--cov", env=_real_data())


def _pytest(chosen: list[str]) -> list[str]:
    # A file's tests stay together: its browser or database is started once. The order is that of
    # tests/conftest.py, long files first: a long one at the end would leave a core idle.
    together = ["--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder"]
    return [sys.executable, "-m", "pytest", *(chosen or ["--durations=25", *together])]


def _real_data() -> dict[str, str]:
    # Real data may lie beside the repository, as it does for CI; one's own setting wins.
    found = REAL_DATA.is_dir() and not os.environ.get("INSIGHT_REAL_DATA")
    return {"INSIGHT_REAL_DATA": str(REAL_DATA)} if found else {}


@nox.session(default=False)
def soak(session: nox.Session) -> None:
    """Kill more runs, break more files and try more examples than every test run can."""
    tests = [
        "tests/pipelines/test_kills.py",
        "tests/pipelines/test_kills_with_prefect.py",
        "tests/pipelines/test_broken_files.py",
        "tests/insight",
    ]
    session.run(sys.executable, "-m", "pytest", *tests, env={"INSIGHT_SOAK": "1"})


@nox.session(default=False)
def fix(session: nox.Session) -> None:
    """Mend what ruff can mend."""
    session.run(sys.executable, "-m", "ruff", "check", "--fix")
    session.run(sys.executable, "-m", "ruff", "format")
