"""Signed requests over HTTP (RFC 9101, OpenID Connect Core §6), by value, by reference and pushed."""

import time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..protocol.jose.keys import generate_pem, load_signing_key
from ..protocol.jose.sign import sign
from .common import REDIRECT_URI, SECRET, ProviderCase
from .openid_case import NONCE, OpenIDCase
from .test_client_keys import jwk_set, new_key
from .tls_servers import Authority, TlsServer, answer_with

ISSUER = "http://localhost:8069"


@tagged("post_install", "-at_install")
class TestRequestObject(OpenIDCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keys = {
            algorithm: load_signing_key(generate_pem(algorithm), algorithm)
            for algorithm in ("RS256", "ES256", "EdDSA")
        }
        cls.application.jwks = jwk_set(*cls.keys.values())
        cls.env.flush_all()

    def request_object(self, algorithm="ES256", key=None, **changes):
        identifier = self.application.client_identifier
        claims = self.authorization_parameters(**{"iss": identifier, "aud": ISSUER} | changes)
        return sign(claims, key or self.keys[algorithm])

    def ask(self, token, **changes):
        """Only what OpenID Connect demands outside of the object, unless a test says more."""
        outside = {"redirect_uri": None, "state": None, "nonce": None, "scope": "openid"}
        return self.authorize(**{**outside, **changes}, request=token)

    def test_every_algorithm(self):
        for algorithm in self.keys:
            with self.subTest(algorithm):
                self.authenticate("ada", "ada-password")
                token = self.request_object(algorithm, state=algorithm)
                answer = self.answer(self.agree(self.ask(token)))
                self.assertEqual(answer["state"], algorithm)
                claims = self.claims_of(self.redeem(answer["code"]).json()["id_token"])
                self.assertEqual(claims["nonce"], NONCE)

    def test_the_inner_redirect_address_counts(self):
        self.authenticate("ada", "ada-password")
        response = self.ask(self.request_object(), redirect_uri="https://evil.example/")
        response = self.agree(response)
        self.assertTrue(response.headers["Location"].startswith(f"{REDIRECT_URI}?code="))

    def test_j04_wrong_objects(self):
        for token in (
            self.request_object(key=new_key()),
            self.request_object(exp=int(time.time()) - 1),
            self.request_object(aud="https://other.example"),
            self.request_object(iss="other"),
            "a.b.c",
        ):
            answer = self.answer(self.ask(token, redirect_uri=REDIRECT_URI, state="outer"))
            self.assertEqual(answer["error"], "invalid_request_object")

    def test_metadata(self):
        document = self.url_open("/.well-known/openid-configuration").json()
        for name in (
            "request_parameter_supported",
            "request_uri_parameter_supported",
            "require_request_uri_registration",
        ):
            self.assertIs(document[name], True)
        self.assertEqual(
            document["request_object_signing_alg_values_supported"],
            ["RS256", "PS256", "ES256", "EdDSA"],
        )

    def test_j07_unregistered_addresses(self):
        for request_uri in ("http://169.254.169.254/", "file:///etc/passwd", "https://a.example/"):
            answer = self.answer(self.authorize(request_uri=request_uri))
            self.assertEqual(answer["error"], "invalid_request_uri")

    def test_by_reference_through_the_guarded_door(self):
        authority = Authority("localhost")
        self.addCleanup(authority.close)
        body = self.request_object(state="inner").encode()
        server = TlsServer(authority, answer_with(body, "200 OK", "Content-Type: application/jose"))
        self.addCleanup(server.close)
        request_uri = server.url("/request.jwt")
        self.application.request_uri_ids = [(0, 0, {"uri": request_uri + "#first"})]
        self.env.flush_all()
        self.authenticate("ada", "ada-password")
        outside = {"redirect_uri": REDIRECT_URI, "state": "outer", "request_uri": request_uri}
        self.assertEqual(self.answer(self.authorize(**outside))["error"], "invalid_request_uri")
        self.assertEqual(server.connections, 0, "a local address that nobody has opened")

        parameters = self.env["ir.config_parameter"]
        parameters.set_param("oauth2_provider.outbound_allowed_hosts", "localhost")
        parameters.set_param("oauth2_provider.outbound_ca_bundle", authority.bundle)
        self.env.flush_all()
        answer = self.answer(self.agree(self.authorize(**outside)))
        self.assertEqual(answer["state"], "inner")
        self.assertIn("code", answer)
        self.assertEqual(len(server.requests), 1, "fetched once for the whole login")

    def test_what_is_refused_on_the_form(self):
        self.application.jwks = False
        for values in (
            {"require_signed_request_object": True},
            {"request_object_signing_alg": "ES256"},
            {"request_uri_ids": [(0, 0, {"uri": "https://app.example.com/request"})]},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.application.write(values)
        self.application.jwks = jwk_set(*self.keys.values())
        for uri in ("http://app.example.com/request", "file:///etc/passwd"):
            with self.subTest(uri), self.assertRaises(ValidationError):
                self.application.request_uri_ids = [(0, 0, {"uri": uri})]
        self.application.request_uri_ids = [(0, 0, {"uri": "https://app.example.com/a#b"})]
        self.application.request_uri_ids = [(5,)]
        changes = self.env["oauth2.provider.event"].search(
            [("client_id", "=", self.application.id), ("detail", "like", "Request address")]
        )
        self.assertEqual(len(changes), 2)


@tagged("post_install", "-at_install")
class TestSignedRequestsOnly(ProviderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = new_key()
        cls.application.write({"jwks": jwk_set(cls.key), "require_signed_request_object": True})
        cls.env.flush_all()

    def request_object(self, **changes):
        now = int(time.time())
        claims = {
            "iss": self.application.client_identifier,
            "aud": ISSUER,
            "nbf": now,
            "exp": now + 60,
            "jti": str(time.time_ns()),
        }
        return sign(self.authorization_parameters(**claims | changes), self.key)

    def push(self, **form):
        client = {"client_id": self.application.client_identifier, "client_secret": SECRET}
        return self.url_open("/oauth2/par", data={**client, **form})

    def test_pushed_and_j04_once(self):
        token = self.request_object()
        response = self.push(request=token, scope="unheard-of")
        self.assertEqual(response.status_code, 201, response.text)
        again = self.push(request=token)
        self.assertEqual(
            (again.status_code, again.json()["error"]), (400, "invalid_request_object")
        )
        self.authenticate("ada", "ada-password")
        page = self.follow(
            self.url_open(
                f"/oauth2/authorize?client_id={self.application.client_identifier}"
                f"&request_uri={response.json()['request_uri']}",
                allow_redirects=False,
            )
        )
        self.assertIn("code", self.answer(self.press(page, "allow")))

    def test_plain_requests_are_refused(self):
        self.assertEqual(self.answer(self.authorize())["error"], "invalid_request")
        plain = self.push(**self.authorization_parameters())
        self.assertEqual((plain.status_code, plain.json()["error"]), (400, "invalid_request"))

    def test_j04_objects_without_an_end(self):
        response = self.push(request=self.request_object(exp=None))
        self.assertEqual(response.json()["error"], "invalid_request_object")
