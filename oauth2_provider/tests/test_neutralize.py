"""A neutralized copy of the database answers for nobody."""

from odoo import fields
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from .records_case import RecordsCase, new_hash


@tagged("post_install", "-at_install", "neighbours")
class TestNeutralize(RecordsCase):
    def test_neutralized(self):
        self.env["oauth2.provider.client.secret"]._generate(self.client)
        authorization = self.authorize(self.ada)
        authorization._revoke("user")
        self.env["oauth2.provider.token"].create(
            {
                "kind": "access",
                "token_hash": new_hash(),
                "authorization_id": authorization.id,
                "client_id": self.client.id,
                "issued_at": fields.Datetime.now(),
                "expires_at": fields.Datetime.now(),
            }
        )
        salt = self.env["oauth2.provider.server"]._settings().pairwise_salt
        version, events = self.client.version, self.env["oauth2.provider.event"].search_count([])
        self.env.flush_all()
        for query in get_neutralization_queries(["oauth2_provider"]):
            self.cr.execute(query)
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()
        self.assertFalse(self.client.active)
        self.assertNotEqual(self.client.version, version)
        self.assertFalse(self.client.secret_ids)
        for model in ("token", "authorization.code", "authorization.request", "authorization"):
            with self.subTest(model):
                self.assertFalse(self.env[f"oauth2.provider.{model}"].search([]))
        self.assertEqual(self.env["oauth2.provider.event"].search_count([]), events)
        parameters = self.env["ir.config_parameter"].search(
            [("key", "like", "oauth2_provider.issuer")]
        )
        self.assertFalse(parameters)
        renewed = self.env["ir.config_parameter"].get_param("oauth2_provider.pairwise_salt")
        self.assertGreater(len(renewed), 60)
        self.assertNotEqual(renewed, salt)
