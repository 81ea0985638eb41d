"""Deleting expired rows in bounded batches that wait for nobody."""

from odoo import models
from odoo.tools import SQL

BATCH_SIZE = 10_000


def delete_batch(model: models.Model, condition: SQL, batch_size: int = BATCH_SIZE):
    """Delete at most one batch of the rows of ``model`` that fulfil ``condition``.

    Rows that a running request holds are left for the next time, so that neither waits for the other.

    :param condition: SQL over the table's own columns; the table goes by the alias ``expired``
    :return: what an ``@api.autovacuum`` method returns: the number of deleted rows, and whether more may wait
    """
    model.env.flush_all()
    # An array, since of a plain IN (SELECT … LIMIT …) PostgreSQL may read the batch once for each row: all of them go.
    table = SQL.identifier(model._table)
    model.env.cr.execute(
        SQL(
            """
            DELETE FROM %(table)s WHERE id = ANY (ARRAY(
                SELECT expired.id FROM %(table)s expired WHERE %(condition)s
                LIMIT %(batch_size)s FOR UPDATE OF expired SKIP LOCKED
            ))
            """,
            table=table,
            condition=condition,
            batch_size=batch_size,
        )
    )
    deleted = model.env.cr.rowcount
    if deleted:
        # Other tables may have lost rows by cascade.
        model.env.invalidate_all(flush=False)
    return deleted, deleted == batch_size
