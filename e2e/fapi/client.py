"""A client of FAPI 2.0 (Security Profile and Message Signing) that can also do everything wrong."""

import json
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from e2e.harness.bank import ASSERTION_TYPE, jwk_of
from e2e.harness.plain_http import TIMEOUT, HttpBrowser, answer_of, expect_json_error
from e2e.harness.relying_party import challenge_of
from e2e.harness.systems import System

PAR = "pushed_authorization_request_endpoint"
ALLOWED_ALGORITHMS = ("PS256", "ES256", "EdDSA")
SCOPE = "openid email offline_access"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Variant:
    """A kind of client: `authentication` private_key_jwt or mtls, `binding` dpop or mtls, with signed requests (JAR)
    and signed answers (JARM) or without."""

    authentication: str
    binding: str
    signed: bool
    jarm: bool

    def __str__(self) -> str:
        request = "signed" if self.signed else "unsigned"
        response = "jarm" if self.jarm else "plain"
        return f"{self.authentication}-{self.binding}-{request}-{response}"


def present(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what a test took away by setting it to None."""
    return {name: value for name, value in values.items() if value is not None}


@dataclass
class FapiClient:
    """In every call a member set to None is left out. `certificate` is a file with certificate and key."""

    provider: System
    variant: Variant
    identifier: str
    database_id: int
    redirect_uri: str
    key: Key
    certificate: Path | None
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    dpop_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def algorithm(self) -> str:
        return "PS256" if isinstance(self.key, rsa.RSAPrivateKey) else "ES256"

    @cached_property
    def metadata(self) -> dict[str, Any]:
        address = f"{self.provider.url}/.well-known/openid-configuration"
        return requests.get(address, timeout=TIMEOUT).json()

    @property
    def issuer(self) -> str:
        return self.metadata["issuer"]

    def endpoint(self, name: str) -> str:
        """RFC 8705 §5: another address for whoever shows a certificate."""
        aliases = self.metadata["mtls_endpoint_aliases"] if self.certificate else {}
        return aliases.get(name) or self.metadata[name]

    def send(self, method: str, endpoint: str, **options: Any) -> requests.Response:
        options.setdefault("cert", str(self.certificate) if self.certificate else None)
        return requests.request(
            method, self.endpoint(endpoint), timeout=TIMEOUT, allow_redirects=False, **options
        )

    # What it proves itself with

    def sign(self, claims: Mapping[str, Any], **options: Any) -> str:
        options = {"key": self.key, "algorithm": self.algorithm} | options
        return jwt.encode(present(claims), **options)

    def assertion(self, *, signing: Mapping[str, Any] | None = None, **changes: Any) -> str:
        now = int(time.time())
        claims = {
            "iss": self.identifier,
            "sub": self.identifier,
            "aud": self.issuer,
            "jti": str(uuid.uuid4()),
            "iat": now,
            "nbf": now,
            "exp": now + 60,
        }
        return self.sign(claims | changes, **signing or {})

    def credentials(self, assertion: str | None = None) -> dict[str, str]:
        if self.variant.authentication == "mtls":
            return {"client_id": self.identifier}
        return {
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion or self.assertion(),
        }

    def proof(
        self,
        method: str,
        endpoint: str,
        token: str | None = None,
        *,
        signing: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> dict[str, str]:
        """The DPoP header (RFC 9449 §4.2); none for a client whose tokens are bound to its certificate."""
        if self.variant.binding != "dpop":
            return {}
        claims = {
            "jti": str(uuid.uuid4()),
            "htm": method,
            "htu": self.endpoint(endpoint),
            "iat": int(time.time()),
        }
        if token is not None:
            digest = sha256(token.encode()).digest()
            claims["ath"] = jwt.utils.base64url_encode(digest).decode()
        header = {"typ": "dpop+jwt", "jwk": jwk_of(self.dpop_key)} | (headers or {})
        options = {"key": self.dpop_key, "algorithm": "ES256"} | (signing or {})
        return {"DPoP": jwt.encode(present(claims | changes), headers=header, **options)}

    # The authorization request

    def parameters(self, **changes: str | None) -> dict[str, str]:
        own = {
            "client_id": self.identifier,
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
            "scope": SCOPE,
            "state": secrets.token_urlsafe(16),
            "nonce": secrets.token_urlsafe(16),
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
            "response_mode": "jwt" if self.variant.jarm else None,
        }
        return present(own | changes)

    def request_object(
        self,
        parameters: Mapping[str, Any],
        *,
        signing: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> str:
        """FAPI 2.0 Message Signing §5.3.1."""
        now = int(time.time())
        claims = {"iss": self.identifier, "aud": self.issuer, "nbf": now, "exp": now + 60}
        return self.sign({**parameters, **claims, **changes}, **signing or {})

    def form(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The request as this kind of client pushes it."""
        if not self.variant.signed:
            return dict(parameters)
        return {"client_id": self.identifier, "request": self.request_object(parameters)}

    def push(
        self,
        parameters: Mapping[str, Any] | None = None,
        *,
        form: Mapping[str, Any] | None = None,
        credentials: Mapping[str, str] | None = None,
        **options: Any,
    ) -> requests.Response:
        if form is None:
            form = self.form(self.parameters() if parameters is None else parameters)
        data = {**form, **(self.credentials() if credentials is None else credentials)}
        return self.send("POST", PAR, data=data, **options)

    def request_uri(self, parameters: Mapping[str, Any] | None = None, **options: Any) -> str:
        pushed = self.push(parameters, **options)
        assert pushed.status_code == 201, pushed.text
        assert 5 <= pushed.json()["expires_in"] <= 600
        return pushed.json()["request_uri"]

    def expect_push_refused(self, response: requests.Response, *errors: str) -> None:
        assert response.json().get("error") in errors, response.text
        status = 401 if response.json()["error"] == "invalid_client" else 400
        expect_json_error(response, status, response.json()["error"])

    def open(self, browser: HttpBrowser, request_uri: str, **beside: str) -> requests.Response:
        """What the browser is sent with: nothing but the reference, unless a test adds something."""
        query = {"client_id": self.identifier, "request_uri": request_uri, **beside}
        return browser.authorize(query)

    def read_answer(self, response: requests.Response) -> dict[str, str]:
        """The parameters of the answer, its sender checked."""
        assert response.headers["Location"].startswith(self.redirect_uri + "?")
        answer = answer_of(response)
        if self.variant.jarm:
            assert set(answer) == {"response"}
            answer = self.read_signed_answer(answer["response"])
        assert answer.pop("iss") == self.issuer
        return answer

    def read_signed_answer(self, token: str) -> dict[str, Any]:
        """JARM §2.4 and §4.1."""
        claims = self.verify(token)
        assert claims.pop("aud") == self.identifier
        assert 0 < claims.pop("exp") - time.time() <= 600
        claims.pop("iat", None)
        return claims

    def verify(self, token: str) -> dict[str, Any]:
        """By the published keys, and with an algorithm of FAPI 2.0 §5.4."""
        document = requests.get(self.metadata["jwks_uri"], timeout=TIMEOUT).json()
        header = jwt.get_unverified_header(token)
        assert header["alg"] in ALLOWED_ALGORITHMS
        key = jwt.PyJWKSet.from_dict(document)[header["kid"]]
        return jwt.decode(
            token, key, algorithms=[header["alg"]], audience=self.identifier, issuer=self.issuer
        )

    def authorize(
        self, browser: HttpBrowser, parameters: Mapping[str, Any] | None = None, **options: Any
    ) -> dict[str, str]:
        """A whole authorization in which the person agrees: what the client hears."""
        sent = self.parameters() if parameters is None else parameters
        page = self.open(browser, self.request_uri(sent, **options))
        answer = self.read_answer(browser.decide(page, "allow"))
        assert answer.get("state") == sent.get("state")
        return answer

    # Tokens

    def redemption(self, code: str, **changes: str | None) -> dict[str, str]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
        }
        return present(form | changes)

    def ask_for_tokens(
        self,
        form: Mapping[str, str],
        *,
        credentials: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> requests.Response:
        data = {**form, **(self.credentials() if credentials is None else credentials)}
        headers = self.proof("POST", "token_endpoint") if headers is None else headers
        return self.send("POST", "token_endpoint", data=data, headers=headers, **options)

    def tokens(
        self, browser: HttpBrowser, parameters: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        answer = self.authorize(browser, parameters)
        return self.tokens_of(self.ask_for_tokens(self.redemption(answer["code"])))

    def tokens_of(self, response: requests.Response) -> dict[str, Any]:
        assert response.status_code == 200, response.text
        assert response.headers["Cache-Control"] == "no-store"
        tokens = response.json()
        assert tokens["token_type"] == ("DPoP" if self.variant.binding == "dpop" else "Bearer")
        assert tokens["expires_in"] > 0
        return tokens

    def refresh(self, refresh_token: str, **options: Any) -> requests.Response:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self.ask_for_tokens(form, **options)

    def resource(
        self,
        token: str,
        *,
        scheme: str = "",
        proof: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> requests.Response:
        """A request to a protected resource: UserInfo."""
        scheme = scheme or ("DPoP" if self.variant.binding == "dpop" else "Bearer")
        proof = self.proof("GET", "userinfo_endpoint", token) if proof is None else proof
        all_headers = {"Authorization": f"{scheme} {token}", **proof, **(headers or {})}
        return self.send("GET", "userinfo_endpoint", headers=all_headers, **options)


def public_jwks(key: Key) -> str:
    """As it is registered, without a name: a certification suite may leave that out."""
    if isinstance(key, rsa.RSAPrivateKey):
        members = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        return json.dumps({"keys": [{name: members[name] for name in ("kty", "n", "e")}]})
    return json.dumps({"keys": [jwk_of(key)]})
