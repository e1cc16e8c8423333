"""查询码 and 取件码 as fingerprints: what is there is hashed when the program starts, which has the key; heads lose theirs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Json

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BEARING = ("W01", "W02", "W04")


def upgrade() -> None:
    """Add the columns; take the codes out of the heads of papers, where the press has printed them long since."""
    with op.batch_alter_table("access_code") as table:
        table.add_column(sa.Column("digest", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("issue", sa.Integer(), server_default=sa.text("0"), nullable=False))
        table.alter_column("code", existing_type=sa.String(length=12), nullable=True)
    papers = sa.table("document", sa.column("id", Id()), sa.column("code", sa.String()), sa.column("head", Json()))
    connection = op.get_bind()
    rows = connection.execute(sa.select(papers.c.id, papers.c.head).where(papers.c.code.in_(BEARING))).all()
    for id, head in rows:
        if head and "query_code" in head:
            kept = {name: value for name, value in head.items() if name != "query_code"}
            connection.execute(sa.update(papers).where(papers.c.id == id).values(head=kept))


def downgrade() -> None:
    """Take the columns off again; fingerprints are no codes, so those rows go and are made anew when asked for."""
    op.execute("DELETE FROM access_code WHERE code IS NULL")
    with op.batch_alter_table("access_code") as table:
        table.alter_column("code", existing_type=sa.String(length=12), nullable=False)
        table.drop_column("issue")
        table.drop_column("digest")
