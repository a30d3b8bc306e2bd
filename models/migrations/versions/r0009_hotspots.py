"""What each place has been over the months: new, persistent, diminishing and so on."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty in rows that are there already."""
    op.add_column("hotspot", sa.Column("emerging", sa.String(), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("hotspot", "emerging")
