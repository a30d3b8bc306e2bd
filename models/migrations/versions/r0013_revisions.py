"""What a figure was before it was revised."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of revisions."""
    op.create_table(
        "revision",
        *(
            sa.Column(name, sa.String(), primary_key=True)
            for name in ("measure", "service", "period")
        ),
        sa.Column("entry", sa.BigInteger(), primary_key=True),
        sa.Column("old_value", sa.Float(), nullable=False),
        sa.Column("new_value", sa.Float(), nullable=False),
        sa.Column("revised_on", sa.Date(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
    )


def downgrade() -> None:
    """Take it away again; figures that were revised stay as they are."""
    op.drop_table("revision")
