"""What was erased on request and purged after its retention, so that it stays out."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "erasure",
        sa.Column("fingerprint", sa.String(), primary_key=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("certificate", sa.String(), nullable=False),
    )
    op.create_table(
        "purge",
        sa.Column("contract", sa.String(), primary_key=True),
        sa.Column("purged_before", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("purge")
    op.drop_table("erasure")
