"""References of rows that are written with every token request."""

from odoo import fields
from odoo.tools import SQL


class UncheckedMany2one(fields.Many2one):
    """A reference that PostgreSQL does not look up, nor lock what it names, with each row that is written.

    Instead it is looked up where it is read: what is gone reads as nothing, as after ``ondelete="set null"``. The ORM
    reads the references to records of each company in the same way.
    """

    def update_db_foreign_key(self, model, column):
        """No foreign key."""

    def to_sql(self, model, alias):
        return SQL(
            "(SELECT existing.id FROM %s existing WHERE existing.id = %s)",
            SQL.identifier(model.env[self.comodel_name]._table),
            super().to_sql(model, alias),
        )

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        condition = super().condition_to_sql(field_expr, operator, value, model, alias, query)
        if field_expr == self.name and operator == "in" and all(value):
            # Only the column itself has an index.
            column = SQL.identifier(alias, self.name, to_flush=self)
            return SQL("(%s IN %s AND %s)", column, tuple(value), condition)
        return condition
