"""Places that few requests hold at a time, over all workers: with connections of their own, as workers have."""

from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged

from ..adapters.sql_store.places import SqlPlaces


@tagged("post_install", "-at_install")
class TestPlaces(TransactionCase):
    def worker(self):
        cursor = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(cursor.close)
        return cursor

    def test_d21_a_place_is_held_until_the_request_ends(self):
        first, second, third = (self.worker() for _ in range(3))
        self.assertTrue(SqlPlaces(first).take_place("test room", 2))
        self.assertTrue(SqlPlaces(second).take_place("test room", 2))
        self.assertFalse(SqlPlaces(third).take_place("test room", 2))
        self.assertTrue(SqlPlaces(third).take_place("another test room", 2))
        first.commit()
        self.assertTrue(SqlPlaces(third).take_place("test room", 2))
        second.rollback()
        self.assertTrue(SqlPlaces(first).take_place("test room", 2))
