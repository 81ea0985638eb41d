"""Writes that wait for the commit: seen by what comes after them, gone with a rollback, and never lost."""

from odoo.tests import tagged
from psycopg2.errors import DivisionByZero

from ..adapters.sql_store.rows import execute, fetch_one, write_later
from .records_case import RecordsCase

COUNT = "SELECT count(*) AS number FROM oauth2_provider_event WHERE detail = %s"
ADD = """INSERT INTO oauth2_provider_event (event_type, occurred_at, detail)
         VALUES ('login', '2026-01-01 12:00:00', %s)"""


@tagged("post_install", "-at_install")
class TestLaterWrites(RecordsCase):
    def stored(self, detail):
        """As PostgreSQL has it by now."""
        self.env.cr.execute(COUNT, [detail])
        return self.env.cr.fetchone()[0]

    def test_they_are_sent_together_before_the_commit(self):
        write_later(self.env.cr, ADD, ["50 % off; 'quoted'"])
        write_later(self.env.cr, ADD, ["second"])
        self.assertFalse(self.stored("50 % off; 'quoted'"))
        self.env.cr.flush()
        self.assertEqual(self.stored("50 % off; 'quoted'"), 1)
        self.assertEqual(self.stored("second"), 1)
        self.env.cr.flush()
        self.assertEqual(self.stored("second"), 1, "once is enough")

    def test_statements_of_ours_see_them(self):
        write_later(self.env.cr, ADD, ["seen"])
        self.assertEqual(fetch_one(self.env.cr, COUNT, ["seen"])["number"], 1)
        write_later(self.env.cr, ADD, ["seen"])
        execute(self.env.cr, "SELECT 1", [])
        self.assertEqual(self.stored("seen"), 2)

    def test_a_rollback_takes_them_along(self):
        write_later(self.env.cr, ADD, ["before"])
        with self.assertRaises(RuntimeError), self.env.cr.savepoint():
            write_later(self.env.cr, ADD, ["inside"])
            raise RuntimeError
        self.env.cr.flush()
        self.assertEqual(self.stored("before"), 1)
        self.assertEqual(self.stored("inside"), 0)

    def test_one_that_fails_fails_the_transaction(self):
        with self.assertRaises(DivisionByZero), self.env.cr.savepoint():
            write_later(self.env.cr, ADD, ["of a failure"])
            write_later(self.env.cr, "SELECT 1 / %s", [0])
        self.assertEqual(self.stored("of a failure"), 0)
