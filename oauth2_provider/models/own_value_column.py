"""Adds a column in which every row has a value of its own."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column


def add_own_value_column(model, column, value):
    """Create a text column and fill it row by row, before Odoo fills all rows with one and the same default.

    :param value: SQL that is evaluated for each row
    """
    if not column_exists(model.env.cr, model._table, column):
        create_column(model.env.cr, model._table, column, "varchar")
        names = SQL.identifier(model._table), SQL.identifier(column)
        model.env.cr.execute(SQL("UPDATE %s SET %s = %s", *names, value))
