"""Structured logs: one JSON object a line, with the run's id, and no resident's words."""

import logging
import re
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import structlog
from structlog.typing import EventDict, WrappedLogger

from insight.errors import InsightError
from insight.redaction import redact

# Ours, or structlog's, and so no resident's.
_OURS = frozenset({"level", "logger", "run_id", "timestamp"})
# SQLAlchemy repeats a statement's values, and PostgreSQL the row, after what went wrong.
_VALUES = re.compile(
    r"\[(?:parameters|generated in|cached since)[^\n]*|^(?:DETAIL|CONTEXT):[^\n]*",
    re.MULTILINE | re.IGNORECASE,
)
_HANDLER = "council-insight"
_PACKAGES = ("insight", "pipelines", "models", "data_contracts")


class LogUnavailableError(InsightError):
    """The log file cannot be written."""


def configure_logs(path: Path | None, run_id: str, *, names: Sequence[str] = ()) -> None:
    """Send every log line of this process to `path`, or to standard error when it is None.

    Lines of other libraries, from warnings up, are written the same way. Text in them, that of
    exceptions too, is redacted, and the values of SQL statements are cut out. Calling it again
    closes the log before.

    Parameters
    ----------
    path
        The file; its folders are made. Lines are added to it.
    run_id
        Carried by each line.
    names
        Of staff, to redact as well.

    Raises
    ------
    LogUnavailableError
        If `path` cannot be written.
    """
    handler = _handler(path)
    private = _Private(tuple(names))
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]

    def with_run_id(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        return {**event, "run_id": run_id}

    handler.set_name(_HANDLER)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                with_run_id,
                private,
                structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=False, default=str),
            ],
        )
    )
    _replace_handler(handler)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _handler(path: Path | None) -> logging.Handler:
    if path is None:
        return logging.StreamHandler(sys.stderr)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return logging.FileHandler(path, encoding="utf-8")
    except OSError as error:
        raise LogUnavailableError(
            f"The log {path} cannot be written. Give your user the right to write there."
        ) from error


def _replace_handler(handler: logging.Handler) -> None:
    ours = [logging.getLogger(name) for name in _PACKAGES]
    for logger in (logging.getLogger(), *ours):
        for old in [old for old in logger.handlers if old.get_name() == _HANDLER]:
            logger.removeHandler(old)
            old.close()
        logger.addHandler(handler)
    # Ours from information up, and here alone: Prefect writes what reaches the root to the screen.
    # The root's own level, for other libraries, stays at warning.
    for logger in ours:
        logger.setLevel(logging.INFO)
        logger.propagate = False


class _Private:
    """Redacts every text of an event, however deep it lies."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        return {
            key: value if key in _OURS else self._private(value) for key, value in event.items()
        }

    def _private(self, value: Any) -> Any:  # noqa: ANN401
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, dict):
            return {self._text(str(key)): self._private(item) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._private(item) for item in value]
        return self._text(str(value))

    def _text(self, text: str) -> str:
        return _redacted(_VALUES.sub("[values]", text), self._names)


@lru_cache(maxsize=1024)
def _redacted(text: str, names: tuple[str, ...]) -> str:
    return str(redact(pd.Series([text], dtype="string"), names=names).iloc[0])
