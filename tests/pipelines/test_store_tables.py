"""The contract of the store's readable tables, column by column, and the files made by it."""

import pandas as pd
import pytest
from sqlalchemy import BigInteger, Boolean, Date, DateTime, Float, Integer, String, inspect

from data_contracts import STORE, load_standard, load_store_contracts
from insight.contract import Kind, Privacy
from pipelines.edge.store import open_store, upgrade_store
from pipelines.steps.store_tables import TABLES, StoreTablesError, publish_store

KINDS = (  # the narrower first: a date and time is told from a date
    (Boolean, Kind.BOOLEAN), (BigInteger, Kind.INTEGER), (Integer, Kind.INTEGER),
    (Float, Kind.NUMBER), (DateTime, Kind.TIMESTAMP), (Date, Kind.DATE), (String, Kind.STRING),
)  # fmt: skip


def test_the_contract_and_the_store_agree_column_by_column(store_url):
    engine = open_store(store_url)
    upgrade_store(engine)
    seen = inspect(engine)
    contracts = load_store_contracts()
    assert set(contracts) == set(TABLES)
    for name, contract in contracts.items():
        fields = TABLES[name].model_fields
        columns = {column["name"]: column for column in seen.get_columns(name)}
        assert list(contract.column_names) == list(fields), name
        for column in contract.columns:
            stored = columns[column.name]
            kind = next(kind for of, kind in KINDS if isinstance(stored["type"], of))
            assert (column.name, kind) == (column.name, column.kind)
            assert column.required is not stored["nullable"], (name, column.name)
            assert column.description == fields[column.name].description
        keys = seen.get_pk_constraint(name)["constrained_columns"]
        in_order = sorted(
            (column.key_position, column.name) for column in contract.columns if column.key_position
        )
        assert [key for _, key in in_order] == keys


def test_only_what_a_release_shows_is_public():
    public = {
        name
        for name, contract in load_store_contracts().items()
        if any(column.privacy is Privacy.PUBLIC for column in contract.columns)
    }
    assert public == {"public_figure"}
    kinds = {c.privacy for each in load_store_contracts().values() for c in each.columns}
    assert kinds == {Privacy.PUBLIC, Privacy.INTERNAL}


def test_every_number_of_a_figure_says_its_unit():
    for table in load_standard(STORE).schema_:
        for column in table.properties:
            if column.logicalType == "number":
                named = [each.property for each in column.customProperties or []]
                assert "unit" in named, (table.name, column.name)


def test_the_tables_are_written_with_their_types_and_contract(workspace, tmp_path):
    made = publish_store(workspace, tmp_path / "bi")
    assert set(made.rows) == set(TABLES)
    results = pd.read_parquet(made.folder / "result.parquet")
    contract = load_store_contracts()["result"]
    assert tuple(results.columns) == contract.column_names
    assert results["value"].dtype == "float64"
    assert (made.folder / "performance_store.odcs.yaml").stat().st_size > 10_000
    before = {path.name: path.read_bytes() for path in made.folder.iterdir()}
    publish_store(workspace, tmp_path / "bi")
    assert {path.name: path.read_bytes() for path in made.folder.iterdir()} == before
    only = publish_store(workspace, tmp_path / "web", public=True)
    assert set(only.rows) == {"public_figure"}


def test_a_folder_with_other_files_is_left_alone(workspace, tmp_path):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(StoreTablesError, match="holds other files"):
        publish_store(workspace, tmp_path)
    assert (tmp_path / "mine.txt").exists()
