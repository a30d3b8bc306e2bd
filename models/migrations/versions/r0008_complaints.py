"""Officers' decisions on request or complaint; what was learnt from a complaint."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the columns, which are empty in rows that are there already."""
    op.create_table(
        "complaint_decision",
        sa.Column("source", sa.String(), primary_key=True),
        sa.Column("complaint_id", sa.String(), primary_key=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("suggested", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("paragraph", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.add_column("complaint", sa.Column("learning_action", sa.String(), nullable=True))
    op.add_column("complaint", sa.Column("learning_done_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("complaint", "learning_done_at")
    op.drop_column("complaint", "learning_action")
    op.drop_table("complaint_decision")
