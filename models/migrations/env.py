"""Run by Alembic: takes the open connection it is given, so that a step is all or nothing."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import SQLModel

import models


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:  # noqa: ANN401
    """Write our own column type as the plain one beneath it: steps outlive our code."""
    if kind == "type" and isinstance(item, models.UtcTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite alters a table by rebuilding it
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
