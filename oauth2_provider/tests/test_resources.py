"""Resources over HTTP: audience (RFC 8707), signed introspection (RFC 9701), details in words (RFC 9396)."""

import json
from unittest.mock import patch

import jwt
import psycopg2
from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..adapters.sql_store.authorizations import SqlAuthorizationStore
from .common import SECRET, ProviderCase

ISSUER = "http://localhost:8069"
INVOICES = "https://invoices.example"
ORDERS = "https://orders.example"
PAYMENT = {
    "type": "payment",
    "actions": ["initiate"],
    "amount": {"currency": "EUR", "value": "123.50"},
    "creditor": "<b>Shop</b>",
}


@tagged("post_install", "-at_install")
class TestResources(ProviderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = cls.create_application(name="Orders API", secret="api-secret")
        cls.resource = cls.env["oauth2.provider.resource"].create(
            {
                "name": "Orders",
                "identifier": ORDERS,
                "introspection_client_id": cls.api.id,
                "details_type_ids": [
                    Command.create({"name": "payment", "description": "Make a payment"})
                ],
            }
        )
        cls.application.use_refresh_token = True
        cls.env.flush_all()

    def introspect(self, token, application, secret, accept="application/json"):
        credentials = {"client_id": application.client_identifier, "client_secret": secret}
        return self.url_open(
            "/oauth2/introspect", data={"token": token, **credentials}, headers={"Accept": accept}
        )

    def tokens(self, **changes):
        return self.redeem(self.obtain_code(**changes)).json()

    def test_q28_token_for_a_resource(self):
        tokens = self.tokens(resource=ORDERS + "/")
        members = self.introspect(tokens["access_token"], self.api, "api-secret").json()
        self.assertEqual(members["aud"], ORDERS)
        self.assertEqual(members["sub"], self.person.oauth2_subject)

    def test_t02_it_opens_nothing_here(self):
        response = self.userinfo(self.tokens(resource=ORDERS)["access_token"])
        self.assertEqual(response.status_code, 401)
        self.assertIn('error="invalid_token"', response.headers["WWW-Authenticate"])

    def test_q26_unknown_or_closed_resource(self):
        self.authenticate("ada", "ada-password")
        answer = self.answer(self.authorize(resource="https://unknown.example"))
        self.assertEqual(answer["error"], "invalid_target")
        self.resource.client_ids = self.api
        self.assertEqual(self.answer(self.authorize(resource=ORDERS))["error"], "invalid_target")
        self.resource.client_ids = self.application
        self.assertIn("code", self.answer(self.press(self.authorize(resource=ORDERS), "allow")))

    def test_q26_what_is_deleted_opens_a_resource_to_nobody(self):
        self.authenticate("ada", "ada-password")
        only = self.create_application(name="The only one", secret="only")
        self.resource.client_ids = only
        self.env.flush_all()
        only.unlink()
        self.env.flush_all()
        self.assertEqual(self.answer(self.authorize(resource=ORDERS))["error"], "invalid_target")
        self.resource.is_restricted = False
        self.env.flush_all()
        self.assertIn("code", self.answer(self.press(self.authorize(resource=ORDERS), "allow")))

    @mute_logger("odoo.sql_db")
    def test_q26_a_scope_that_narrows_a_resource_stays(self):
        scope = self.env["oauth2.provider.scope"].create({"name": "x", "description": "X"})
        self.resource.scope_ids = scope
        with self.assertRaises(psycopg2.errors.ForeignKeyViolation):
            scope.unlink()

    def test_q27_token_request_outside(self):
        code = self.obtain_code(resource=ORDERS)
        self.env["oauth2.provider.resource"].create({"name": "Known", "identifier": INVOICES})
        self.env.flush_all()
        for other in (INVOICES, "https://unknown.example"):
            response = self.redeem(code, resource=other)
            self.assertEqual(response.json()["error"], "invalid_target")
        self.assertEqual(self.redeem(code, resource=ORDERS).status_code, 200)

    def test_t09_token_not_meant_for_the_resource_server(self):
        token = self.tokens()["access_token"]
        members = self.introspect(token, self.api, "api-secret").json()
        self.assertEqual(members, {"active": False})
        own = self.introspect(token, self.application, SECRET).json()
        self.assertEqual(own["aud"], ISSUER)

    def test_t11_resource_server_that_was_archived(self):
        token = self.tokens(resource=ORDERS)["access_token"]
        self.resource.active = False
        members = self.introspect(token, self.api, "api-secret").json()
        self.assertEqual(members, {"active": False})

    def test_rfc9701_signed_answer(self):
        token = self.tokens(resource=ORDERS)["access_token"]
        media_type = "application/token-introspection+jwt"
        response = self.introspect(token, self.api, "api-secret", accept=media_type)
        self.assertEqual(response.headers["Content-Type"], media_type)
        keys = jwt.PyJWKSet.from_dict(self.url_open("/oauth2/jwks").json())
        header = jwt.get_unverified_header(response.text)
        self.assertEqual(header["typ"], "token-introspection+jwt")
        claims = jwt.decode(
            response.text,
            keys[header["kid"]],
            algorithms=["RS256"],
            audience=self.api.client_identifier,
            issuer=ISSUER,
        )
        self.assertTrue(claims["token_introspection"]["active"])

    def test_consent_page_tells_details_and_resource_in_words(self):
        self.authenticate("ada", "ada-password")
        page = self.authorize(resource=ORDERS, authorization_details=json.dumps([PAYMENT])).text
        self.assertIn('id="oauth2_details"', page)
        for text in ("Make a payment", "actions: initiate", "amount value: 123.50", "Orders"):
            self.assertIn(text, page)
        self.assertIn("creditor: &lt;b&gt;Shop&lt;/b&gt;", page)

    def test_details_come_back_with_the_token(self):
        tokens = self.tokens(authorization_details=json.dumps([PAYMENT]))
        self.assertEqual(tokens["authorization_details"], [PAYMENT])
        members = self.introspect(tokens["access_token"], self.api, "api-secret").json()
        self.assertEqual(members["authorization_details"], [PAYMENT])

    def test_a_type_of_details_that_no_database_takes(self):
        for text in ("\0", "\ud800"):
            details = json.dumps([{"type": text}])
            answer = self.answer(self.authorize(authorization_details=details))
            self.assertEqual(answer["error"], "invalid_authorization_details")

    def test_details_with_a_number_that_is_none(self):
        """Nobody who reads our answer could read it."""
        details = '[{"type": "payment", "amount": 1e999}]'
        answer = self.answer(self.authorize(authorization_details=details))
        self.assertEqual(answer["error"], "invalid_authorization_details")

    def test_unknown_type_of_details(self):
        self.authenticate("ada", "ada-password")
        answer = self.answer(self.authorize(authorization_details='[{"type": "loan"}]'))
        self.assertEqual(answer["error"], "invalid_authorization_details")

    def test_discovery_says_what_is_registered(self):
        path = "/.well-known/openid-configuration"
        document = self.url_open(path).json()
        self.assertEqual(document["authorization_details_types_supported"], ["payment"])
        self.assertIn("introspection_signing_alg_values_supported", document)
        self.resource.unlink()
        document = self.url_open(path).json()
        self.assertNotIn("authorization_details_types_supported", document)
        self.assertNotIn("introspection_signing_alg_values_supported", document)

    def test_t16_storage_error_during_revocation_is_no_success(self):
        token = self.tokens()["access_token"]
        error = psycopg2.OperationalError("the database is gone")
        with (
            patch.object(SqlAuthorizationStore, "revoke_authorization", side_effect=error),
            mute_logger("odoo.http"),
        ):
            response = self.url_open(
                "/oauth2/revoke",
                data={
                    "token": token,
                    "client_id": self.application.client_identifier,
                    "client_secret": SECRET,
                },
            )
        self.assertEqual(response.status_code, 503)
        self.assertEqual(response.json()["error"], "temporarily_unavailable")
        self.assertIn("Retry-After", response.headers)
        self.assertEqual(self.userinfo(token).status_code, 200)

    def test_addresses_that_cannot_be_resources(self):
        for address in ("orders", "https://orders.example#x", ISSUER, ISSUER + "/"):
            with self.subTest(address), self.assertRaises(ValidationError):
                self.resource.identifier = address

    def test_asking_needs_proof(self):
        public = self.create_application(
            name="Public", secret="unused", application_type="native", redirect_uri_ids=[]
        )
        with self.assertRaises(ValidationError):
            self.resource.introspection_client_id = public

    def test_what_tokens_cost(self):
        token = self.tokens()["access_token"]
        # The first use of a secret is noted, after which the client is read once more.
        self.introspect(token, self.application, SECRET)
        with self.assertStatements(1):
            self.userinfo(token)
        with self.assertStatements(2):
            self.introspect(token, self.application, SECRET)
        code = self.obtain_code()
        # client, code; its use, event and tokens at once
        with self.assertStatements(3):
            self.redeem(code)
        code = self.obtain_code(resource=ORDERS)
        # the resource as well
        with self.assertStatements(4):
            self.redeem(code)
