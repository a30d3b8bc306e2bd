"""How far off a report's place may be, the street it names, and how exact a hotspot is."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ADDED = (
    ("street_report", "street", sa.String()),
    ("street_report", "place_error_m", sa.Float()),
    ("hotspot", "within_m", sa.Float()),
)


def upgrade() -> None:
    """Add the columns, empty in rows that are there already."""
    for table, name, kind in ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Take them away again."""
    for table, name, _ in ADDED:
        op.drop_column(table, name)
