"""Signed authorization requests at the pushed authorization request endpoint (FAPI 2.0 Message Signing §5.3)."""

import secrets
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from e2e.fapi.client import FapiClient
from e2e.harness.plain_http import HttpBrowser

pytestmark = pytest.mark.kinds(signed=True)
at_the_push = pytest.mark.kinds(jarm=False)


def push_object(client: FapiClient, **changes: Any) -> Any:
    token = client.request_object(client.parameters(), **changes)
    return client.push(form={"client_id": client.identifier, "request": token})


def expect_object_refused(client: FapiClient, **changes: Any) -> None:
    client.expect_push_refused(push_object(client, **changes), "invalid_request_object")


@at_the_push
def test_several_audiences(client: FapiClient) -> None:
    answer = push_object(client, aud=[client.issuer, "https://other.example"])
    assert answer.status_code == 201, answer.text


@at_the_push
@pytest.mark.parametrize("seconds", [0, 8])
def test_nbf_of_a_clock_that_is_ahead(client: FapiClient, seconds: int) -> None:
    now = int(time.time())
    answer = push_object(client, nbf=now + seconds, iat=now + seconds, exp=now + seconds + 60)
    assert answer.status_code == 201, answer.text


@at_the_push
@pytest.mark.parametrize("name", ["exp", "nbf", "aud", "iss"])
def test_without_a_claim(client: FapiClient, name: str) -> None:
    expect_object_refused(client, **{name: None})


@at_the_push
@pytest.mark.parametrize(
    ("nbf", "exp"),
    [
        pytest.param(-600, -300, id="expired"),
        pytest.param(0, 70 * 60, id="exp_over_60_minutes_ahead"),
        pytest.param(-70 * 60, 60, id="nbf_over_60_minutes_ago"),
        pytest.param(70, 130, id="nbf_over_60_seconds_ahead"),
    ],
)
def test_wrong_times(client: FapiClient, nbf: int, exp: int) -> None:
    now = int(time.time())
    expect_object_refused(client, nbf=now + nbf, exp=now + exp)


@at_the_push
def test_bad_audience(client: FapiClient) -> None:
    expect_object_refused(client, aud="https://other.example")


@at_the_push
def test_rs256(client: FapiClient) -> None:
    assert isinstance(client.key, rsa.RSAPrivateKey)
    expect_object_refused(client, signing={"algorithm": "RS256"})


@at_the_push
def test_alg_none(client: FapiClient) -> None:
    expect_object_refused(client, signing={"algorithm": "none", "key": None})


@at_the_push
def test_key_of_somebody_else(client: FapiClient, other: FapiClient) -> None:
    for key, algorithm in (
        (other.key, other.algorithm),
        (ec.generate_private_key(ec.SECP256R1()), "ES256"),
    ):
        expect_object_refused(client, signing={"algorithm": algorithm, "key": key})


@at_the_push
def test_invalid_signature(client: FapiClient) -> None:
    header, content, signature = client.request_object(client.parameters()).split(".")
    broken = jwt.utils.base64url_encode(
        bytes(255 - byte for byte in jwt.utils.base64url_decode(signature))
    ).decode()
    form = {"client_id": client.identifier, "request": f"{header}.{content}.{broken}"}
    client.expect_push_refused(client.push(form=form), "invalid_request_object")


@at_the_push
def test_unsigned_request(client: FapiClient) -> None:
    client.expect_push_refused(client.push(form=client.parameters()), "invalid_request")


@at_the_push
def test_without_redirect_uri(client: FapiClient) -> None:
    refused = client.push(client.parameters(redirect_uri=None))
    client.expect_push_refused(refused, "invalid_request", "invalid_request_object")


@at_the_push
def test_an_object_counts_once(client: FapiClient) -> None:
    token = client.request_object(client.parameters(), jti=secrets.token_hex(8))
    form = {"client_id": client.identifier, "request": token}
    assert client.push(form=form).status_code == 201
    client.expect_push_refused(client.push(form=form), "invalid_request_object")


def test_state_only_outside_is_not_used(client: FapiClient, browser: HttpBrowser) -> None:
    page = client.open(browser, client.request_uri(client.parameters(state=None)), state="outside")
    assert "state" not in client.read_answer(browser.decide(page, "allow"))


@pytest.mark.parametrize("name", ["state", "nonce"])
def test_different_value_outside(client: FapiClient, browser: HttpBrowser, name: str) -> None:
    sent = client.parameters()
    page = client.open(browser, client.request_uri(sent), **{name: "outside"})
    answer = client.read_answer(browser.decide(page, "allow"))
    assert answer["state"] == sent["state"]
    tokens = client.tokens_of(client.ask_for_tokens(client.redemption(answer["code"])))
    assert client.verify(tokens["id_token"])["nonce"] == sent["nonce"]


def test_what_is_pushed_beside_the_object_is_not_used(
    client: FapiClient, browser: HttpBrowser
) -> None:
    form = client.form(client.parameters(state=None)) | {"state": "outside"}
    pushed = client.push(form=form)
    assert pushed.status_code == 201, pushed.text
    page = client.open(browser, pushed.json()["request_uri"])
    assert "state" not in client.read_answer(browser.decide(page, "allow"))
