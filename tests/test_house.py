"""The tests' own furniture works: what is required fails when missing, and nothing leaks out."""

import os
import socket
from pathlib import Path

import pytest
import sqlalchemy

CONFTEST = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")


@pytest.fixture
def child_run(pytester):
    """Run pytest in a folder of its own under our conftest; return its result."""

    def run(test: str, *arguments: str, **environment: str):
        pytester.makeconftest(CONFTEST)
        pytester.makepyfile(test)
        keep = {key: value for key, value in os.environ.items() if not key.startswith("INSIGHT_")}
        with pytest.MonkeyPatch.context() as patch:
            for name in set(os.environ) - set(keep):
                patch.delenv(name)
            for name, value in environment.items():
                patch.setenv(name, value)
            return pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)

    return run


def test_missing_data_skips_and_is_listed_at_the_end(child_run):
    result = child_run("def test_it(real_data): assert real_data")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["Not run here: 1 test(s), because INSIGHT_REAL_DATA names no*"])


def test_tests_left_out_by_a_marker_are_listed_too(child_run):
    result = child_run("def test_it(): pass\ndef test_other(): pass", "-k", "other")
    result.stdout.fnmatch_lines(["Not run here: 1 test(s), left out by -m or -k"])


@pytest.mark.parametrize(
    ("fixture", "environment"),
    [
        ("real_data", {"INSIGHT_REQUIRE": "data"}),
        ("real_data", {"INSIGHT_REQUIRE": "data", "INSIGHT_REAL_DATA": "no-such-folder"}),
        ("browser", {"INSIGHT_REQUIRE": "postgres, browser", "INSIGHT_CHROMIUM": "no-such-file"}),
    ],
)
def test_what_is_required_and_missing_fails(child_run, fixture, environment):
    result = child_run(f"def test_it({fixture}): pass", **environment)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*INSIGHT_REQUIRE names*"])


def test_a_missing_browser_skips_when_it_is_not_required(child_run):
    result = child_run("def test_it(browser): pass", INSIGHT_CHROMIUM="no-such-file")
    result.assert_outcomes(skipped=1)


def test_a_test_that_reaches_out_fails_even_if_it_hides_the_refusal(child_run):
    result = child_run(
        """
        import contextlib, socket
        def test_it():
            with contextlib.suppress(OSError):
                socket.create_connection(("198.51.100.7", 80), timeout=1)
        """
    )
    result.assert_outcomes(passed=1, errors=1)


def test_this_machine_may_be_asked():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        socket.create_connection(listener.getsockname(), timeout=5).close()


def test_a_page_from_disk_opens_and_what_lies_outside_is_refused(
    page, blocked, console_errors, tmp_path
):
    source = tmp_path / "page.html"
    source.write_text(
        '<!doctype html><html lang="en"><head><title>A page</title>'
        '<meta http-equiv="Content-Security-Policy" content="script-src \'none\'"></head>'
        '<body><h1>Hello</h1><img alt="" src="https://example.invalid/a.png"></body></html>',
        encoding="utf-8",
    )
    page.goto(source.as_uri())
    assert page.title() == "A page"
    assert blocked == ["https://example.invalid/a.png"]
    assert len(console_errors) == 1


def test_axe_sees_a_picture_without_a_description(page, axe, tmp_path):
    source = tmp_path / "page.html"
    source.write_text(
        '<!doctype html><html lang="en"><head><title>A page</title>'
        '<meta http-equiv="Content-Security-Policy" content="script-src \'none\'"></head>'
        '<body><main><h1>Hello</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></main>'
        "</body></html>",
        encoding="utf-8",
    )
    page.goto(source.as_uri())
    assert [violation["id"] for violation in axe(page)] == ["image-alt"]
    assert axe(page, tags=("cat.tables",)) == []


def test_no_event_loop_is_left_running_by_another_modules_browser(child_run, pytester):
    pytester.makepyfile(
        test_b="import asyncio\ndef test_loop():\n    asyncio.run(asyncio.sleep(0))"
    )
    result = child_run(
        "def test_it(page): page.set_content('hello')",
        **{key: value for key, value in os.environ.items() if key == "INSIGHT_CHROMIUM"},
    )
    outcomes = result.parseoutcomes()
    assert outcomes.pop("passed") >= 1
    assert set(outcomes) <= {"skipped"}


def test_each_store_starts_empty_and_takes_a_table(store_url):
    engine = sqlalchemy.create_engine(store_url)
    with engine.begin() as connection:
        assert sqlalchemy.inspect(connection).get_table_names() == []
        connection.execute(sqlalchemy.text("CREATE TABLE thing (name TEXT PRIMARY KEY)"))
    engine.dispose()
    assert ("postgresql" in store_url) is (engine.dialect.name == "postgresql")


def test_the_developers_own_settings_do_not_reach_a_test(child_run):
    result = child_run(
        """
        import os
        def test_it():
            assert "INSIGHT_STORE_URL" not in os.environ
            assert "insight-tests-" in os.environ["PREFECT_HOME"]
            assert os.environ["DO_NOT_TRACK"] == "1"
        """,
        INSIGHT_STORE_URL="sqlite:///mine.db",
        PREFECT_HOME="mine",
        DO_NOT_TRACK="0",
    )
    result.assert_outcomes(passed=1)
