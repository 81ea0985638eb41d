"""The UserInfo endpoint (OpenID Connect Core §5.3) and its addresses of single clients."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.provider import Provider
from fakes.registrations import ALICE, ODOO_CLIENT
from fakes.wire import bearer, code_exchange, code_request, fragment_of, token_request, tokens_of
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM


def odoos(provider: Provider, **changes: str) -> str:
    """A token of the other Odoo."""
    return fragment_of(provider.agree(token_request(**changes)))["access_token"]


def webs(provider: Provider, **changes: str) -> str:
    """A token of the application on the web."""
    code = provider.get_code(code_request(**changes))
    return str(tokens_of(provider.post_token(code_exchange(code)))["access_token"])


def assert_refused(response: Response, error: str, status: int) -> None:
    challenge = dict(response.headers)["WWW-Authenticate"]
    assert (response.status, f'error="{error}"' in challenge) == (status, True)
    assert response.json is None or "sub" not in response.json


@pytest.mark.parametrize("endpoint", ["userinfo", "client_userinfo"])
def test_method(provider: Provider, endpoint: str) -> None:
    token = webs(provider)
    request = Request("PUT", headers=bearer(token), path_client_identifier="web")
    assert provider.server.handle(endpoint, request).status == 405


def test_t02_a_client_that_asks_at_its_own_address_is_answered_there_alone(
    provider: Provider,
) -> None:
    """Stock Odoo does not ask for whom a token is, so only an address of its own can."""
    token = odoos(provider)
    own = ODOO_CLIENT.client_identifier
    assert provider.get("client_userinfo", token, path_client_identifier=own).status == 200
    for endpoint in ("userinfo", "tokeninfo"):
        assert_refused(provider.get(endpoint, token), "invalid_token", 401)


def test_t02_the_address_of_another_client(provider: Provider) -> None:
    for token, other in ((webs(provider), "other-odoo"), (odoos(provider), "web")):
        response = provider.get("client_userinfo", token, path_client_identifier=other)
        assert_refused(response, "invalid_token", 401)


def query_token(provider: Provider, endpoint: str, token: str, **parts: Any) -> Response:
    query = Parameters((("access_token", token),))
    return provider.server.handle(endpoint, Request("GET", query=query, **parts))


def test_t04_only_stock_odoo_sends_its_token_in_the_address(provider: Provider) -> None:
    token = odoos(provider)
    answer = query_token(provider, "client_userinfo", token, path_client_identifier="other-odoo")
    assert answer.status == 200
    response = query_token(
        provider, "client_userinfo", webs(provider), path_client_identifier="web"
    )
    assert_refused(response, "invalid_request", 400)
    assert query_token(provider, "userinfo", webs(provider)).status == 400


def test_t03_a_token_of_no_openid_request(provider: Provider) -> None:
    response = provider.get("userinfo", webs(provider, scope="email"))
    assert_refused(response, "insufficient_scope", 403)
    assert 'scope="openid"' in dict(response.headers)["WWW-Authenticate"]
    response = provider.get(
        "client_userinfo", webs(provider, scope="email"), path_client_identifier="web"
    )
    assert_refused(response, "insufficient_scope", 403)
    token = odoos(provider, scope="email")
    answer = provider.get("client_userinfo", token, path_client_identifier="other-odoo")
    assert answer.status == 200


def test_post_with_the_token_in_the_form(provider: Provider) -> None:
    form = Parameters((("access_token", webs(provider)),))
    response = provider.server.handle("userinfo", Request("POST", form=form, mimetype=FORM))
    assert response.json is not None
    assert response.json["sub"] == ALICE.public_subject


@pytest.mark.parametrize("endpoint", ["userinfo", "client_userinfo"])
def test_the_interaction_id_comes_back(provider: Provider, endpoint: str) -> None:
    identifier = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a"
    request = Request(
        "GET",
        headers=bearer(webs(provider)) | {"x-fapi-interaction-id": identifier},
        path_client_identifier="web" if endpoint == "client_userinfo" else None,
    )
    response = provider.server.handle(endpoint, request)
    assert dict(response.headers)["x-fapi-interaction-id"] == identifier
