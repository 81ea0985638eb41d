"""A person, a browser, the metadata, and keys: what a driver works with."""

import functools
import itertools
import json
import time
import uuid
from dataclasses import dataclass
from typing import Any

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from e2e.harness.people import Person
from e2e.harness.plain_http import TIMEOUT, HttpBrowser
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System
from e2e.harness.visitors import Visitors
from e2e.harness.web_site import WebSite

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_numbers = itertools.count(1)


@functools.cache
def key_of(algorithm: str) -> Any:
    """A private key of the client for an algorithm."""
    if algorithm == "ES256":
        return ec.generate_private_key(ec.SECP256R1())
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65537, 2048)


def jwk_of(algorithm: str) -> dict[str, Any]:
    """The public half."""
    kind = jwt.get_algorithm_by_name(algorithm)
    made = kind.to_jwk(key_of(algorithm).public_key(), as_dict=True)
    made.pop("key_ops", None)
    return made


def jwks_of(algorithm: str) -> str:
    """The key set that a client registers."""
    return json.dumps({"keys": [jwk_of(algorithm) | {"kid": algorithm, "use": "sig"}]})


def sign(claims: dict[str, Any], algorithm: str, **headers: Any) -> str:
    return jwt.encode(
        claims, key_of(algorithm), algorithm=algorithm, headers={"kid": algorithm} | headers
    )


@dataclass
class Scene:
    """`browser`: of the person, who is logged in at the provider. `visitors`: real browsers of others. `site`: the
    server of all applications, which the provider may call."""

    provider: System
    metadata: dict[str, Any]
    person: Person
    browser: HttpBrowser
    visitors: Visitors
    site: WebSite

    @property
    def keys(self) -> jwt.PyJWKSet:
        """The provider's keys as they are published now."""
        return jwt.PyJWKSet.from_dict(self.get("jwks_uri").json())

    def get(self, member: str, **options: Any) -> requests.Response:
        return requests.get(self.metadata[member], timeout=TIMEOUT, **options)

    def post(self, member: str, form: dict[str, str], **options: Any) -> requests.Response:
        return requests.post(self.metadata[member], data=form, timeout=TIMEOUT, **options)

    def party(self, **values: Any) -> RelyingParty:
        """An application of the OpenID Connect profile that may do everything, unless `values` say otherwise."""
        return self.plain_party(**{"use_implicit": True, "use_hybrid": True} | values)

    def plain_party(self, **values: Any) -> RelyingParty:
        """The same without tokens that come through the browser."""
        fixed = {
            "security_profile": "oidc",
            "use_refresh_token": True,
            "scope_ids": [(6, 0, self._scopes)],
        }
        address = f"https://client{next(_numbers)}.example/cb"
        return register(self.provider, address, **fixed | values)

    @functools.cached_property
    def _scopes(self) -> list[int]:
        return self.provider.run("result = env['oauth2.provider.scope'].search([]).ids")

    def answer(self, party: RelyingParty, **changes: str | None) -> dict[str, str]:
        """What the authorization endpoint tells the application, by query or fragment."""
        return party.authorization_answer(
            self.browser, party.parameters(**{"nonce": "some nonce"} | changes)
        )

    def tokens(self, party: RelyingParty, **changes: str | None) -> dict[str, Any]:
        return party.tokens(self.browser, **{"nonce": "some nonce"} | changes)

    def claims_of(self, token: str, party: RelyingParty, algorithm: str = "") -> dict[str, Any]:
        """The claims of a signed answer, checked by the published keys."""
        header = jwt.get_unverified_header(token)
        assert header["alg"] == (algorithm or header["alg"])
        return jwt.decode(
            token,
            self.keys[header["kid"]],
            algorithms=[header["alg"]],
            audience=party.identifier,
            issuer=self.metadata["issuer"],
        )

    def assertion(self, party: RelyingParty, algorithm: str) -> dict[str, str]:
        """What a client that signs puts into a form instead of a secret (RFC 7523)."""
        now = int(time.time())
        claims = {
            "iss": party.identifier,
            "sub": party.identifier,
            "aud": self.metadata["issuer"],
            "jti": str(uuid.uuid4()),
            "iat": now,
            "exp": now + 60,
        }
        return {
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": sign(claims, algorithm),
        }

    def proof(self, algorithm: str, method: str, address: str, **claims: Any) -> dict[str, str]:
        """The header that proves a key (RFC 9449)."""
        members = {"jti": str(uuid.uuid4()), "htm": method, "htu": address, "iat": int(time.time())}
        header = {"typ": "dpop+jwt", "jwk": jwk_of(algorithm)}
        proof = jwt.encode(members | claims, key_of(algorithm), algorithm=algorithm, headers=header)
        return {"DPoP": proof}
