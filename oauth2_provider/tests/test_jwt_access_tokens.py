"""JWT access tokens over HTTP: what a resource server reads with the published keys alone (RFC 9068)."""

import jwt
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import SECRET, ProviderCase

ISSUER = "http://localhost:8069"


@tagged("post_install", "-at_install")
class TestJwtAccessTokens(ProviderCase):
    def setUp(self):
        super().setUp()
        self.application.write({"access_token_format": "jwt", "use_refresh_token": True})
        self.tokens = self.redeem(self.obtain_code()).json()

    def claims(self, token):
        keys = jwt.PyJWKSet.from_dict(self.url_open("/oauth2/jwks").json())
        header = jwt.get_unverified_header(token)
        self.assertEqual((header["typ"], header["alg"]), ("at+jwt", "ES256"))
        return jwt.decode(
            token, keys[header["kid"]], algorithms=["ES256"], audience=ISSUER, issuer=ISSUER
        )

    def ask(self, path, token):
        credentials = {
            "client_id": self.application.client_identifier,
            "client_secret": SECRET,
        }
        return self.url_open(path, data={"token": token, **credentials})

    def test_t18_a_resource_server_reads_it_alone(self):
        claims = self.claims(self.tokens["access_token"])
        self.assertEqual(claims["sub"], self.person.oauth2_subject)
        self.assertEqual(claims["client_id"], self.application.client_identifier)
        self.assertEqual(claims["scope"], "openid email profile")
        self.assertLessEqual({"iss", "aud", "exp", "iat", "jti"}, claims.keys())

    def test_revocation_is_immediate_and_costs_one_statement(self):
        token = self.tokens["access_token"]
        with self.assertStatements(1):
            self.assertEqual(self.userinfo(token).status_code, 200)
        # The first use of a secret is noted, after which the client is read once more.
        self.ask("/oauth2/introspect", token)
        # client and token
        with self.assertStatements(2):
            self.assertTrue(self.ask("/oauth2/introspect", token).json()["active"])
        self.assertEqual(self.ask("/oauth2/revoke", token).status_code, 200)
        self.assertEqual(self.userinfo(token).status_code, 401)
        self.assertEqual(self.ask("/oauth2/introspect", token).json(), {"active": False})

    def test_it_is_not_stored(self):
        self.env.invalidate_all()
        kinds = self.env["oauth2.provider.token"].sudo().search([]).mapped("kind")
        self.assertEqual(kinds, ["refresh"])

    def test_t05_id_token_is_no_access_token(self):
        self.assertEqual(self.userinfo(self.tokens["id_token"]).status_code, 401)

    def test_administrator_ends_it(self):
        self.application.action_revoke_authorizations()
        self.assertEqual(self.userinfo(self.tokens["access_token"]).status_code, 401)

    def test_another_odoo_gets_short_tokens(self):
        with self.assertRaises(ValidationError):
            self.application.write({"use_refresh_token": False, "security_profile": "odoo_login"})
