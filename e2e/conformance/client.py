"""A client as the suite registers it: dynamically, for one module, with keys of its own."""

import time
import uuid
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from e2e.harness.plain_http import TIMEOUT

from .plans import Variant

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@cache
def rsa_key(number: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@dataclass
class Keys:
    """The client's key set: one RSA key, without a name unless it has got one."""

    number: int = 0
    kid: str | None = None

    def document(self) -> dict[str, Any]:
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key(self.number).public_key(), as_dict=True)
        members = {"kty": jwk["kty"], "n": jwk["n"], "e": jwk["e"], "use": "sig", "alg": "RS256"}
        return {"keys": [members | ({"kid": self.kid} if self.kid else {})]}

    def sign(self, claims: dict[str, Any], **headers: Any) -> str:
        named = headers | ({"kid": self.kid} if self.kid else {})
        return jwt.encode(claims, rsa_key(self.number), algorithm="RS256", headers=named)

    def rotate(self) -> None:
        self.number += 1
        self.kid = str(uuid.uuid4())


@dataclass
class Client:
    """What the server answered to the registration, and what it offers."""

    variant: Variant
    registration: dict[str, Any]
    metadata: dict[str, Any]
    keys: Keys = field(default_factory=Keys)

    @property
    def identifier(self) -> str:
        return str(self.registration["client_id"])

    @property
    def redirect_uri(self) -> str:
        return str(self.registration["redirect_uris"][0])

    def token_request(
        self, *, assertion_audience: str = "", **form: str | None
    ) -> requests.Response:
        """Send a form to the token endpoint, with the proof that the variant wants."""
        sent = {name: value for name, value in form.items() if value is not None}
        options: dict[str, Any] = {}
        if self.variant.client_auth == "client_secret_basic":
            options["auth"] = (self.identifier, self.registration["client_secret"])
        elif self.variant.client_auth == "client_secret_post":
            sent |= {
                "client_id": self.identifier,
                "client_secret": self.registration["client_secret"],
            }
        else:
            sent |= self._assertion(assertion_audience or self.metadata["token_endpoint"])
        return requests.post(self.metadata["token_endpoint"], data=sent, timeout=TIMEOUT, **options)

    def redeem(self, code: str, **changes: str | None) -> requests.Response:
        form = {"grant_type": "authorization_code", "redirect_uri": self.redirect_uri}
        return self.token_request(**form | {"code": code} | changes)

    def refresh(self, refresh_token: str, **changes: str | None) -> requests.Response:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self.token_request(**form | changes)

    def _assertion(self, audience: str) -> dict[str, str]:
        now = int(time.time())
        claims = {
            "iss": self.identifier,
            "sub": self.identifier,
            "aud": audience,
            "jti": str(uuid.uuid4()),
            "iat": now,
            "exp": now + 60,
        }
        return {
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.keys.sign(claims),
        }
