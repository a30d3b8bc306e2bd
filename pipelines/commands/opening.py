"""Open a workspace for a command that changes its store."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.edge.logs import configure_logs
from pipelines.edge.run_lock import hold_store
from pipelines.edge.workspace import Workspace, open_workspace


@contextmanager
def holding(workspace: Path | None, *, doing: str) -> Iterator[Workspace]:
    """Open the workspace with its log, and hold its store while the block runs."""
    opened = open_workspace(workspace)
    configure_logs(opened.log_file, opened.run_id, names=opened.settings.staff_names)
    with hold_store(opened, doing=doing):
        yield opened
