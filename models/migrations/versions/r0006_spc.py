"""What the control chart says of each result: assurance, verdict, and colours that chance turns."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ADDED: dict[str, type[sa.types.TypeEngine[Any]]] = {
    "assurance": sa.String,
    "verdict": sa.String,
    "colour_change_is_noise": sa.Boolean,
}


def upgrade() -> None:
    """Add the columns, empty in rows that are there already."""
    for name, kind in ADDED.items():
        op.add_column("result", sa.Column(name, kind(), nullable=True))


def downgrade() -> None:
    """Take them away again."""
    for name in ADDED:
        op.drop_column("result", name)
