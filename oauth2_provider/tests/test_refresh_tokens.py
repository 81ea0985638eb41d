"""Refresh over HTTP: the grace, connections with and without a login, and what they cost (RFC 6749 §6)."""

from hashlib import sha256
from unittest.mock import patch

import jwt
from odoo.tests import tagged

from ..adapters import odoo_signing_keys
from .common import ProviderCase


@tagged("post_install", "-at_install")
class TestRefreshTokens(ProviderCase):
    def setUp(self):
        super().setUp()
        self.application.use_refresh_token = True

    def refresh(self, refresh_token, **changes):
        return self.redeem(
            None,
            grant_type="refresh_token",
            refresh_token=refresh_token,
            redirect_uri=None,
            code_verifier=None,
            **changes,
        )

    def tokens(self, **changes):
        return self.redeem(self.obtain_code(**changes)).json()

    def stored(self, token):
        self.env.invalidate_all()
        return (
            self.env["oauth2.provider.token"]
            .sudo()
            .search([("token_hash", "=", sha256(token.encode()).hexdigest())])
        )

    def test_f02_repeated_refresh_gets_the_same_answer(self):
        first = self.tokens()
        second = self.refresh(first["refresh_token"]).json()
        again = self.refresh(first["refresh_token"]).json()
        self.assertEqual(
            jwt.decode(again.pop("id_token"), options={"verify_signature": False}),
            jwt.decode(second.pop("id_token"), options={"verify_signature": False}),
        )
        self.assertEqual(again, second)
        third = self.refresh(second["refresh_token"])
        self.assertEqual(third.status_code, 200)

    def test_f03_two_generations_back_ends_the_family(self):
        first = self.tokens()
        second = self.refresh(first["refresh_token"]).json()
        third = self.refresh(second["refresh_token"]).json()
        self.assertEqual(self.refresh(first["refresh_token"]).json()["error"], "invalid_grant")
        self.assertEqual(self.refresh(third["refresh_token"]).json()["error"], "invalid_grant")
        self.assertEqual(self.userinfo(third["access_token"]).status_code, 401)

    def test_neither_successors_nor_the_presented_token_are_kept(self):
        first = self.tokens()
        second = self.refresh(first["refresh_token"]).json()
        self.env.cr.execute("SELECT string_agg(t::text, '') FROM oauth2_provider_token t")
        (everything,) = self.env.cr.fetchone()
        for token in (first, second):
            for kind in ("refresh_token", "access_token"):
                self.assertNotIn(token[kind][4:], everything)

    def test_another_server_secret_makes_other_successors(self):
        first = self.tokens()
        self.refresh(first["refresh_token"])
        self.env.cr.execute("UPDATE oauth2_provider_server_secret SET secret = 'another'")
        self.env.registry.clear_cache()
        self.addCleanup(self.env.registry.clear_cache)
        self.assertEqual(self.refresh(first["refresh_token"]).json()["error"], "invalid_grant")

    def test_the_server_secret_can_be_encrypted(self):
        secrets = self.env["oauth2.provider.server.secret"]
        variable = odoo_signing_keys.ENCRYPTION_OPTION.upper()
        self.addCleanup(self.env.registry.clear_cache)
        with patch.dict("os.environ", {variable: "x" * 40}):
            self.env.cr.execute("DELETE FROM oauth2_provider_server_secret")
            self.env.registry.clear_cache()
            self.assertTrue(secrets._stored_secret().startswith("fernet:"))
            first = self.tokens()
            self.env["oauth2.provider.signing.key"]._forget_stored_keys()
            second = self.refresh(first["refresh_token"]).json()
            self.assertEqual(
                self.refresh(first["refresh_token"]).json()["refresh_token"],
                second["refresh_token"],
            )

    def test_f11_connection_without_offline_access_is_bound_to_the_login(self):
        authorization = self.stored(self.tokens()["refresh_token"]).authorization_id
        self.assertFalse(authorization.is_offline)
        days = (authorization.expires_at - authorization.created_at).days
        self.assertEqual(days, 7)

    def test_f11_offline_access_with_consent_stays(self):
        tokens = self.tokens(scope="openid offline_access", prompt="consent")
        self.assertEqual(tokens["scope"], "openid offline_access")
        authorization = self.stored(tokens["refresh_token"]).authorization_id
        self.assertTrue(authorization.is_offline)
        days = (authorization.expires_at - authorization.created_at).days
        self.assertEqual(days, 180)

    def test_the_consent_page_says_that_a_connection_stays(self):
        self.authenticate("ada", "ada-password")
        page = self.authorize(scope="openid offline_access", prompt="consent").text
        self.assertIn('data-scope="offline_access"', page)

    def test_a_refresh_costs_as_many_statements_as_before_there_was_a_grace(self):
        tokens = self.tokens()
        tokens = self.refresh(tokens["refresh_token"]).json()
        # client, token; rotation, event and new tokens at once
        with self.assertStatements(3):
            self.refresh(tokens["refresh_token"])
        # client, token, successor; event and new tokens at once
        with self.assertStatements(4):
            self.refresh(tokens["refresh_token"])
