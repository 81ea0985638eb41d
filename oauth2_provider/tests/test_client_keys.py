"""Applications with keys: what may be registered, and logins with a signed assertion over real HTTP."""

import json
import time
import uuid
from unittest.mock import patch

import requests
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tests.common import _super_send

from ..adapters.sql_store.fetched_documents import SqlFetchedDocumentStore
from ..protocol.client_authentication.private_key_jwt import ASSERTION_TYPE
from ..protocol.jose.keys import generate_pem, load_signing_key
from ..protocol.jose.sign import sign
from ..protocol.ports import StoredDocument
from .common import VERIFIER, ProviderCase
from .records_case import RecordsCase
from .tls_servers import Authority, TlsServer, answer_with, name_resolving_to

ISSUER = "http://localhost:8069"


def new_key():
    return load_signing_key(generate_pem("ES256"), "ES256")


def jwk_set(*keys):
    return json.dumps({"keys": [dict(key.public.jwk) for key in keys]})


@tagged("post_install", "-at_install")
class TestClientKeys(RecordsCase):
    def test_an_application_with_keys(self):
        client = self.create_client(
            token_endpoint_auth_method="private_key_jwt", jwks=jwk_set(new_key())
        )
        self.assertFalse(client.uses_secret)
        self.assertTrue(client.uses_keys)
        client.write({"jwks": False, "jwks_uri": "https://app.example.com/jwks"})
        self.assertFalse(self.client.uses_keys)
        self.assertTrue(self.client.uses_secret)

    def test_what_is_refused(self):
        keys = jwk_set(new_key())
        private = json.loads(keys)
        private["keys"][0]["d"] = "AA"
        for values in (
            {"token_endpoint_auth_method": "private_key_jwt"},
            {"jwks": keys, "jwks_uri": "https://app.example.com/jwks"},
            {"jwks": "no JSON"},
            {"jwks": json.dumps(private)},
            {"jwks": '{"keys": [{"kty": "oct", "k": "AA"}]}'},
            {"token_endpoint_auth_method": "private_key_jwt", "jwks": '{"keys": []}'},
            {"jwks_uri": "http://app.example.com/jwks"},
            {"jwks_uri": "https://user@app.example.com/jwks"},
            {"jwks_uri": "file:///etc/passwd"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.create_client(**values)

    def test_the_screen_asks_for_keys_where_they_are_needed(self):
        form = Form(self.env["oauth2.provider.client"].with_user(self.administrator))
        form.name = "Bank"
        self.assertFalse(form.uses_keys)
        form.token_endpoint_auth_method = "private_key_jwt"
        self.assertTrue(form.uses_keys)
        form.jwks_uri = "https://app.example.com/jwks"
        client = form.save()
        self.assertEqual(client.jwks_uri, "https://app.example.com/jwks")

    def test_turns_to_fetch_a_document(self):
        store = SqlFetchedDocumentStore(self.env.cr)
        url = "https://app.example.com/jwks"
        self.assertIsNone(store.find_document(url))
        self.assertTrue(store.claim_fetch(url, 1000, interval=10))
        self.assertFalse(store.claim_fetch(url, 1009, interval=10))
        self.assertIsNone(store.find_document(url))
        self.assertTrue(store.claim_fetch(url, 1010, interval=10))
        store.save_document(url, "{}", 1010)
        self.assertEqual(store.find_document(url), StoredDocument("{}", 1010))
        self.assertTrue(store.claim_renewal(url, 1011, interval=60))
        self.assertFalse(store.claim_renewal(url, 1070, interval=60))
        self.assertTrue(store.claim_renewal(url, 1071, interval=60))
        self.assertFalse(store.claim_renewal("https://other.example.com", 1071, interval=60))

    def test_documents_that_nobody_needs_go_away(self):
        store = SqlFetchedDocumentStore(self.env.cr)
        now = int(time.time())
        store.claim_fetch("https://old.example.com", now - 31 * 86400, interval=10)
        store.save_document("https://old.example.com", "{}", now - 31 * 86400)
        store.claim_fetch("https://new.example.com", now - 29 * 86400, interval=10)
        store.save_document("https://new.example.com", "{}", now - 29 * 86400)
        store.claim_fetch("https://failed.example.com", now - 2 * 86400, interval=10)
        documents = self.env["oauth2.provider.fetched.document"]
        documents._gc_unused()
        self.assertFalse(documents.search([("url", "=", "https://failed.example.com")]))
        self.assertIsNone(store.find_document("https://old.example.com"))
        self.assertIsNotNone(store.find_document("https://new.example.com"))


@tagged("post_install", "-at_install")
class TestPrivateKeyJwt(ProviderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = new_key()
        cls.application.write(
            {"token_endpoint_auth_method": "private_key_jwt", "jwks": jwk_set(cls.key)}
        )

    def assertion(self, key=None, **changes):
        now = int(time.time())
        identifier = self.application.client_identifier
        claims = {
            "iss": identifier,
            "sub": identifier,
            "aud": ISSUER,
            "exp": now + 60,
            "iat": now,
            "jti": str(uuid.uuid4()),
            **changes,
        }
        return sign(claims, key or self.key)

    def redeem_with(self, assertion, code="unknown"):
        return self.redeem(
            code,
            secret=None,
            client_id=None,
            client_assertion_type=ASSERTION_TYPE,
            client_assertion=assertion,
            code_verifier=VERIFIER,
        )

    def assert_believed(self, assertion):
        self.assertEqual(self.redeem_with(assertion).json()["error"], "invalid_grant")

    def assert_refused(self, assertion):
        response = self.redeem_with(assertion)
        self.assertEqual((response.status_code, response.json()["error"]), (401, "invalid_client"))

    def test_tokens_for_an_assertion(self):
        tokens = self.redeem_with(self.assertion(), self.obtain_code()).json()
        self.assertEqual(self.userinfo(tokens["access_token"]).json()["email"], "ada@example.com")

    def test_a08_an_assertion_counts_once(self):
        assertion = self.assertion()
        self.assert_believed(assertion)
        self.assert_refused(assertion)

    def test_a10_a12_refused(self):
        self.assert_refused(self.assertion(exp=int(time.time()) - 300))
        self.assert_refused(self.assertion(aud="https://other.example.com"))
        self.assert_refused(self.assertion(new_key()))

    def test_metadata(self):
        metadata = self.url_open("/.well-known/openid-configuration").json()
        self.assertIn("private_key_jwt", metadata["token_endpoint_auth_methods_supported"])
        self.assertIn("PS256", metadata["token_endpoint_auth_signing_alg_values_supported"])

    def test_j20_keys_at_an_address_of_the_application(self):
        authority = Authority("localhost")
        self.addCleanup(authority.close)
        published = [jwk_set(self.key)]

        def answer(connection, request):
            answer_with(published[0].encode(), "200 OK")(connection, request)

        server = TlsServer(authority, answer)
        self.addCleanup(server.close)
        self.application.write({"jwks": False, "jwks_uri": server.url("/jwks")})
        self.env.flush_all()
        self.assert_refused(self.assertion())
        self.assertEqual(server.connections, 0, "a local address that nobody has opened")

        parameters = self.env["ir.config_parameter"]
        parameters.set_param("oauth2_provider.outbound_allowed_hosts", "localhost")
        parameters.set_param("oauth2_provider.outbound_ca_bundle", authority.bundle)
        self.env["oauth2.provider.fetched.document"].search([]).unlink()
        self.env.flush_all()
        self.assert_believed(self.assertion())
        self.assert_believed(self.assertion())
        self.assertEqual(len(server.requests), 1)

        newer = new_key()
        published[0] = jwk_set(newer)
        self.env.cr.execute(
            "UPDATE oauth2_provider_fetched_document SET fetched_at = fetched_at - interval '1 s'"
        )
        self.assert_believed(self.assertion(newer))
        self.assert_refused(self.assertion())
        self.assertEqual(len(server.requests), 2)

    def test_d15_keys_come_from_the_address_that_was_checked(self):
        """Whoever rules the name server moves the name in between, to a machine that only this server reaches."""
        authority = Authority("app.test")
        self.addCleanup(authority.close)
        inner = TlsServer(authority, answer_with(jwk_set(new_key()).encode()), "127.0.0.1")
        self.addCleanup(inner.close)
        outer_keys = answer_with(jwk_set(self.key).encode())
        outer = TlsServer(authority, outer_keys, "127.0.0.2", inner.port)
        self.addCleanup(outer.close)
        self.application.write({"jwks": False, "jwks_uri": outer.url("/jwks", "app.test")})
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("oauth2_provider.outbound_allowed_hosts", "127.0.0.2")
        parameters.set_param("oauth2_provider.outbound_ca_bundle", authority.bundle)
        self.env.flush_all()
        # Odoo's tests let requests through to localhost alone; this name leads nowhere else.
        with (
            patch.object(requests.Session, "send", _super_send),
            name_resolving_to("app.test", inner.port, ["127.0.0.2"], ["127.0.0.1"]),
        ):
            self.assert_believed(self.assertion())
            self.assertEqual((len(outer.requests), inner.connections), (1, 0))
            self.env["oauth2.provider.fetched.document"].search([]).unlink()
            self.env.flush_all()
            self.assert_refused(self.assertion())
        self.assertEqual((len(outer.requests), inner.connections), (1, 0))
