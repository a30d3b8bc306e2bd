import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from models import migrations
from pipelines.edge.store import StoreVersionError, open_store, upgrade_store, write_transaction
from pipelines.edge.store.versions import alembic_config

OURS = set(SQLModel.metadata.tables)


@pytest.fixture
def store(store_url):
    engine = open_store(store_url)
    upgrade_store(engine)
    return engine


def tables(engine):
    return set(inspect(engine).get_table_names())


def differences(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, SQLModel.metadata)


def test_upgrading_an_empty_store_makes_every_table(store):
    assert tables(store) == OURS | {"alembic_version"}


def test_migrations_make_the_very_tables_of_the_models(store):
    assert differences(store) == []


def test_the_comparison_notices_a_difference(store):
    with write_transaction(store) as connection:
        connection.execute(text("DROP INDEX ix_contact_contacted_at"))
        connection.execute(text("ALTER TABLE contact DROP COLUMN reason"))
    assert len(differences(store)) == 2


def test_upgrading_twice_changes_nothing(store):
    with write_transaction(store) as connection:
        connection.execute(text("INSERT INTO service (code, name) VALUES ('bins', 'Bins')"))
    upgrade_store(store)
    with store.connect() as connection:
        assert connection.execute(text("SELECT name FROM service")).scalars().all() == ["Bins"]


def test_downgrading_to_nothing_leaves_nothing_and_upgrading_works_again(store):
    with write_transaction(store) as connection:
        command.downgrade(alembic_config(connection), "base")
    assert tables(store) == {"alembic_version"}
    upgrade_store(store)
    assert differences(store) == []


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(store_url):
    engine = open_store(store_url)
    with write_transaction(engine) as connection:  # the last table to be made is in the way
        connection.execute(text("CREATE TABLE model_run (name TEXT)"))
    with pytest.raises(Exception, match="model_run"):
        upgrade_store(engine)
    assert tables(engine) == {"model_run"}


def test_a_store_newer_than_the_code_is_refused(store):
    with write_transaction(store) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreVersionError, match=r"newer version .*9999.*install"):
        upgrade_store(store)


def test_a_new_step_can_be_generated_and_runs(store, tmp_path):
    """The template imports what generated steps mention, and our types appear as plain ones."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(migrations.__file__).parent, folder)
    with write_transaction(store) as connection:
        connection.execute(text("DROP TABLE rebaseline"))
        config = alembic_config(connection)
        config.set_main_option("script_location", str(folder))
        command.revision(config, "bring back rebaseline", autogenerate=True, rev_id="9999")
        (step,) = (folder / "versions").glob("r9999_*.py")
        assert "sa.DateTime(timezone=True)" in step.read_text(encoding="utf-8")
        command.upgrade(config, "head")
    assert differences(store) == []


def test_the_program_may_be_installed_in_a_folder_with_a_percent_sign(
    store_url, tmp_path, monkeypatch
):
    folder = tmp_path / "100% council" / "migrations"
    shutil.copytree(Path(migrations.__file__).parent, folder)
    monkeypatch.setattr(migrations, "__file__", str(folder / "__init__.py"))
    engine = open_store(store_url)
    upgrade_store(engine)
    assert differences(engine) == []


def test_the_store_upgrades_from_any_folder(tmp_path):
    code = (
        "from pipelines.edge.store import open_store, upgrade_store; "
        "upgrade_store(open_store('sqlite:///insight.db'))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert tables(open_store(f"sqlite:///{tmp_path / 'insight.db'}")) >= OURS


@pytest.mark.parametrize("file", ["script.py.mako", "env.py", "versions/r0001_first_tables.py"])
def test_what_alembic_needs_is_inside_the_package(file):
    assert (Path(migrations.__file__).parent / file).is_file()
