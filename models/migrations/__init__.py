"""How the store's tables came to be, step by step; `pipelines.edge.store.upgrade_store` runs them.

To add a step, change the tables, then compare them with a store that is at the newest version:

    from alembic import command
    from pipelines.edge.store import open_store, upgrade_store, write_transaction
    from pipelines.edge.store.versions import alembic_config

    engine = open_store("sqlite:///new.db")
    upgrade_store(engine)
    with write_transaction(engine) as connection:
        config = alembic_config(connection)
        command.revision(config, "what changes", autogenerate=True, rev_id="0002")
"""
