"""How a client proves itself: assertions for the issuer alone, or its certificate (FAPI 2.0 §5.3.2.1)."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dev.workbench import Workbench
from e2e.fapi.client import FapiClient, present
from e2e.harness.client_certificates import write_certificate
from e2e.harness.plain_http import HttpBrowser, expect_json_error

signs = pytest.mark.kinds(authentication="private_key_jwt", jarm=False, signed=False)


def times(nbf: int, exp: int) -> dict[str, int]:
    now = int(time.time())
    return {"iat": now + nbf, "nbf": now + nbf, "exp": now + exp}


@signs
@pytest.mark.parametrize(
    "claims",
    [
        pytest.param(lambda client: {}, id="nothing_special"),
        pytest.param(lambda client: times(8, 68), id="iat_and_nbf_8_seconds_ahead"),
        pytest.param(lambda client: {"iat": None, "nbf": None}, id="without_iat_and_nbf"),
    ],
)
def test_assertions_that_are_taken(
    client: FapiClient, claims: Callable[[FapiClient], dict[str, Any]]
) -> None:
    answer = client.push(credentials=client.credentials(client.assertion(**claims(client))))
    assert answer.status_code == 201, answer.text


WRONG_CLAIMS = [
    pytest.param(lambda client: {"aud": [client.issuer, "https://x.example"]}, id="aud_list"),
    pytest.param(lambda client: {"aud": [client.issuer]}, id="aud_list_of_the_issuer"),
    pytest.param(lambda client: {"aud": client.metadata["token_endpoint"]}, id="aud_token"),
    pytest.param(
        lambda client: {"aud": client.metadata["pushed_authorization_request_endpoint"]},
        id="aud_par",
    ),
    pytest.param(lambda client: {"aud": "https://x.example"}, id="aud_foreign"),
    pytest.param(lambda client: {"aud": None}, id="without_aud"),
    pytest.param(lambda client: {"sub": None}, id="without_sub"),
    pytest.param(lambda client: {"sub": "somebody"}, id="sub_foreign"),
    pytest.param(lambda client: {"iss": None}, id="without_iss"),
    pytest.param(lambda client: {"iss": "somebody"}, id="iss_foreign"),
    pytest.param(lambda client: {"jti": None}, id="without_jti"),
    pytest.param(lambda client: {"exp": None}, id="without_exp"),
    pytest.param(lambda client: times(-360, -300), id="exp_5_minutes_ago"),
    pytest.param(lambda client: times(0, 3 * 3600), id="exp_3_hours_ahead"),
    pytest.param(lambda client: times(65, 125), id="iat_and_nbf_over_60_seconds_ahead"),
]


@signs
@pytest.mark.parametrize("claims", WRONG_CLAIMS)
def test_assertions_that_are_refused(
    client: FapiClient, claims: Callable[[FapiClient], dict[str, Any]]
) -> None:
    """At the endpoint for pushed requests and at the token endpoint."""
    changes = claims(client)
    form = present(client.parameters() | {"client_id": None})
    refused = client.push(form=form, credentials=client.credentials(client.assertion(**changes)))
    expect_json_error(refused, 401, "invalid_client")
    credentials = client.credentials(client.assertion(**changes))
    refused = client.ask_for_tokens(client.redemption("unknown"), credentials=credentials)
    expect_json_error(refused, 401, "invalid_client")


@signs
@pytest.mark.parametrize(
    "signing",
    [
        pytest.param(lambda client, other: {"algorithm": "RS256"}, id="rs256"),
        pytest.param(lambda client, other: {"algorithm": "none", "key": None}, id="none"),
        pytest.param(
            lambda client, other: {"algorithm": other.algorithm, "key": other.key}, id="foreign_key"
        ),
    ],
)
def test_signatures_that_are_refused(
    client: FapiClient,
    other: FapiClient,
    signing: Callable[[FapiClient, FapiClient], dict[str, Any]],
) -> None:
    assertion = client.assertion(signing=signing(client, other))
    refused = client.push(credentials=client.credentials(assertion))
    expect_json_error(refused, 401, "invalid_client")


@signs
@pytest.mark.parametrize("type_", ["", "urn:wrong"])
def test_type_of_the_assertion(client: FapiClient, type_: str) -> None:
    credentials = client.credentials() | {"client_assertion_type": type_}
    expect_json_error(client.push(credentials=credentials), 401, "invalid_client")


@signs
def test_an_assertion_counts_once(client: FapiClient) -> None:
    credentials = client.credentials()
    assert client.push(credentials=credentials).status_code == 201
    expect_json_error(client.push(credentials=credentials), 401, "invalid_client")


def test_without_any_proof(client: FapiClient, browser: HttpBrowser) -> None:
    """Nothing but the name, also where a certificate would be the proof."""
    code = client.authorize(browser)["code"]
    refused = client.ask_for_tokens(
        client.redemption(code),
        credentials={"client_id": client.identifier},
        **({"cert": None} if client.variant.authentication == "mtls" else {}),
    )
    expect_json_error(refused, 401, "invalid_client")


def test_client_id_of_somebody_else(
    client: FapiClient, other: FapiClient, browser: HttpBrowser
) -> None:
    """The name of the second client, and what the first one has."""
    code = client.authorize(browser)["code"]
    credentials = {"client_id": other.identifier}
    if client.variant.authentication == "private_key_jwt":
        signed = client.assertion(iss=other.identifier, sub=other.identifier)
        credentials |= client.credentials(signed)
    refused = client.ask_for_tokens(client.redemption(code), credentials=credentials)
    expect_json_error(refused, 401, "invalid_client")


@pytest.mark.parametrize("vouched_for", [True, False])
@pytest.mark.kinds(authentication="mtls", jarm=False)
def test_certificate_of_somebody_else(
    client: FapiClient, workbench: Workbench, tmp_path: Path, vouched_for: bool
) -> None:
    """Of the right authority with another name; with the right name, signed by nobody."""
    path = tmp_path / "thief.pem"
    if vouched_for:
        write_certificate(path, client.dpop_key, workbench.authority, common_name="thief")
    else:
        write_certificate(path, client.dpop_key, common_name="client1")
    expect_json_error(client.push(cert=str(path)), 401, "invalid_client")
