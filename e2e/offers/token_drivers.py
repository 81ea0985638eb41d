"""Drivers for what the token endpoint and its siblings offer."""

import functools
import json
import os
import tempfile
import time
import uuid
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import requests

from dev.tls_authority import Authority
from e2e.harness.client_certificates import SUBJECT, write_certificate
from e2e.harness.people import create_person, subject_of
from e2e.harness.plain_http import TIMEOUT
from e2e.harness.relying_party import DEVICE_GRANT, RelyingParty

from .drivers import drives
from .scene import Scene, jwk_of, jwks_of, key_of, sign

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
METHODS = (
    "client_secret_basic",
    "client_secret_post",
    "none",
    "private_key_jwt",
    "tls_client_auth",
    "self_signed_tls_client_auth",
)
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
REGISTRATION: dict[str, dict[str, Any]] = {
    "private_key_jwt": {"jwks": jwks_of("ES256")},
    "tls_client_auth": {"certificate_name_kind": "subject_dn", "certificate_name": SUBJECT},
    "self_signed_tls_client_auth": {"jwks": jwks_of("ES256")},
}


def authenticated(scene: Scene, party: RelyingParty, method: str) -> dict[str, Any]:
    """What a request of the client adds: to the form under `form`, the rest as options of `requests`."""
    identifier, secret = party.identifier, party.application.secret
    if method == "client_secret_basic":
        return {"auth": (identifier, secret)}
    if method == "client_secret_post":
        return {"form": {"client_id": identifier, "client_secret": secret}}
    if method == "private_key_jwt":
        return {"form": scene.assertion(party, "ES256")}
    options: dict[str, Any] = {"form": {"client_id": identifier}}
    if method != "none":
        options["cert"] = certificate(method)
    return options


@functools.cache
def certificate(method: str) -> str:
    """The file with the client's certificate and key: of the authority that the proxy trusts, or its own."""
    authority = Authority(Path(os.environ["REQUESTS_CA_BUNDLE"]).parent)
    signer = authority if method == "tls_client_auth" else None
    path = Path(tempfile.mkdtemp()) / "client.pem"
    return str(write_certificate(path, key_of("ES256"), signer))


def call(
    scene: Scene, member: str, party: RelyingParty, method: str, form: dict[str, Any]
) -> requests.Response:
    """One request of the client to an endpoint, proved by this method."""
    options = authenticated(scene, party, method)
    form = form | options.pop("form", {})
    aliases = scene.metadata["mtls_endpoint_aliases"] if "cert" in options else {}
    address = aliases.get(member) or scene.metadata[member]
    return requests.post(address, data=form, timeout=TIMEOUT, **options)


def logged_in(scene: Scene, method: str) -> tuple[RelyingParty, dict[str, Any]]:
    """An application with this method, and its tokens."""
    party = scene.party(token_endpoint_auth_method=method, **REGISTRATION.get(method, {}))
    code = scene.answer(party)["code"]
    response = call(scene, "token_endpoint", party, method, party.redemption(code))
    assert response.status_code == 200, response.text
    return party, response.json()


@drives("token_endpoint_auth_methods_supported", *METHODS)
def token_authentication(scene: Scene, value: str) -> None:
    assert logged_in(scene, value)[1]["access_token"]


@drives("revocation_endpoint_auth_methods_supported", *METHODS)
def revocation_authentication(scene: Scene, value: str) -> None:
    party, tokens = logged_in(scene, value)
    token = tokens["access_token"]
    assert call(scene, "revocation_endpoint", party, value, {"token": token}).status_code == 200
    assert not party.accepts(token)


@drives(
    "introspection_endpoint_auth_methods_supported", *(name for name in METHODS if name != "none")
)
def introspection_authentication(scene: Scene, value: str) -> None:
    party, tokens = logged_in(scene, value)
    form = {"token": tokens["access_token"]}
    answer = call(scene, "introspection_endpoint", party, value, form).json()
    assert answer["active"] is True
    assert answer["client_id"] == party.identifier


@drives("token_endpoint_auth_signing_alg_values_supported", *ALGORITHMS)
@drives("revocation_endpoint_auth_signing_alg_values_supported", *ALGORITHMS)
@drives("introspection_endpoint_auth_signing_alg_values_supported", *ALGORITHMS)
def assertion_algorithm(scene: Scene, value: str) -> None:
    party = scene.party(
        token_endpoint_auth_method="private_key_jwt",
        jwks=jwks_of(value),
        token_endpoint_auth_signing_alg=value,
    )
    form = party.redemption(scene.answer(party)["code"]) | scene.assertion(party, value)
    tokens = scene.post("token_endpoint", form).json()
    for member in ("introspection_endpoint", "revocation_endpoint"):
        form = {"token": tokens["access_token"]} | scene.assertion(party, value)
        assert scene.post(member, form).status_code == 200


@drives("grant_types_supported", "authorization_code", "refresh_token", "implicit")
def grants_after_a_login(scene: Scene, value: str) -> None:
    party = scene.party()
    if value == "implicit":
        assert party.accepts(scene.answer(party, response_type="id_token token")["access_token"])
        return
    tokens = scene.tokens(party)
    if value == "refresh_token":
        tokens = party.refresh(tokens["refresh_token"]).json()
    assert party.accepts(tokens["access_token"])


@drives("grant_types_supported", "client_credentials")
def client_credentials(scene: Scene, value: str) -> None:
    user = create_person(scene.provider).id
    party = scene.party(use_client_credentials=True, service_user_id=user)
    response = party.token_request({"grant_type": value})
    assert response.status_code == 200, response.text
    assert "refresh_token" not in response.json()


@drives("grant_types_supported", DEVICE_GRANT)
@drives("device_authorization_endpoint")
def device(scene: Scene, value: str) -> None:
    party = scene.party(use_device=True)
    secret = {"client_id": party.identifier, "client_secret": party.application.secret}
    codes = scene.post("device_authorization_endpoint", {"scope": "openid"} | secret).json()
    page = scene.browser.open(codes["verification_uri_complete"])
    done = scene.browser.decide_device(page, "allow")
    assert done.status_code == 200, done.text[-2000:]
    form = {"grant_type": DEVICE_GRANT, "device_code": codes["device_code"]}
    tokens = scene.post("token_endpoint", form | secret).json()
    assert party.accepts(tokens["access_token"])


@drives("grant_types_supported", EXCHANGE)
def token_exchange(scene: Scene, value: str) -> None:
    """One service passes a person's token on to the next."""
    front, back = scene.plain_party(), scene.plain_party()
    middle = scene.plain_party(
        use_token_exchange=True,
        exchange_client_ids=[(4, front.application.id)],
        exchange_target_ids=[(4, back.application.id)],
    )
    form = {
        "grant_type": value,
        "subject_token": scene.tokens(front)["access_token"],
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "audience": back.identifier,
    }
    response = middle.token_request(form)
    assert response.status_code == 200, response.text
    assert response.json()["issued_token_type"] == form["subject_token_type"]


@drives("grant_types_supported", "urn:ietf:params:oauth:grant-type:jwt-bearer")
def assertion_of_a_trusted_issuer(scene: Scene, value: str) -> None:
    party = scene.plain_party(use_jwt_bearer=True)
    issuer = f"https://{party.identifier}.example"
    scene.provider.run(
        "env['oauth2.provider.trusted.issuer'].create(values)",
        values={
            "name": issuer,
            "issuer": issuer,
            "jwks": jwks_of("ES256"),
            "client_ids": [(4, party.application.id)],
        },
    )
    claims = {
        "iss": issuer,
        "sub": scene.person.login,
        "aud": scene.metadata["issuer"],
        "exp": int(time.time()) + 60,
        "jti": str(uuid.uuid4()),
    }
    response = party.token_request(
        {"grant_type": value, "scope": "email", "assertion": sign(claims, "ES256")}
    )
    assert response.status_code == 200, response.text
    form = {"token": response.json()["access_token"]}
    seen = call(scene, "introspection_endpoint", party, "client_secret_basic", form).json()
    assert (seen["active"], seen["scope"]) == (True, "email")
    assert seen["sub"] == subject_of(scene.provider, scene.person)


@drives("dpop_signing_alg_values_supported", *ALGORITHMS[1:])
def proof_algorithm(scene: Scene, value: str) -> None:
    party = scene.plain_party(token_binding="dpop")
    proof = scene.proof(value, "POST", scene.metadata["token_endpoint"])
    response = party.token_request(party.redemption(scene.answer(party)["code"]), headers=proof)
    assert response.json()["token_type"] == "DPoP", response.text
    token = response.json()["access_token"]
    digest = urlsafe_b64encode(sha256(token.encode()).digest()).rstrip(b"=").decode()
    proof = scene.proof(value, "GET", scene.metadata["userinfo_endpoint"], ath=digest)
    assert scene.get("userinfo_endpoint", headers={"Authorization": f"DPoP {token}"} | proof).ok
    assert not scene.get("userinfo_endpoint", headers={"Authorization": f"Bearer {token}"}).ok


@drives("tls_client_certificate_bound_access_tokens")
@drives("mtls_endpoint_aliases")
def bound_to_certificate(scene: Scene, value: Any) -> None:
    method = "self_signed_tls_client_auth"
    party = scene.plain_party(
        token_endpoint_auth_method=method, token_binding="mtls", **REGISTRATION[method]
    )
    form = party.redemption(scene.answer(party)["code"])
    token = call(scene, "token_endpoint", party, method, form).json()["access_token"]
    header = {"Authorization": f"Bearer {token}"}
    address = scene.metadata["mtls_endpoint_aliases"]["userinfo_endpoint"]
    shown = requests.get(address, headers=header, cert=certificate(method), timeout=TIMEOUT)
    assert shown.status_code == 200, shown.text
    assert scene.get("userinfo_endpoint", headers=header).status_code == 401


@drives("issuer")
@drives("authorization_endpoint")
@drives("token_endpoint")
@drives("userinfo_endpoint")
@drives("revocation_endpoint")
@drives("introspection_endpoint")
def endpoint(scene: Scene, value: str) -> None:
    """They are driven by nearly everything else; here, that they are where the issuer is."""
    assert value.startswith(scene.metadata["issuer"])


@drives("jwks_uri")
def key_set(scene: Scene, value: str) -> None:
    keys = json.loads(scene.get("jwks_uri").text)["keys"]
    assert {key["use"] for key in keys} == {"sig"}
    assert not any(key.keys() & {"d", "p", "q", "k"} for key in keys)
    assert jwk_of("ES256") not in keys
