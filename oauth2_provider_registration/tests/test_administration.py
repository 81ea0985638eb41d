"""What administrators decide about registration, and what goes away by itself."""

import time
from pathlib import Path

from odoo import Command
from odoo.addons.oauth2_provider.protocol.secret_hashing import hash_secret
from odoo.addons.oauth2_provider.tests.common import REDIRECT_URI
from odoo.exceptions import AccessError, ValidationError
from odoo.modules.module import get_module_path
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..hooks import remove_settings
from .registration_case import PREFIX, RegistrationCase


@tagged("post_install", "-at_install")
class TestAdministration(RegistrationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env,
            "registrar",
            groups="oauth2_provider.group_oauth2_administrator",
            password="registrar-password",
        )

    def save(self, **values):
        with Form(self.env["res.config.settings"]) as form:
            for name, value in values.items():
                form[f"oauth2_registration_{name}"] = value
        form.record.execute()

    def policy(self):
        return self.env["oauth2.provider.server"]._registration_policy()

    def test_closed_with_the_scopes_of_openid_connect(self):
        policy = self.policy()
        self.assertFalse(policy.is_open)
        self.assertFalse(policy.trusted_hosts)
        self.assertIn("openid", policy.scope)
        self.assertEqual(policy.anonymous_grants, {"authorization_code", "refresh_token"})

    def test_settings(self):
        self.save(
            access="trusted_hosts",
            trusted_hosts="a.example b.example",
            anonymous_implicit=True,
            maximum_clients=5,
            hourly_limit=4,
            hourly_limit_per_address=3,
        )
        policy = self.policy()
        self.assertEqual(policy.trusted_hosts, {"a.example", "b.example"})
        self.assertIn("implicit", policy.anonymous_grants)
        self.assertEqual(
            (policy.maximum_clients, policy.hourly_limit, policy.hourly_limit_per_address),
            (5, 4, 3),
        )
        self.save(access="open", anonymous_implicit=False)
        self.assertTrue(self.policy().is_open)
        self.assertNotIn("implicit", self.policy().anonymous_grants)

    def test_settings_that_cannot_be_meant(self):
        for values in (
            {"access": "trusted_hosts"},
            {"access": "trusted_hosts", "trusted_hosts": "https://a.example"},
            {"access": "trusted_hosts", "trusted_hosts": "a.example/b"},
            {"maximum_clients": 0},
            {"unused_days": -1},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.save(**values)

    def test_scopes_that_may_be_registered(self):
        scope = self.env["oauth2.provider.scope"].create(
            {"name": "orders", "description": "Your orders"}
        )
        self.assertNotIn("orders", self.policy().scope)
        self.assert_error(self.register(scope="orders"), 400, "invalid_client_metadata")
        scope.is_registrable = True
        self.env.flush_all()
        self.assertEqual(self.registered(scope="orders")["scope"], "orders")

    def test_a_token_is_shown_once(self):
        token = self.env["oauth2.provider.initial.access.token"].create({"name": "Bob"})
        self.env.flush_all()
        self.authenticate(
            "registrar", "registrar-password", session_extra={"identity-check-last": time.time()}
        )
        action = self.make_jsonrpc_request(
            "/web/dataset/call_button/oauth2.provider.initial.access.token/action_new_token",
            {
                "model": token._name,
                "method": "action_new_token",
                "args": [token.ids],
                "kwargs": {},
            },
        )
        shown = action["context"]["default_token"]
        self.env.invalidate_all()
        self.assertEqual(token.sudo().token_hash, hash_secret(shown))
        self.assertTrue(token.has_token)
        self.registered(token=shown)
        self.assert_error(self.register(token=shown), 401, "invalid_token")

    def test_a_token_cannot_be_chosen(self):
        tokens = self.env["oauth2.provider.initial.access.token"].with_user(self.administrator)
        for write in (
            lambda: tokens.create({"name": "Bob", "token_hash": "0" * 64}),
            lambda: self.initial.with_user(self.administrator).write({"token_hash": "0" * 64}),
            lambda: self.initial.with_user(self.administrator).write({"uses": -5}),
            lambda: self.initial.with_user(self.person).read(["name"]),
        ):
            with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
                write()
        with self.assertRaises(ValidationError):
            tokens.create({"name": "Bob", "maximum_uses": -1})

    @mute_logger("odoo.models", "odoo.orm.models")
    def test_o8_nobody_reads_a_hash(self):
        client = self.client_of(self.registered())
        for record, name in (
            (client, "registration_token_hash"),
            (client, "registration_metadata"),
            (self.initial, "token_hash"),
        ):
            record = record.with_user(self.administrator)
            with self.subTest(name), self.assertRaises(AccessError):
                record.read([name])
            with self.subTest(name), self.assertRaises(AccessError):
                record.search([(name, "=like", "a%")])

    def test_d02_unused_ones_go_away(self):
        used, verified, young, old = (
            self.client_of(self.registered(client_name=name))
            for name in ("used", "verified", "young", "old")
        )
        (used | verified | old).registered_at = self.days_ago(31)
        young.registered_at = self.days_ago(29)
        verified.is_verified = True
        self.obtain_code(client_id=used.client_identifier)
        self.env["oauth2.provider.client"]._gc_unused()
        self.assertEqual((used | verified | young | old).exists(), used | verified | young)
        self.assertTrue(self.application.exists(), "not one that registered itself")

    def test_the_form_says_so(self):
        client = self.client_of(self.registered())
        form = Form(client.with_user(self.administrator))
        self.assertTrue(form.registered_at)
        form.is_verified = True
        self.assertTrue(form.save().is_verified)

    def test_a_neutralized_copy_takes_no_registrations(self):
        self.set_policy(access="open")
        answer = self.registered()
        folder = Path(get_module_path("oauth2_provider_registration"))
        self.env.cr.execute((folder / "data/neutralize.sql").read_text())
        self.env.registry.clear_all_caches()
        self.assert_error(self.configure("GET", answer), 401, "invalid_token")
        self.assert_error(self.register(), 401, "invalid_token")
        self.assert_error(self.register(token=None), 401, "invalid_token")

    def test_uninstall_leaves_no_setting(self):
        self.set_policy(access="open")
        remove_settings(self.env)
        found = self.env["ir.config_parameter"].search([("key", "=like", f"{PREFIX}%")])
        self.assertFalse(found)

    def test_administrators_change_addresses_of_registered_ones(self):
        client = self.client_of(self.registered()).with_user(self.administrator)
        client.redirect_uri_ids = [Command.create({"uri": REDIRECT_URI + "2"})]
        self.assertEqual(len(client.redirect_uri_ids), 2)
