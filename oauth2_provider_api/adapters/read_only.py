"""Transactions in which PostgreSQL itself refuses to write."""

from odoo.sql_db import Cursor


def make_read_only(cr):
    """Whatever a method commits and begins anew, this cursor writes nothing any more. What it has done is undone.

    Odoo sets the mode of a connection again whenever it takes one for a cursor.
    """
    cr.rollback()
    if isinstance(cr, Cursor):
        cr._cnx.set_session(readonly=True)
    else:
        # That of Odoo's tests, all of whose transactions are in truth parts of one.
        cr.readonly = True
