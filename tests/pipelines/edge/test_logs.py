"""Logs: a line of JSON an event, the run's id in each, and no resident's words."""

import json
import logging

import pytest
import sqlalchemy
import structlog

from pipelines.edge.logs import LogUnavailableError, configure_logs


@pytest.fixture
def logged(tmp_path):
    path = tmp_path / "logs" / "run.jsonl"
    configure_logs(path, "run-1", names=["Jane Quaver"])
    yield lambda: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    root = logging.getLogger()
    for handler in [h for h in root.handlers if h.get_name() == "council-insight"]:
        root.removeHandler(handler)
        handler.close()
    structlog.reset_defaults()


def log():
    return structlog.get_logger("pipelines.steps.ingest")


def test_an_event_is_one_line_with_run_time_and_level(logged):
    log().info("file ingested", rows=3, share=0.5, late=None, good=True)
    (event,) = logged()
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "file ingested",
        "rows": 3,
        "share": 0.5,
        "late": None,
        "good": True,
        "level": "info",
        "logger": "pipelines.steps.ingest",
        "run_id": "run-1",
    }


def test_a_logger_made_before_the_logs_were_configured_uses_them(tmp_path, logged):
    early = structlog.get_logger("pipelines.early")
    configure_logs(tmp_path / "second.jsonl", "run-2")
    early.info("hello")
    assert logged() == []
    assert '"run_id": "run-2"' in (tmp_path / "second.jsonl").read_text(encoding="utf-8")


def test_every_text_of_an_event_is_redacted_however_deep(logged):
    log().info(
        "Dear Mr Smith",
        reason="row of jane@example.com",
        rows=[{"07700 900123": ("LE18 2DR",)}],
        author=ValueError("by Jane Quaver"),
    )
    (event,) = logged()
    assert event["event"] == "Dear Mr [name]"
    assert event["reason"] == "row of [email]"
    assert event["rows"] == [{"[phone]": ["[postcode]"]}]
    assert event["author"] == "by [name]"


def test_the_text_of_an_exception_is_redacted(logged):
    number = "07700 " + "900123"
    try:
        raise ValueError(f"cannot read {number}")
    except ValueError:
        log().exception("failed")
    (event,) = logged()
    assert "cannot read [phone]" in event["exception"]
    assert number not in json.dumps(event)


def test_the_values_of_a_statement_are_cut_out(logged):
    engine = sqlalchemy.create_engine("sqlite://", hide_parameters=False)
    secret = "Quentin " + "Quagmire"
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE t (a TEXT PRIMARY KEY)"))
        connection.execute(sqlalchemy.text("INSERT INTO t VALUES (:a)"), {"a": secret})
        try:
            connection.execute(sqlalchemy.text("INSERT INTO t VALUES (:a)"), {"a": secret})
        except sqlalchemy.exc.IntegrityError:
            log().exception("failed")
    (event,) = logged()
    assert "UNIQUE constraint failed" in event["exception"]
    assert secret not in json.dumps(event)


def test_the_row_that_postgresql_repeats_is_cut_out(logged):
    log().error("failed", reason="duplicate key\nDETAIL:  Key (a)=(Quagmire) exists.\nCONTEXT: b")
    (event,) = logged()
    assert event["reason"] == "duplicate key\n[values]\n[values]"


def test_warnings_of_other_libraries_pass_the_same_way(logged):
    other = logging.getLogger("some.library")
    other.info("chatter")
    other.warning("cannot send to %s", "jane@example.com")
    (event,) = logged()
    assert (event["event"], event["run_id"]) == ("cannot send to [email]", "run-1")
    assert (event["level"], event["logger"]) == ("warning", "some.library")


def test_what_is_bound_to_the_context_is_carried_and_redacted(logged):
    with structlog.contextvars.bound_contextvars(flow="ingest", sender="jane@example.com"):
        log().info("started")
    (event,) = logged()
    assert (event["flow"], event["sender"]) == ("ingest", "[email]")


def test_configuring_again_adds_to_the_file_and_keeps_one_handler(tmp_path):
    path = tmp_path / "run.jsonl"
    for run in ("run-1", "run-2"):
        configure_logs(path, run)
        log().info("started")
    runs = [json.loads(line)["run_id"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert runs == ["run-1", "run-2"]
    handlers = [h for h in logging.getLogger().handlers if h.get_name() == "council-insight"]
    assert len(handlers) == 1


def test_without_a_file_lines_go_to_standard_error(capsys):
    configure_logs(None, "run-1")
    log().warning("careful")
    assert json.loads(capsys.readouterr().err)["event"] == "careful"


def test_a_log_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LogUnavailableError, match="cannot be written"):
        configure_logs(tmp_path / "file" / "run.jsonl", "run-1")
