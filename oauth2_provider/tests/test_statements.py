"""What a request costs: the number of our SQL statements at each endpoint, once the caches are warm.

Odoo itself adds a few of its own to each request (docs/performance.md). A number that grows here is a decision.
"""

from unittest.mock import patch

from odoo.tests import tagged

from ..adapters.odoo_clock import SystemClock
from .common import REDIRECT_URI, SECRET, VERIFIER, ProviderCase


@tagged("post_install", "-at_install")
class TestStatements(ProviderCase):
    def setUp(self):
        super().setUp()
        self.application.use_refresh_token = True
        self.application.is_trusted = True
        self.env.flush_all()
        self.credentials = {
            "client_id": self.application.client_identifier,
            "client_secret": SECRET,
        }
        # Fills the caches.
        tokens = self.redeem(self.obtain_code()).json()
        self.tokens = self.refresh(tokens["refresh_token"]).json()
        self.access_token = self.tokens["access_token"]

    def refresh(self, token):
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return self.post_token(form | self.credentials)

    def statements(self, send):
        """The statements about our tables that a request runs."""
        with self.assertLogs("odoo.sql_db", "DEBUG") as logs:
            response = send()
        self.assertEqual(response.status_code, 200, response.text)
        return [line for line in logs.output if "oauth2_provider_" in line]

    def assert_number(self, expected, send):
        statements = self.statements(send)
        self.assertEqual(len(statements), expected, "\n".join(statements))

    def post(self, path, token):
        return self.url_open(path, data=self.credentials | {"token": token})

    def test_userinfo_and_tokeninfo_read_once(self):
        for path in ("/oauth2/userinfo", "/oauth2/tokeninfo"):
            self.assert_number(1, lambda path=path: self.userinfo(self.access_token, path))

    def test_code(self):
        """The client, the code; at the end its use, the tokens and the event at once."""
        form = {"grant_type": "authorization_code", "code": self.obtain_code()}
        form |= {"redirect_uri": REDIRECT_URI, "code_verifier": VERIFIER} | self.credentials
        self.assert_number(3, lambda: self.post_token(form))

    def test_refresh(self):
        """The client, the token; at the end its use, the new tokens and the event at once."""
        self.assert_number(3, lambda: self.refresh(self.tokens["refresh_token"]))

    def test_introspection(self):
        """The client, the token."""
        self.assert_number(2, lambda: self.post("/oauth2/introspect", self.access_token))

    def test_revocation(self):
        """The client, the token, the revocation with its event."""
        self.assert_number(3, lambda: self.post("/oauth2/revoke", self.access_token))

    def test_jwt_of_a_service(self):
        """The client, the authorization that is shared; the first of a period also adds that one and its event."""
        self.application.write(
            {
                "use_client_credentials": True,
                "service_user_id": self.person.id,
                "access_token_format": "jwt",
            }
        )
        self.env.flush_all()
        form = {"grant_type": "client_credentials"} | self.credentials
        with patch.object(SystemClock, "moment", return_value=2_000_000_000.0):
            for _fills_the_caches in range(2):
                self.post_token(form)
            self.assert_number(2, lambda: self.post_token(form))
        with patch.object(SystemClock, "moment", return_value=2_000_000_300.0):
            self.assert_number(4, lambda: self.post_token(form))

    def test_public_documents_come_from_memory(self):
        for path in ("/.well-known/openid-configuration", "/oauth2/jwks"):
            self.url_open(path)
            with self.assertLogs("odoo.sql_db", "DEBUG") as logs:
                self.env.cr.execute("SELECT 'the only one'")
                self.assertEqual(self.url_open(path).status_code, 200)
            # Beside website Odoo asks at each request which site it is for.
            statements = [line for line in logs.output if 'FROM "website"' not in line]
            self.assertEqual(len(statements), 1, "\n".join(statements))
