"""What is tried against a login with OpenID Connect: hints, silence, claims, objects, and what tokens are bound to."""

import hashlib
import json
import re
import time

from odoo.tests import new_test_user, tagged

from ..protocol.jose.algorithms import encode
from ..protocol.jose.sign import sign
from .common import REDIRECT_URI, SECRET
from .openid_case import OpenIDCase
from .test_client_keys import jwk_set, new_key
from .test_forged_tokens import compact

ISSUER = "http://localhost:8069"


@tagged("post_install", "-at_install")
class TestOpenIDAttacks(OpenIDCase):
    def refused(self, error, **changes):
        answer = self.answer(self.authorize(**changes))
        self.assertEqual(answer.get("error"), error, answer)

    def test_q07_openid_and_nonce(self):
        plain = self.redeem(self.log_in_for(scope="profile", nonce=None)["code"]).json()
        self.assertNotIn("id_token", plain)
        self.authenticate(None, None)
        without_nonce = self.redeem(self.log_in_for(nonce=None)["code"]).json()
        self.assertNotIn("nonce", self.claims_of(without_nonce["id_token"]))
        for response_type in ("id_token", "id_token token", "code id_token"):
            self.refused("invalid_request", response_type=response_type, nonce=None)
            self.refused("invalid_request", response_type=response_type, scope="profile")

    def test_q12_silence_and_an_old_login(self):
        self.log_in_for()
        self.assertIn("code", self.answer(self.authorize(prompt="none", max_age="100")))
        self.age_login(100)
        self.refused("login_required", prompt="none", max_age="100")

    def test_q13_hints_that_log_nobody_in(self):
        own = self.redeem(self.log_in_for()["code"]).json()["id_token"]
        self.assertIn("code", self.answer(self.authorize(prompt="none", id_token_hint=own)))
        signing = (
            self.env["oauth2.provider.server"].sudo()._authorization_server().ports.signing_keys
        )
        right = {
            "iss": ISSUER,
            "sub": self.person.oauth2_subject,
            "aud": self.application.client_identifier,
            "exp": int(time.time()) + 60,
        }
        other = new_test_user(self.env, login="bob", password="bob-password").oauth2_subject
        self.env.flush_all()

        def ours(**changes):
            return sign({**right, **changes}, signing.signing_key("RS256"))

        self.assertIn("code", self.answer(self.authorize(prompt="none", id_token_hint=ours())))
        for hint in (
            ours(sub=other),
            ours(iss="https://other.example"),
            ours(aud="another-application"),
            sign(right, new_key()),
            compact({"alg": "none"}, right),
            "no token",
        ):
            with self.subTest(hint[:100]):
                self.refused("login_required", prompt="none", id_token_hint=hint)

    def test_q14_known_and_unknown_login_hints_look_the_same(self):
        pages = []
        for hint in ("ada", "bob"):
            self.authenticate(None, None)
            page = self.authorize(login_hint=hint)
            self.assertEqual(self.input_value(page, "login"), hint)
            text = page.text.replace(f'"{hint}"', "HINT").replace(f"login%3D{hint}", "HINT")
            text = re.sub(r"login=(ada|bob)\b", "HINT", text)
            # What differs each time: the handle of the request, Odoo's tokens.
            text = re.sub(r"o2q_[\w-]{43}|[0-9a-f]{40}o[0-9]+|[0-9a-f]{64}", "RANDOM", text)
            pages.append((page.status_code, text))
        self.assertEqual(*pages)

    def test_q15_claims_of_no_form(self):
        self.log_in_for()
        self.assertIn("code", self.answer(self.authorize(claims='{"id_token": {"email": null}}')))
        for claims in (
            "no JSON",
            "[]",
            '{"userinfo": []}',
            '{"userinfo": {"email": true}}',
            '{"userinfo": {"email": {"essential": "yes"}}}',
            '{"userinfo": {"email": {"values": "x"}}}',
            '{"userinfo": {}, "userinfo": {"email": null}}',
            '{"userinfo": {"x": NaN}}',
            '{"x": ' * 1000 + "1" + "}" * 1000,
            json.dumps({"userinfo": {f"claim{number}": None for number in range(200)}}),
        ):
            with self.subTest(claims[:60]):
                self.refused("invalid_request", claims=claims)

    def test_f14_a_refresh_tells_of_the_old_login(self):
        self.application.use_refresh_token = True
        self.env.flush_all()
        answer = self.log_in_for(scope="openid offline_access", prompt="consent")
        tokens = self.redeem(answer["code"]).json()
        first = self.claims_of(tokens["id_token"])
        authorization = self.env["oauth2.provider.authorization"].search([], limit=1)
        authorization.auth_time = authorization.auth_time.replace(year=2020)
        self.env.flush_all()
        form = {
            "grant_type": "refresh_token",
            "refresh_token": tokens["refresh_token"],
            "client_id": self.application.client_identifier,
            "client_secret": SECRET,
        }
        second = self.claims_of(self.post_token(form).json()["id_token"])
        for name in ("sub", "aud", "iss"):
            self.assertEqual(second[name], first[name])
        self.assertEqual(time.gmtime(second["auth_time"]).tm_year, 2020)
        self.assertNotIn("nonce", second)

    def test_j15_hashes_go_with_the_signature(self):
        for algorithm, digest in (("ES256", hashlib.sha256), ("EdDSA", hashlib.sha512)):
            with self.subTest(algorithm):
                self.application.id_token_signed_response_alg = algorithm
                self.env.flush_all()
                self.authenticate(None, None)
                answer = self.log_in_for(response_type="code id_token token")
                claims = self.claims_of(answer["id_token"])
                for name, value in (("c_hash", "code"), ("at_hash", "access_token")):
                    whole = digest(answer[value].encode()).digest()
                    self.assertEqual(claims[name], encode(whole[: len(whole) // 2]))

    def test_j17_no_shared_secret_signs_an_id_token(self):
        document = self.url_open("/.well-known/openid-configuration").json()
        for name, values in document.items():
            if name.endswith("signing_alg_values_supported"):
                self.assertFalse([value for value in values if value.startswith("HS")], name)
        with self.assertRaises(ValueError):
            self.application.id_token_signed_response_alg = "HS256"

    def test_s03_one_issuer_at_every_address(self):
        documents = [
            self.url_open(f"/.well-known/{name}").json()
            for name in ("openid-configuration", "oauth-authorization-server")
        ]
        for document in documents:
            self.assertEqual(document["issuer"], ISSUER)
            self.assertEqual(document, documents[0])
        # This issuer has no path, so a path behind the address is that of somebody else.
        for name in ("openid-configuration", "oauth-authorization-server"):
            self.assertEqual(self.url_open(f"/.well-known/{name}/other").status_code, 404)


@tagged("post_install", "-at_install")
class TestRequestObjectAttacks(OpenIDCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = new_key()
        cls.application.jwks = jwk_set(cls.key)
        cls.env.flush_all()

    def object(self, **changes):
        claims = {"iss": self.application.client_identifier, "aud": ISSUER, **changes}
        return sign(self.authorization_parameters(**claims), self.key)

    def ask(self, **changes):
        return self.answer(self.authorize(redirect_uri=REDIRECT_URI, **changes))

    def test_j03_encrypted_objects(self):
        """Whatever was encrypted: nobody here could tell by whom."""
        claims = {"iss": self.application.client_identifier, "aud": ISSUER, "prompt": "none"}
        plain = json.dumps(self.authorization_parameters(**claims)).encode()
        for content in (plain, self.object(prompt="none").encode()):
            parts = [b'{"alg": "dir", "enc": "A128GCM"}', b"", b"nonce", content, b"tag"]
            encrypted = ".".join(map(encode, parts))
            self.assertEqual(self.ask(request=encrypted)["error"], "invalid_request_object")
        # Nobody is logged in here, so this is how far a right one gets.
        self.assertEqual(self.ask(request=self.object(prompt="none"))["error"], "login_required")

    def test_j06_two_sources_and_nested_objects(self):
        both = self.ask(request=self.object(), request_uri="https://client.example/object")
        self.assertEqual(both["error"], "invalid_request")
        for nested in ({"request": self.object()}, {"request_uri": "https://client.example/x"}):
            self.assertEqual(self.ask(request=self.object(**nested))["error"], "invalid_request")
