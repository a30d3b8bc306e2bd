"""The square of the map that a patrol went to, so that its effect can be measured."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty in rows that are there already."""
    op.add_column("patrol", sa.Column("cell", sa.String(), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("patrol", "cell")
