"""Why an enquiry was reviewed and which model was seen; which model is in use, and since when."""

import sqlalchemy as sa
from alembic import op

from models.columns import UtcTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ADDED = (("topic_review", "kind"), ("topic_review", "base_version"), ("topic_prediction", "rule"))


def upgrade() -> None:
    """Add the columns, empty in rows that are there already, and the table of promotions."""
    for table, name in ADDED:
        op.add_column(table, sa.Column(name, sa.String(), nullable=True))
    op.create_table(
        "topic_promotion",
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("promoted_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("promoted_at", UtcTime(), nullable=False),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("topic_promotion")
    for table, name in ADDED:
        op.drop_column(table, name)
