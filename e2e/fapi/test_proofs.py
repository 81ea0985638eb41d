"""DPoP: what is no proof, what is one in another spelling, and codes that are bound to a key (RFC 9449)."""

import json
import time
import uuid
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from e2e.fapi.client import FapiClient
from e2e.harness.bank import jwk_of
from e2e.harness.plain_http import HttpBrowser, expect_json_error

pytestmark = pytest.mark.kinds(binding="dpop", signed=False, jarm=False)
Proof = Callable[[FapiClient, str], dict[str, str]]


@pytest.fixture(scope="session")
def token(registered: list[FapiClient], logged_in: HttpBrowser) -> str:
    """One for all tests of a kind of client: none of them spoils it."""
    return registered[0].tokens(logged_in.copy())["access_token"]


def changed(**options: Any) -> Proof:
    """A proof for UserInfo with members changed; callables get the client."""

    def made(client: FapiClient, token: str) -> dict[str, str]:
        given = {
            name: value(client) if callable(value) else value for name, value in options.items()
        }
        return client.proof("GET", "userinfo_endpoint", token, **given)

    return made


def edited(change: Callable[[str], str]) -> Proof:
    def made(client: FapiClient, token: str) -> dict[str, str]:
        return {"DPoP": change(client.proof("GET", "userinfo_endpoint", token)["DPoP"])}

    return made


def without_alg(proof: str) -> str:
    _header, content, signature = proof.split(".")
    header = jwt.utils.base64url_encode(b'{"typ":"dpop+jwt"}').decode()
    return f"{header}.{content}.{signature}"


def with_broken_signature(proof: str) -> str:
    head, _dot, signature = proof.rpartition(".")
    broken = bytes(255 - byte for byte in jwt.utils.base64url_decode(signature))
    return f"{head}.{jwt.utils.base64url_encode(broken).decode()}"


def with_rs256(client: FapiClient, token: str) -> dict[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    jwk.pop("key_ops", None)
    signing = {"key": key, "algorithm": "RS256"}
    return client.proof("GET", "userinfo_endpoint", token, signing=signing, headers={"jwk": jwk})


def with_private_key(client: FapiClient, token: str) -> dict[str, str]:
    jwk = jwt.algorithms.ECAlgorithm.to_jwk(client.dpop_key, as_dict=True)
    assert "d" in jwk
    return client.proof("GET", "userinfo_endpoint", token, headers={"jwk": jwk})


def with_another_key(client: FapiClient, token: str) -> dict[str, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    options = {"signing": {"key": key}, "headers": {"jwk": jwk_of(key)}}
    return client.proof("GET", "userinfo_endpoint", token, **options)


def now(seconds: int) -> Callable[[FapiClient], int]:
    return lambda client: int(time.time()) + seconds


WRONG = {
    "none_at_all": lambda client, token: {},
    "two": edited(lambda proof: f"{proof}, {proof}"),
    "not_well_formed": edited(lambda proof: proof.replace(".", "-", 1)),
    "without_typ": changed(headers={"typ": None}),
    "wrong_typ": changed(headers={"typ": "jwt"}),
    "without_alg": edited(without_alg),
    "without_jwk": changed(headers={"jwk": None}),
    "with_private_key": with_private_key,
    "alg_none": changed(signing={"algorithm": "none", "key": None}),
    "alg_rs256": with_rs256,
    "broken_signature": edited(with_broken_signature),
    "another_key": with_another_key,
    "without_jti": changed(jti=None),
    "without_htm": changed(htm=None),
    "htm_put": changed(htm="PUT"),
    "without_htu": changed(htu=None),
    "htu_elsewhere": changed(htu="https://other.example/oauth2/userinfo"),
    "htu_another_path": changed(htu=lambda client: client.endpoint("userinfo_endpoint") + "/x"),
    "without_iat": changed(iat=None),
    "iat_one_hour_ahead": changed(iat=now(3600)),
    "iat_one_hour_ago": changed(iat=now(-3600)),
    "without_ath": changed(ath=None),
    "wrong_ath": changed(ath="A" * 43),
}


@pytest.mark.parametrize("kind", WRONG)
def test_dpop_negative_tests(client: FapiClient, token: str, kind: str) -> None:
    refused = client.resource(token, proof=WRONG[kind](client, token))
    error = "invalid_token" if kind == "another_key" else "invalid_dpop_proof"
    expect_json_error(refused, 401, error)
    assert f'error="{error}"' in refused.headers["WWW-Authenticate"]
    assert refused.headers["WWW-Authenticate"].startswith("DPoP ")


def upper_case_host(client: FapiClient) -> str:
    parts = urlsplit(client.endpoint("userinfo_endpoint"))
    return f"HTTPS://{parts.netloc.upper()}{parts.path}"


RIGHT = {
    "iat_10_seconds_ahead": changed(iat=now(10)),
    "iat_10_seconds_ago": changed(iat=now(-10)),
    "nbf_and_exp": changed(nbf=now(-60), exp=now(60)),
    "query_and_fragment": changed(
        htu=lambda client: client.endpoint("userinfo_endpoint") + "?a=b#c"
    ),
    "upper_case_host": changed(htu=upper_case_host),
    "unknown_members": changed(headers={"unknown": "x"}, unknown="y"),
}


@pytest.mark.parametrize("kind", RIGHT)
def test_proofs_that_are_taken(client: FapiClient, token: str, kind: str) -> None:
    answer = client.resource(token, proof=RIGHT[kind](client, token))
    assert answer.status_code == 200, answer.text


def test_x05_a_jti_counts_once(client: FapiClient, token: str) -> None:
    jti = str(uuid.uuid4())
    statuses = [
        client.resource(
            token, proof=client.proof("GET", "userinfo_endpoint", token, jti=jti)
        ).status_code
        for _time in range(2)
    ]
    assert statuses == [200, 401]


def test_x06_as_a_bearer_token(client: FapiClient, token: str) -> None:
    expect_json_error(client.resource(token, scheme="Bearer"), 401, "invalid_token")


def jkt_of(key: ec.EllipticCurvePrivateKey) -> str:
    """RFC 7638."""
    text = json.dumps(jwk_of(key), sort_keys=True, separators=(",", ":"))
    return jwt.utils.base64url_encode(sha256(text.encode()).digest()).decode()


def other_key_header(client: FapiClient) -> dict[str, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    return client.proof(
        "POST", "token_endpoint", signing={"key": key}, headers={"jwk": jwk_of(key)}
    )


def test_code_bound_by_dpop_jkt(client: FapiClient, browser: HttpBrowser) -> None:
    sent = client.parameters(dpop_jkt=jkt_of(client.dpop_key))
    assert client.tokens(browser, sent)["token_type"] == "DPoP"
    code = client.authorize(browser, sent)["code"]
    refused = client.ask_for_tokens(client.redemption(code), headers=other_key_header(client))
    assert refused.json()["error"] in ("invalid_grant", "invalid_dpop_proof")
    assert refused.status_code == 400


def test_code_bound_by_the_proof_at_the_pushed_request(
    client: FapiClient, browser: HttpBrowser
) -> None:
    proven = client.proof("POST", "pushed_authorization_request_endpoint")
    answer = client.authorize(browser, headers=proven)
    refused = client.ask_for_tokens(
        client.redemption(answer["code"]), headers=other_key_header(client)
    )
    assert refused.json()["error"] in ("invalid_grant", "invalid_dpop_proof")
    proven = client.proof("POST", "pushed_authorization_request_endpoint")
    code = client.authorize(browser, headers=proven)["code"]
    assert client.ask_for_tokens(client.redemption(code)).status_code == 200


def test_mismatched_dpop_jkt_at_the_pushed_request(client: FapiClient) -> None:
    sent = client.parameters(dpop_jkt=jkt_of(ec.generate_private_key(ec.SECP256R1())))
    proven = client.proof("POST", "pushed_authorization_request_endpoint")
    refused = client.push(sent, headers=proven)
    client.expect_push_refused(refused, "invalid_request", "invalid_dpop_proof")


def test_wrong_proofs_at_the_token_endpoint(client: FapiClient, browser: HttpBrowser) -> None:
    form = client.redemption(client.authorize(browser)["code"])
    for changes in ({"htm": "GET"}, {"htu": client.issuer}, {"iat": int(time.time()) - 3600}):
        headers = client.proof("POST", "token_endpoint", **changes)
        expect_json_error(client.ask_for_tokens(form, headers=headers), 400, "invalid_dpop_proof")
