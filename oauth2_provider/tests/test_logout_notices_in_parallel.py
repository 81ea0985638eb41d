"""Two workers that want to deliver the same notices, with connections and commits of their own."""

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged

CONFIRMED = {
    "oauth2_provider.issuer": "https://odoo.example.com",
    "oauth2_provider.issuer_confirmed": "1",
}


@tagged("post_install", "-at_install")
class TestLogoutNoticesInParallel(TransactionCase):
    def environment(self):
        cursor = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(cursor.close)
        return api.Environment(cursor, SUPERUSER_ID, {})

    def setUp(self):
        super().setUp()
        env = self.environment()
        parameters = env["ir.config_parameter"]
        self.before = {name: parameters.get_param(name) for name in CONFIRMED}
        for name, value in CONFIRMED.items():
            parameters.set_param(name, value)
        client = env["oauth2.provider.client"].create({"name": "Notified in parallel"})
        now = "2026-01-01 12:00:00"
        values = {"client_id": client.id, "subject": "s", "sid": "s", "state": "waiting"}
        values |= {"created_at": now, "attempts": 0, "next_attempt_at": now}
        env["oauth2.provider.logout.notice"].create(values)
        env.cr.commit()
        self.addCleanup(self.forget, client.id)

    def forget(self, client_id):
        env = self.environment()
        env.cr.execute("DELETE FROM oauth2_provider_event WHERE client_id = %s", [client_id])
        env.cr.execute("DELETE FROM oauth2_provider_client WHERE id = %s", [client_id])
        for name, value in self.before.items():
            env["ir.config_parameter"].set_param(name, value)
        env.cr.commit()

    def test_l10_what_another_worker_took_meanwhile_is_left_to_it(self):
        first, second = self.environment(), self.environment()
        second.cr.execute("SELECT 1 FROM oauth2_provider_logout_notice LIMIT 1")
        self.assertEqual(len(first["oauth2.provider.logout.notice"]._claim_due()), 1)
        first.cr.commit()
        self.assertFalse(second["oauth2.provider.logout.notice"]._claim_due())
