"""What a file's headings were and where it lay, for drift and replay; attachments of e-mails."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ADDED = {"source_file": ("headings", "location", "mapping_file")}


def upgrade() -> None:
    """Add the columns, empty in rows that are there already."""
    op.add_column("enquiry", sa.Column("attachments", sa.BigInteger(), nullable=True))
    for table, names in ADDED.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.String(), nullable=True))


def downgrade() -> None:
    """Take them away again."""
    for table, names in ADDED.items():
        for name in names:
            op.drop_column(table, name)
    op.drop_column("enquiry", "attachments")
