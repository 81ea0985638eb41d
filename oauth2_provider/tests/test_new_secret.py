"""A new secret is shown once, to somebody who has just proved who they are, and exists as a hash alone."""

import time

from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from ..protocol.secret_hashing import hash_secret


@tagged("post_install", "-at_install", "neighbours")
class TestNewSecret(HttpCase):
    def setUp(self):
        super().setUp()
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("oauth2_provider.issuer_confirmed", "1")
        self.client = self.env["oauth2.provider.client"].create({"name": "Application"})
        for login, groups in (
            ("oauth2-administrator", "oauth2_provider.group_oauth2_administrator"),
            ("ada", "base.group_user"),
        ):
            new_test_user(self.env, login, groups=groups, password=f"{login}-password")

    def press(self, login, *, proved=True):
        session = {"identity-check-last": time.time()} if proved else {}
        self.authenticate(login, f"{login}-password", session_extra=session)
        return self.make_jsonrpc_request(
            "/web/dataset/call_button/oauth2.provider.client/action_new_secret",
            {
                "model": "oauth2.provider.client",
                "method": "action_new_secret",
                "args": [self.client.ids],
                "kwargs": {},
            },
        )

    def test_shown_once_and_stored_as_a_hash(self):
        action = self.press("oauth2-administrator")
        secret = action["context"]["default_secret"]
        self.assertGreaterEqual(len(secret), 43)
        stored = self.client.secret_ids
        self.assertEqual(stored.sudo().secret_hash, hash_secret(secret))
        self.assertEqual(stored.hint, secret[-4:])
        self.env.cr.execute(
            "SELECT count(*) FROM oauth2_provider_event WHERE detail LIKE %s", [f"%{secret}%"]
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_asks_for_the_password_first(self):
        action = self.press("oauth2-administrator", proved=False)
        self.assertEqual(action["res_model"], "res.users.identitycheck")
        self.assertFalse(self.client.secret_ids)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_u12_refused_to_others(self):
        with self.assertRaisesRegex(JsonRpcException, "AccessError"):
            self.press("ada")
        self.assertFalse(self.client.secret_ids)
