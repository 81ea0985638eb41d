"""Signing keys: their life, and that nobody sees their private half."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..adapters import odoo_signing_keys
from ..adapters.odoo_signing_keys import OdooSigningKeys
from ..protocol.jose.sign import sign
from ..protocol.jose.verify import verify
from ..protocol.security_profiles import SIGNED_FOR_CLIENT
from .records_case import RecordsCase

SECRET_VARIABLE = odoo_signing_keys.ENCRYPTION_OPTION.upper()
EDDSA = [("algorithm", "=", "EdDSA")]


@tagged("post_install", "-at_install")
class TestSigningKeys(RecordsCase):
    def setUp(self):
        super().setUp()
        self.keys = self.env["oauth2.provider.signing.key"]
        self.port = OdooSigningKeys(self.env)

    def states(self, algorithm="ES256"):
        return sorted(self.keys.search([("algorithm", "=", algorithm)]).mapped("state"))

    def test_each_algorithm_has_a_key_that_signs_and_one_that_waits(self):
        for algorithm in ("RS256", "PS256", "ES256", "EdDSA"):
            self.assertEqual(self.states(algorithm), ["active", "next"])

    def test_rotation_keeps_what_was_signed_and_published(self):
        token = sign({"sub": "a"}, self.port.signing_key("ES256"))
        waiting = self.keys.search([("algorithm", "=", "ES256"), ("state", "=", "next")])
        published = {key.kid for key in self.port.published_keys()}
        self.assertIn(waiting.kid, published)
        self.keys.with_user(self.administrator).action_rotate()
        self.assertEqual(self.port.signing_key("ES256").public.kid, waiting.kid)
        self.assertLess(published, {key.kid for key in self.port.published_keys()})
        self.assertEqual(verify(token, self.port.published_keys())["sub"], "a")
        self.assertEqual(self.states(), ["active", "next", "retired"])

    def published_algorithms(self):
        return {key.algorithm for key in self.port.published_keys()}

    def test_keys_that_many_cannot_read_are_published_when_an_application_needs_them(self):
        self.assertEqual(self.published_algorithms(), {"RS256", "PS256", "ES256"})
        for name in SIGNED_FOR_CLIENT:
            with self.subTest(name):
                self.client[name] = "EdDSA"
                self.assertIn("EdDSA", self.published_algorithms())
                self.client[name] = "ES256"
                # what was signed until now can still be checked
                self.assertIn("EdDSA", self.published_algorithms())
                self.keys.search(EDDSA).is_published = False

    def test_new_keys_that_no_application_needs_any_more_stay_unpublished(self):
        application = self.create_client(id_token_signed_response_alg="EdDSA")
        self.assertIn("EdDSA", self.published_algorithms())
        application.active = False
        self.keys._rotate(["EdDSA"])
        waiting = self.keys.search([*EDDSA, ("state", "=", "next")])
        self.assertFalse(waiting.is_published)
        application.active = True
        self.assertTrue(waiting.is_published)

    def test_an_old_key_can_never_sign_again(self):
        self.keys._rotate(["ES256"])
        old = self.keys.search([("state", "=", "retired")])
        self.assertFalse(old.sudo().private_pem)

    def test_cron_rotates_when_due_and_drops_what_nobody_needs(self):
        active = self.keys.search([("algorithm", "=", "ES256"), ("state", "=", "active")])
        self.keys._cron_rotate()
        self.assertEqual(active.state, "active")
        active.activated_at = fields.Datetime.now() - timedelta(days=90)
        self.keys._cron_rotate()
        self.assertEqual(active.state, "retired")
        self.assertEqual(self.states("RS256"), ["active", "next"])
        active.retired_at = fields.Datetime.now() - timedelta(days=31)
        self.keys._cron_rotate()
        self.assertFalse(active.exists())

    def test_o_nobody_reads_or_writes_the_private_half(self):
        key = self.keys.search([("state", "=", "active")], limit=1)
        for user in (self.administrator, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                key.with_user(user).read(["private_pem"])
            with self.assertRaises(AccessError):
                key.with_user(user).write({"private_pem": "x"})
            with self.assertRaises(AccessError):
                key.with_user(user).search([("private_pem", "like", "a")])
            self.assertNotIn("private_pem", key.with_user(user).fields_get())
        with self.assertRaises(AccessError):
            self.keys.with_user(self.ada).search([])

    def test_a_key_in_use_cannot_be_deleted(self):
        key = self.keys.search([("state", "=", "active")], limit=1)
        with self.assertRaises(UserError):
            key.with_user(self.administrator).unlink()

    def test_encryption_at_rest(self):
        with patch.dict(odoo_signing_keys.os.environ, {SECRET_VARIABLE: "s" * 40}):
            self.keys._rotate(["ES256"])
            waiting = self.keys.search([("algorithm", "=", "ES256"), ("state", "=", "next")])
            self.assertTrue(waiting.sudo().private_pem.startswith("fernet:"))
            self.keys._rotate(["ES256"])
            self.assertEqual(self.port.signing_key("ES256").public.kid, waiting.kid)
        with self.assertRaises(ValueError):
            self.port.signing_key("ES256")
