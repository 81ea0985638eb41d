"""A bank's application: finds everything in the metadata, signs assertions or shows a certificate, proves its key."""

import json
import secrets
import time
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec

from .applications import create_application
from .plain_http import TIMEOUT, HttpBrowser, answer_of
from .relying_party import REDIRECT_URI, challenge_of
from .systems import System

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPE = "openid email offline_access"


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def jwk_of(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """The public half."""
    made = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {name: made[name] for name in ("kty", "crv", "x", "y")}


@dataclass
class Bank:
    """`certificate`: a file with certificate and key, if it has one; it then uses the addresses that ask for it.

    `signs`: it proves itself by signed assertions; else by the certificate. `proves_key`: its tokens are bound by DPoP;
    else to the certificate.
    """

    provider: System
    identifier: str
    key: ec.EllipticCurvePrivateKey
    certificate: Path | None = None
    signs: bool = True
    proves_key: bool = True
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    metadata: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        address = f"{self.provider.url}/.well-known/openid-configuration"
        self.metadata = requests.get(address, timeout=TIMEOUT).json()

    def endpoint(self, name: str) -> str:
        """Address of an endpoint, for a client with or without certificate (RFC 8705 §5)."""
        aliases = self.metadata.get("mtls_endpoint_aliases", {}) if self.certificate else {}
        return aliases.get(name) or self.metadata[name]

    def send(self, method: str, endpoint: str, **options: Any) -> requests.Response:
        """One request, with the certificate if there is one."""
        options.setdefault("cert", str(self.certificate) if self.certificate else None)
        return requests.request(
            method, self.endpoint(endpoint), timeout=TIMEOUT, allow_redirects=False, **options
        )

    def credentials(self, **claims: Any) -> dict[str, str]:
        """What a form says about its sender."""
        if not self.signs:
            return {"client_id": self.identifier}
        now = int(time.time())
        members = {
            "iss": self.identifier,
            "sub": self.identifier,
            "aud": self.metadata["issuer"],
            "jti": str(uuid.uuid4()),
            "iat": now,
            "exp": now + 60,
        }
        assertion = jwt.encode(members | claims, self.key, algorithm="ES256")
        return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}

    def proof(
        self,
        method: str,
        endpoint: str,
        token: str | None = None,
        *,
        key: ec.EllipticCurvePrivateKey | None = None,
        issued_at: int | None = None,
    ) -> dict[str, str]:
        """The header with which a request proves the key; none for a client that does not (RFC 9449 §4)."""
        if not self.proves_key:
            return {}
        members: dict[str, Any] = {
            "jti": str(uuid.uuid4()),
            "htm": method,
            "htu": self.endpoint(endpoint),
            "iat": int(time.time()) if issued_at is None else issued_at,
        }
        if token is not None:
            digest = sha256(token.encode()).digest()
            members["ath"] = urlsafe_b64encode(digest).rstrip(b"=").decode()
        own = key or self.key
        header = {"typ": "dpop+jwt", "jwk": jwk_of(own)}
        return {"DPoP": jwt.encode(members, own, algorithm="ES256", headers=header)}

    def push(self, **changes: str) -> requests.Response:
        """Hand in an authorization request (RFC 9126)."""
        form = {
            "response_type": "code",
            "redirect_uri": REDIRECT_URI,
            "scope": SCOPE,
            "state": "some state",
            "nonce": "some nonce",
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
        }
        data = form | self.credentials() | changes
        return self.send("POST", "pushed_authorization_request_endpoint", data=data)

    def code(self, browser: HttpBrowser, **changes: str) -> str:
        """Let the person of the browser agree, who must be asked."""
        pushed = self.push(**changes)
        assert pushed.status_code == 201, pushed.text
        request_uri = pushed.json()["request_uri"]
        page = browser.authorize({"client_id": self.identifier, "request_uri": request_uri})
        answer = answer_of(browser.decide(page, "allow"))
        assert answer["iss"] == self.metadata["issuer"]
        return answer["code"]

    def request_tokens(
        self, form: dict[str, str], headers: dict[str, str] | None = None, **options: Any
    ) -> requests.Response:
        """A token request with everything that this client proves, unless `headers` say otherwise."""
        if headers is None:
            headers = self.proof("POST", "token_endpoint")
        data = form | self.credentials()
        return self.send("POST", "token_endpoint", data=data, headers=headers, **options)

    def redemption(self, code: str) -> dict[str, str]:
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": self.verifier,
        }

    def tokens(self, browser: HttpBrowser) -> dict[str, Any]:
        response = self.request_tokens(self.redemption(self.code(browser)))
        assert response.status_code == 200, response.text
        return response.json()

    def refresh(
        self, refresh_token: str, headers: dict[str, str] | None = None, **options: Any
    ) -> requests.Response:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self.request_tokens(form, headers, **options)

    def userinfo(
        self, token: str, headers: dict[str, str] | None = None, **options: Any
    ) -> requests.Response:
        """Use a token as it was given out, unless `headers` say otherwise."""
        if headers is None:
            scheme = "DPoP" if self.proves_key else "Bearer"
            headers = {"Authorization": f"{scheme} {token}"}
            headers |= self.proof("GET", "userinfo_endpoint", token)
        return self.send("GET", "userinfo_endpoint", headers=headers, **options)

    def id_token_claims(self, id_token: str) -> dict[str, Any]:
        """Checked as a client checks them, by the published keys."""
        keys = jwt.PyJWKSet.from_dict(
            requests.get(self.metadata["jwks_uri"], timeout=TIMEOUT).json()
        )
        header = jwt.get_unverified_header(id_token)
        assert header["alg"] in ("PS256", "ES256", "EdDSA")
        return jwt.decode(
            id_token,
            keys[header["kid"]],
            algorithms=[header["alg"]],
            audience=self.identifier,
            issuer=self.metadata["issuer"],
        )


def register_bank(
    provider: System, *, key: ec.EllipticCurvePrivateKey | None = None, **values: Any
) -> Bank:
    """Register an application of the FAPI 2.0 profile; `values` are fields of it."""
    key = key or new_key()
    fixed = {
        "security_profile": "fapi2",
        "local_development": False,
        "use_refresh_token": True,
        "jwks": json.dumps({"keys": [jwk_of(key)]}),
    }
    application = create_application(provider, REDIRECT_URI, **fixed | values)
    return Bank(provider, application.identifier, key)
