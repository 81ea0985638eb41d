"""Pushed authorization requests: the only way in, for one client, for a minute, for one answer (RFC 9126)."""

import pytest
import requests

from e2e.fapi.client import PAR, FapiClient
from e2e.harness.moments import let_pass
from e2e.harness.plain_http import HttpBrowser, answer_of, expect_error_page, expect_json_error

# RFC 9126 §2.3 and §4: what a refusal of a reference may be called.
REFERENCE_ERRORS = ("invalid_request", "invalid_request_uri")
# How the answer would travel makes no difference to what never gets one.
at_the_push = pytest.mark.kinds(jarm=False)


def expect_reference_refused(page: requests.Response) -> None:
    text = page.text
    assert 'id="oauth2_error"' in text, text[-2000:]
    assert any(f">{error}<" in text for error in REFERENCE_ERRORS)


def test_unsigned_authorization_request_without_par(
    client: FapiClient, browser: HttpBrowser
) -> None:
    answer = answer_of(browser.authorize(client.parameters(response_mode=None)))
    assert answer["error"] == "invalid_request"


@pytest.mark.kinds(signed=True)
def test_signed_authorization_request_without_par(client: FapiClient, browser: HttpBrowser) -> None:
    sent = client.parameters()
    query = {"client_id": client.identifier, "request": client.request_object(sent)}
    assert client.read_answer(browser.authorize(query))["error"] == "invalid_request"


def test_attempt_to_reuse_request_uri(client: FapiClient, browser: HttpBrowser) -> None:
    request_uri = client.request_uri()
    page = client.open(browser, request_uri)
    assert client.read_answer(browser.decide(page, "allow"))["code"]
    expect_reference_refused(client.open(browser.copy(), request_uri))


def test_attempt_to_use_expired_request_uri(client: FapiClient, browser: HttpBrowser) -> None:
    request_uri = client.request_uri()
    let_pass(client.provider, 700, client.database_id)
    expect_reference_refused(client.open(browser, request_uri))


def test_request_uri_of_a_different_client(
    client: FapiClient, other: FapiClient, browser: HttpBrowser
) -> None:
    expect_reference_refused(other.open(browser, client.request_uri()))


@at_the_push
@pytest.mark.parametrize("request_uri", ["urn:ietf:params:oauth:request_uri:guessed", "https://a"])
def test_request_uri_in_the_pushed_form(client: FapiClient, request_uri: str) -> None:
    form = client.form(client.parameters()) | {"request_uri": request_uri}
    client.expect_push_refused(client.push(form=form), "invalid_request")


@pytest.mark.kinds(signed=True, jarm=False)
def test_request_uri_in_the_pushed_object(client: FapiClient) -> None:
    inner = client.parameters(request_uri="urn:ietf:params:oauth:request_uri:guessed")
    client.expect_push_refused(client.push(inner), "invalid_request", "invalid_request_object")


@pytest.mark.kinds(jarm=False, signed=False)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_invalid_http_method(client: FapiClient, method: str) -> None:
    form = client.form(client.parameters()) | client.credentials()
    refused = client.send(method, PAR, data=form)
    assert refused.status_code == 405
    assert refused.headers["Allow"]


def test_redirect_with_nothing_but_the_reference(client: FapiClient, browser: HttpBrowser) -> None:
    """Which is what `open` sends; and once more with everything beside it that was pushed."""
    sent = client.parameters()
    beside = {name: value for name, value in sent.items() if name != "client_id"}
    page = client.open(browser, client.request_uri(sent), **beside)
    assert client.read_answer(browser.decide(page, "allow"))["state"] == sent["state"]


@pytest.mark.kinds(signed=False)
def test_what_stands_beside_the_reference_does_not_count(
    client: FapiClient, browser: HttpBrowser
) -> None:
    sent = client.parameters()
    page = client.open(browser, client.request_uri(sent), state="another", nonce="another")
    answer = client.read_answer(browser.decide(page, "allow"))
    assert answer["state"] == sent["state"]
    tokens = client.tokens_of(client.ask_for_tokens(client.redemption(answer["code"])))
    assert client.verify(tokens["id_token"])["nonce"] == sent["nonce"]


@at_the_push
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"code_challenge": None, "code_challenge_method": None}, id="pkce_is_missing"),
        pytest.param({"code_challenge_method": "plain"}, id="plain"),
        pytest.param({"code_challenge_method": None}, id="plain_by_default"),
        pytest.param({"redirect_uri": None}, id="redirect_uri_is_missing"),
        pytest.param({"redirect_uri": "https://client1.example/callback/x"}, id="unregistered"),
    ],
)
def test_what_may_not_be_pushed(client: FapiClient, changes: dict[str, str | None]) -> None:
    client.expect_push_refused(client.push(client.parameters(**changes)), "invalid_request")


@at_the_push
@pytest.mark.parametrize("response_type", ["code id_token", "token", "id_token", "none"])
def test_other_response_types(client: FapiClient, response_type: str) -> None:
    refused = client.push(client.parameters(response_type=response_type))
    errors = ("unsupported_response_type", "unauthorized_client", "invalid_request")
    client.expect_push_refused(refused, *errors)


@at_the_push
def test_doubled_parameters(client: FapiClient) -> None:
    form = client.form(client.parameters()) | client.credentials()
    doubled = next(name for name in ("request", "state") if name in form)
    refused = client.send("POST", PAR, data=[*form.items(), (doubled, form[doubled])])
    expect_json_error(refused, 400, "invalid_request")


@at_the_push
def test_a_page_for_a_client_that_nobody_knows(client: FapiClient, browser: HttpBrowser) -> None:
    query = {"client_id": "unknown", "request_uri": client.request_uri()}
    expect_error_page(browser.authorize(query), "invalid_request")
