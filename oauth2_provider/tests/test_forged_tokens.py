"""Tokens that clients sign, forged in every way that was seen somewhere: as proof of the client, and of a key."""

import json
import time
import uuid
from base64 import urlsafe_b64decode

from jwt.algorithms import ECAlgorithm
from odoo.tests import tagged

from ..protocol.client_authentication.private_key_jwt import ASSERTION_TYPE
from ..protocol.jose.algorithms import encode
from .sender_case import ISSUER, TOKEN_ADDRESS, SenderCase, jwk_set, new_key

_ES256 = ECAlgorithm(ECAlgorithm.SHA256)


def compact(header, payload, key=None):
    """A token as it is written, whatever sense it makes; signed with ES256 if there is a key."""
    text = payload if isinstance(payload, str) else json.dumps(payload)
    message = f"{encode(json.dumps(header).encode())}.{encode(text.encode())}"
    return f"{message}.{encode(_ES256.sign(message.encode(), key.private)) if key else ''}"


@tagged("post_install", "-at_install")
class TestForgedAssertions(SenderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application.write(
            {"token_endpoint_auth_method": "private_key_jwt", "jwks": jwk_set(cls.key)}
        )
        cls.env.flush_all()

    def claims(self, **changes):
        identifier, now = self.application.client_identifier, int(time.time())
        claims = {"iss": identifier, "sub": identifier, "aud": ISSUER, "exp": now + 60, "iat": now}
        return {**claims, "jti": str(uuid.uuid4()), **changes}

    def send(self, assertion):
        form = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
        return self.send_token(self.exchange("unknown", **form), {})

    def assert_believed(self, assertion):
        self.assert_error(self.send(assertion), 400, "invalid_grant")

    def assert_refused(self, *assertions):
        for assertion in assertions:
            with self.subTest(assertion[:200]):
                self.assert_error(self.send(assertion), 401, "invalid_client")
        self.assert_believed(compact({"alg": "ES256"}, self.claims(), self.key))

    def signed(self, header=None, **changes):
        return compact({"alg": "ES256", **(header or {})}, self.claims(**changes), self.key)

    def test_a09_the_word_given_to_another_server(self):
        self.assert_believed(self.signed(aud=TOKEN_ADDRESS))
        self.assert_believed(self.signed(aud=[ISSUER]))
        self.assert_refused(
            self.signed(aud="https://other.example"),
            self.signed(aud="https://other.example/oauth2/token"),
            self.signed(aud=[ISSUER, "https://other.example"]),
            self.signed(aud=f"{ISSUER}/"),
            self.signed(aud=[]),
            self.signed(aud=None),
        )

    def test_a13_malformed(self):
        head, body, signature = self.signed().split(".")
        self.assert_refused(
            f"{head}.{body}",
            f"{head}.{body}.{signature}.{signature}.{signature}",
            f"{head}.{body}.{signature}=",
            f"{head}.{encode(b'no JSON')}.{signature}",
            f"{encode(b'[]')}.{body}.{signature}",
            f"{head}.{encode(b'[1]')}.{signature}",
            "\u00e9.\u00e9.\u00e9",
            ".." * 5000,
        )

    def test_a13_texts_that_no_database_takes(self):
        for text in ("\0", "web\0", "\ud800"):
            self.assert_refused(self.signed(sub=text), self.signed(iss=text), self.signed(jti=text))

    def test_a13_times_that_are_none(self):
        self.assert_refused(*(self.signed(**{name: None}) for name in ("exp", "nbf", "iat")))

    def test_j08_critical_headers(self):
        self.assert_refused(
            self.signed({"crit": ["unknown"], "unknown": True}),
            self.signed({"crit": ["exp"], "exp": 1}),
            self.signed({"crit": []}),
            self.signed({"crit": ["b64"], "b64": False}),
            self.signed({"crit": ["b64"], "b64": True}),
        )

    def test_j09_keys_that_the_token_brings_along(self):
        stranger = new_key()
        jwk = dict(stranger.public.jwk)
        self.assert_refused(
            *(
                compact({"alg": "ES256", **header}, self.claims(), stranger)
                for header in (
                    {"jwk": jwk},
                    {"jwk": jwk, "kid": jwk["kid"]},
                    {"jku": "https://evil.example/jwks"},
                    {"x5u": "https://evil.example/x"},
                    {"x5c": ["AA=="]},
                )
            )
        )

    def test_j10_no_signature(self):
        self.assert_refused(
            *(
                compact({"alg": algorithm, "typ": "JWT"}, self.claims())
                for algorithm in ("none", "None", "nOnE", "", None, "HS256", ["ES256"])
            ),
            compact({"typ": "JWT"}, self.claims()),
            compact({"alg": "ES256"}, self.claims()),
            compact({"alg": "none"}, self.claims(), self.key),
        )

    def test_j14_too_large(self):
        self.assert_refused(
            self.signed({"x": "x" * 20_000}),
            self.signed(x="x" * 20_000),
            self.signed() + "A" * 20_000,
        )

    def test_j22_ambiguous_json(self):
        plain = json.dumps(self.claims())
        twice = plain[:-1] + ', "x": 1, "x": 2}'
        for text in (twice, plain[:-1] + ', "x": NaN}', plain[:-1] + ', "x": Infinity}'):
            self.assert_refused(compact({"alg": "ES256"}, text, self.key))
        end = int(time.time()) + 60
        self.assert_refused(
            self.signed(exp=2**70),
            self.signed(exp=str(end)),
            self.signed(exp=end + 0.5),
            self.signed(exp=True),
            self.signed(iat=-1),
            self.signed(aud=[ISSUER, 1]),
            self.signed(aud={"x": ISSUER}),
            self.signed(jti=1),
        )

    def test_j23_other_serializations(self):
        head, body, signature = self.signed().split(".")
        flat = {"protected": head, "payload": body, "signature": signature}
        self.assert_refused(
            json.dumps(flat),
            json.dumps({**flat, "header": {"alg": "ES256"}}),
            json.dumps({"payload": body, "signatures": [flat]}),
            f" {head}.{body}.{signature}",
        )


@tagged("post_install", "-at_install")
class TestForgedProofs(SenderCase):
    def send(self, proof):
        return self.call_userinfo(self.token, "DPoP", {"DPoP": proof})

    def forged(self, header=None, key=None):
        jwk = {name: self.key.public.jwk[name] for name in ("kty", "crv", "x", "y")}
        claims = json.loads(self.userinfo_claims())
        return compact(
            {"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk, **(header or {})}, claims, key
        )

    def userinfo_claims(self):
        """What a right proof says, taken from one."""
        body = self.userinfo_proof(self.token)["DPoP"].split(".")[1]
        return urlsafe_b64decode(body + "=" * (-len(body) % 4))

    def test_x02_proofs_without_a_real_signature(self):
        self.application.write({"token_endpoint_auth_method": "none", "secret_ids": [(5,)]})
        self.env.flush_all()
        form = self.exchange(self.obtain_code(), client_id=self.application.client_identifier)
        self.token = self.send_token(form, self.proof()).json()["access_token"]
        private = {**dict(self.key.public.jwk), "d": "AAAA"}
        for proof in (
            self.forged(),
            self.forged({"alg": "none"}),
            self.forged({"alg": "nOnE"}),
            self.forged({"alg": "HS256"}, self.key),
            self.forged({"alg": "HS256", "jwk": {"kty": "oct", "k": "AAAA"}}, self.key),
            self.forged({"jwk": private}, self.key),
            self.forged({"jwk": None}, self.key),
            self.forged(key=new_key()),
        ):
            with self.subTest(proof[:200]):
                self.assert_error(self.send(proof), 401, "invalid_dpop_proof")
        self.assertEqual(self.send(self.forged(key=self.key)).status_code, 200)
