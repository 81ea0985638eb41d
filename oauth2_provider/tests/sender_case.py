"""What the tests of sender-constrained tokens share: a client that proves a key, and its certificate."""

import json
import time
import uuid
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from jwt.api_jws import PyJWS

from ..protocol.client_authentication.private_key_jwt import ASSERTION_TYPE
from ..protocol.jose.keys import generate_pem, load_signing_key
from ..protocol.jose.sign import sign
from .common import REDIRECT_URI, VERIFIER, ProviderCase

ISSUER = "http://localhost:8069"
TOKEN_ADDRESS = f"{ISSUER}/oauth2/token"
USERINFO_ADDRESS = f"{ISSUER}/oauth2/userinfo"
CERTIFICATE_HEADER = "X-SSL-Client-Cert"
VERIFY_HEADER = "X-SSL-Client-Verify"


def new_key():
    return load_signing_key(generate_pem("ES256"), "ES256")


def jwk_set(*keys):
    return json.dumps({"keys": [dict(key.public.jwk) for key in keys]})


def make_proof(key, method, address, token=None, **claims):
    members = {"jti": str(uuid.uuid4()), "htm": method, "htu": address, "iat": int(time.time())}
    if token is not None:
        digest = sha256(token.encode()).digest()
        members["ath"] = urlsafe_b64encode(digest).rstrip(b"=").decode()
    jwk = {name: key.public.jwk[name] for name in ("kty", "crv", "x", "y")}
    return PyJWS().encode(
        json.dumps(members | claims).encode(),
        key.private,
        algorithm="ES256",
        headers={"typ": "dpop+jwt", "jwk": jwk},
    )


def make_certificate(key, common_name="client"):
    """A certificate for the key, as a proxy passes it on."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.private.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key.private, hashes.SHA256())
    )
    return quote(certificate.public_bytes(serialization.Encoding.PEM).decode(), safe="")


class SenderCase(ProviderCase):
    """Its client signs assertions with ``key``, and binds its tokens to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = new_key()
        cls.trust_proxy("127.0.0.1")

    @classmethod
    def set_parameter(cls, name, value):
        cls.env["ir.config_parameter"].sudo().set_param(f"oauth2_provider.{name}", value)

    @classmethod
    def trust_proxy(cls, addresses):
        cls.set_parameter("mtls_trusted_proxies", addresses)

    def assertion(self):
        identifier = self.application.client_identifier
        now = int(time.time())
        claims = {
            "iss": identifier,
            "sub": identifier,
            "aud": ISSUER,
            "exp": now + 60,
            "iat": now,
            "jti": str(uuid.uuid4()),
        }
        return {
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": sign(claims, self.key),
        }

    def proof(self, method="POST", address=TOKEN_ADDRESS, token=None, *, key=None, **claims):
        return {"DPoP": make_proof(key or self.key, method, address, token, **claims)}

    def certificate(self, common_name="client", *, key=None, verdict="SUCCESS"):
        """The headers of a proxy that was shown a certificate."""
        return {
            CERTIFICATE_HEADER: make_certificate(key or self.key, common_name),
            VERIFY_HEADER: verdict,
        }

    def send_token(self, form, headers):
        return self.url_open("/oauth2/token", data=form, headers=headers, allow_redirects=False)

    def exchange(self, code, **changes):
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": VERIFIER,
            **changes,
        }

    def call_userinfo(self, token, scheme, headers=None):
        return self.url_open(
            "/oauth2/userinfo", headers={"Authorization": f"{scheme} {token}", **(headers or {})}
        )

    def userinfo_proof(self, token, **changes):
        return self.proof("GET", USERINFO_ADDRESS, token, **changes)

    def assert_error(self, response, status, error):
        self.assertEqual((response.status_code, response.json()["error"]), (status, error))
