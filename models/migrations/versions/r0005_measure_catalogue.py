"""The whole measure catalogue, targets with their own tolerance, units of returns, releases."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ADDED: dict[str, dict[str, type[sa.types.TypeEngine[Any]]]] = {
    "measure": {
        "tolerance_kind": sa.String,
        "decimals": sa.BigInteger,
        "accumulation": sa.String,
        "year_to_date": sa.Boolean,
        "calendar": sa.String,
        "objective": sa.String,
        "in_control": sa.Boolean,
        "drives_improvement": sa.Boolean,
        "disclosive": sa.Boolean,
        "breakdown": sa.String,
    },
    "target": {"tolerance": sa.Float, "tolerance_kind": sa.String},
    "kpi_return": {"unit": sa.String},
}


def upgrade() -> None:
    """Add the columns, empty in rows that are there already, and the table of releases."""
    for table, columns in ADDED.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind(), nullable=True))
    op.create_table(
        "release",
        sa.Column("quarter", sa.String(), primary_key=True),
        sa.Column("released_by", sa.String(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("release")
    for table, columns in ADDED.items():
        for name in columns:
            op.drop_column(table, name)
