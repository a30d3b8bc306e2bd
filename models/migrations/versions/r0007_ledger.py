"""Public figures as each release decided them, and the whole ledger of rebases."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT: dict[str, bool] = {
    "decision": False, "reason": False, "released_by": False, "title": False, "family": False,
    "definition": False, "unit": False, "polarity": False, "frequency": False, "rag": False,
    "direction": True, "status": False, "figure": False, "figure_service": False,
    "breakdown": False, "aggregation": False, "accumulation": False,
}  # fmt: skip
NUMBERS = (
    "value", "numerator", "denominator", "lower", "upper", "target", "target_low", "target_high",
)  # fmt: skip
KEPT = ("measure", "service", "period", "reason", "agreed_by", "old_status", "recorded_at")


def upgrade() -> None:
    """Make the table of public figures; give the ledger its entry numbers and old status."""
    op.create_table(
        "public_figure",
        sa.Column("quarter", sa.String(), primary_key=True),
        sa.Column("issue", sa.BigInteger(), primary_key=True),
        *(sa.Column(name, sa.String(), primary_key=True) for name in KEPT[:3]),
        *(sa.Column(name, sa.String(), nullable=empty) for name, empty in TEXT.items()),
        sa.Column("decimals", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=True) for name in NUMBERS),
        sa.Column("base", sa.BigInteger(), nullable=True),
        sa.Column("disclosive", sa.Boolean(), nullable=False),
        sa.Column("change_within_interval", sa.Boolean(), nullable=True),
        sa.Column("committee_on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
    )
    _remake_ledger(
        sa.Column("entry", sa.BigInteger(), primary_key=True),
        *(
            sa.Column(name, sa.String(), nullable=True)
            for name in ("old_rag", "old_verdict", "withdrawn_by", "withdrawn_reason")
        ),
        *(
            sa.Column(name, sa.Float(), nullable=True)
            for name in ("old_mean", "old_lower", "old_upper")
        ),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        filled={"entry": 1},
    )


def downgrade() -> None:
    """Take them away again; of a period entered twice the latest entry stays."""
    op.drop_table("public_figure")
    ledger = sa.table("rebaseline", *map(sa.column, (*KEPT[:3], "entry")))
    newer = ledger.alias()
    same = [ledger.c[name] == newer.c[name] for name in KEPT[:3]]
    op.execute(
        sa.delete(ledger).where(
            sa.exists().where(*same, newer.c.entry > ledger.c.entry).correlate(ledger)
        )
    )
    _remake_ledger(filled={})


def _remake_ledger(*added: sa.Column[Any], filled: dict[str, int]) -> None:
    """Make the ledger anew with its rows: SQLite can't change a table's key."""
    op.rename_table("rebaseline", "rebaseline_before")
    if op.get_bind().dialect.name == "postgresql":  # the key's name would be in the way
        op.execute("ALTER INDEX rebaseline_pkey RENAME TO rebaseline_before_pkey")
    made = op.create_table(
        "rebaseline",
        *(sa.Column(name, sa.String(), primary_key=True) for name in KEPT[:3]),
        *(
            sa.Column(name, sa.String(), nullable=name == "old_status")
            for name in ("reason", "agreed_by", "old_status")
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        *added,
    )
    before = sa.table("rebaseline_before", *map(sa.column, KEPT))
    given = [sa.literal(value).label(name) for name, value in filled.items()]
    op.execute(
        made.insert().from_select(
            [*KEPT, *filled], sa.select(*(before.c[name] for name in KEPT), *given)
        )
    )
    op.drop_table("rebaseline_before")
