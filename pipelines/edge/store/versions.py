"""The store's version: bringing its tables up to what this code works with."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select

from models import migrations
from pipelines.edge.store.engine import store_name, write_transaction
from pipelines.edge.store.errors import StoreVersionError

UPGRADE_LOCK = 20261101  # any number that no other program's advisory locks use


def known_revisions() -> list[str]:
    """Return the versions that a store can have had, newest first."""
    steps = ScriptDirectory.from_config(alembic_config(None)).walk_revisions()
    return [str(step.revision) for step in steps]


def alembic_config(connection: Connection | None) -> Config:
    """Return Alembic's settings for the migrations beside the tables, on this connection."""
    folder = str(Path(migrations.__file__).parent)
    config = Config()
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def upgrade_store(engine: Engine) -> None:
    """Create the store's tables or bring them up to date, in one transaction.

    Raises
    ------
    StoreVersionError
        If a newer version of this program has upgraded the store already.
    """
    with write_transaction(engine) as connection:
        if connection.dialect.name == "postgresql":  # two first runs would create tables twice
            connection.execute(select(func.pg_advisory_xact_lock(UPGRADE_LOCK)))
        config = alembic_config(connection)
        steps = ScriptDirectory.from_config(config).walk_revisions()
        reached = MigrationContext.configure(connection).get_current_heads()
        if unknown := set(reached) - {step.revision for step in steps}:
            raise StoreVersionError(
                f"The store {store_name(engine.url)} was upgraded by a newer version of "
                f"council-insight (to {', '.join(sorted(unknown))}); install that version."
            )
        command.upgrade(config, "head")
