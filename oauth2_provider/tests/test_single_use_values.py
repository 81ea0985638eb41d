"""A value is used once: across transactions, across workers, and after the clock was put back."""

from odoo import fields
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from psycopg2.errors import SerializationFailure

from ..adapters.sql_store.replays import SqlReplayStore

KIND = "test_single_use"
END = 4_000_000_000


@tagged("post_install", "-at_install")
class TestSingleUseValues(TransactionCase):
    def test_a_value_is_used_once_and_per_kind(self):
        store = SqlReplayStore(self.env.cr)
        self.assertTrue(store.use_once(KIND, "a", END))
        self.assertFalse(store.use_once(KIND, "a", END))
        self.assertTrue(store.use_once(KIND, "b", END))
        self.assertTrue(store.use_once(KIND + "2", "a", END))
        self.assertTrue(store.use_once(KIND, "\ud800é\0", END))

    def test_s14_used_values_outlive_their_expiry_by_a_day(self):
        store = SqlReplayStore(self.env.cr)
        now = int(fields.Datetime.now().timestamp())
        store.use_once(KIND, "young", now - 3600)
        store.use_once(KIND, "old", now - 2 * 86400)
        values = self.env["oauth2.provider.single.use.value"]
        values._gc_expired()
        self.assertFalse(store.use_once(KIND, "young", END))
        self.assertTrue(store.use_once(KIND, "old", END))


@tagged("post_install", "-at_install")
class TestSingleUseInParallel(TransactionCase):
    """With connections and commits of their own, as two workers have."""

    def cursor(self):
        cursor = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(cursor.close)
        return cursor

    def setUp(self):
        super().setUp()
        self.addCleanup(self.forget)

    def forget(self):
        with db_connect(self.env.cr.dbname).cursor() as cursor:
            cursor.execute("DELETE FROM oauth2_provider_single_use_value WHERE kind = %s", [KIND])

    def test_a08_x05_who_comes_second_is_refused_without_waiting(self):
        first, second = self.cursor(), self.cursor()
        self.assertTrue(SqlReplayStore(first).use_once(KIND, "parallel", END))
        self.assertFalse(SqlReplayStore(second).use_once(KIND, "parallel", END))
        first.commit()
        second.commit()
        self.assertFalse(SqlReplayStore(second).use_once(KIND, "parallel", END))

    def test_a08_x05_a_use_committed_meanwhile_has_the_request_repeated(self):
        first, second = self.cursor(), self.cursor()
        second.execute("SELECT 1 FROM oauth2_provider_single_use_value LIMIT 1")
        self.assertTrue(SqlReplayStore(first).use_once(KIND, "meanwhile", END))
        first.commit()
        with self.assertRaises(SerializationFailure):
            SqlReplayStore(second).use_once(KIND, "meanwhile", END)
        second.rollback()
        self.assertFalse(SqlReplayStore(second).use_once(KIND, "meanwhile", END))

    def test_a_use_that_was_rolled_back_was_none(self):
        first, second = self.cursor(), self.cursor()
        self.assertTrue(SqlReplayStore(first).use_once(KIND, "undone", END))
        first.rollback()
        self.assertTrue(SqlReplayStore(second).use_once(KIND, "undone", END))
