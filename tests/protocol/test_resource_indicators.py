"""Audience of access tokens by resource indicators (RFC 8707)."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.provider import ISSUER, Provider
from fakes.wire import (
    basic,
    code_exchange,
    code_request,
    error_of,
    pairs,
    query_of,
    token_request,
    tokens_of,
)
from protocol.entities.resource import Resource
from protocol.jose.verify import verify
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM
from protocol.resource_indicators import canonical, check_identifier

ORDERS = Resource("https://orders.example", "Orders", frozenset({"email"}))
FILES = Resource("https://files.example/api/", "Files")
SECRET_ONES = Resource("https://secret.example", "Secret", client_ids=frozenset({99}))


@pytest.fixture
def provider(provider: Provider) -> Provider:
    provider.resources.resources += [ORDERS, FILES, SECRET_ONES]
    provider.log_in()
    return provider


def ask(provider: Provider, *resources: str, **changes: str) -> Response:
    sent = [*pairs(code_request(**changes)), *(("resource", value) for value in resources)]
    return provider.ask(sent)


def connect(provider: Provider, *resources: str, **changes: str) -> dict[str, Any]:
    rid = query_of(ask(provider, *resources, **changes))["rid"]
    code = query_of(provider.decide(rid))["code"]
    return tokens_of(provider.post_token(code_exchange(code)))


def refresh(provider: Provider, tokens: dict[str, Any], *resources: str) -> Response:
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    return provider.post_token([*pairs(form), *(("resource", value) for value in resources)])


def audience(provider: Provider, tokens: dict[str, Any]) -> Any:
    request = Request(
        "POST",
        form=Parameters((("token", tokens["access_token"]),)),
        headers=basic(),
        mimetype=FORM,
    )
    response = provider.server.handle("introspection", request)
    assert response.json is not None
    return response.json["aud"]


@pytest.mark.parametrize(
    "identifier", ["https://h", "https://h/", "https://h:8443/p?q=1", "urn:example:api", "app:x"]
)
def test_identifiers(identifier: str) -> None:
    check_identifier(identifier)


@pytest.mark.parametrize(
    "identifier",
    ["", "orders", "/orders", "//h/p", "https://h#f", "https://h/#", "https://h p", "https://h\n",
     "https://h/\"", "https://ü.example", "1:x", "https:", "x" * 3000],
)  # fmt: skip
def test_q26_no_identifiers(identifier: str) -> None:
    with pytest.raises(ValueError, match="absolute URI"):
        check_identifier(identifier)


def test_q28_a_bare_slash_makes_no_difference_and_nothing_else_does() -> None:
    assert canonical("https://h/") == canonical("https://h")
    for other in ("https://H", "https://h/a", "https://h/a/", "https://h/?q", "http://h", "urn:h/"):
        assert canonical(other) == other
    assert canonical("https://[h") == "https://[h"


@pytest.mark.parametrize(
    "resource",
    ["orders", "https://orders.example#x", "https://unknown.example", "https://secret.example",
     "https://files.example/api", "https://orders.example/x", "https://ORDERS.example"],
)  # fmt: skip
def test_q26_invalid_target(provider: Provider, resource: str) -> None:
    assert error_of(ask(provider, resource)) == "invalid_target"
    assert error_of(ask(provider, "https://files.example/api/", resource)) == "invalid_target"


def test_q26_too_many(provider: Provider) -> None:
    many = [f"https://r{number}.example" for number in range(21)]
    assert error_of(ask(provider, *many)) == "invalid_target"


def test_the_token_is_for_what_was_asked(provider: Provider) -> None:
    tokens = connect(provider, "https://files.example/api/")
    assert audience(provider, tokens) == "https://files.example/api/"
    assert tokens["scope"] == "openid email"


@pytest.mark.parametrize("sent", ["https://orders.example", "https://orders.example/"])
def test_q28_either_form_gives_the_registered_one(provider: Provider, sent: str) -> None:
    assert audience(provider, connect(provider, sent)) == "https://orders.example"


def test_several(provider: Provider) -> None:
    tokens = connect(provider, "https://orders.example", "https://files.example/api/")
    assert audience(provider, tokens) == ["https://orders.example", "https://files.example/api/"]


def test_without_one_it_is_for_us(provider: Provider) -> None:
    tokens = connect(provider)
    assert audience(provider, tokens) == ISSUER
    assert provider.get("userinfo", tokens["access_token"]).status == 200


def test_t02_a_token_for_another_resource_opens_nothing_here(provider: Provider) -> None:
    tokens = connect(provider, "https://files.example/api/")
    for endpoint in ("userinfo", "tokeninfo"):
        response = provider.get(endpoint, tokens["access_token"])
        assert (response.status, error_of(response)) == (401, "invalid_token")


def test_userinfo_belongs_to_an_openid_request(provider: Provider) -> None:
    tokens = connect(provider, "https://files.example/api/")
    own = tokens_of(refresh(provider, tokens, ISSUER))
    assert audience(provider, own) == ISSUER
    assert provider.get("userinfo", own["access_token"]).status == 200
    again = tokens_of(refresh(provider, own))
    assert audience(provider, again) == "https://files.example/api/"


def test_userinfo_does_not_belong_to_another_request(provider: Provider) -> None:
    tokens = connect(provider, "https://files.example/api/", scope="email")
    assert error_of(refresh(provider, tokens, ISSUER)) == "invalid_target"


def test_q27_token_request_outside_of_what_was_granted(provider: Provider) -> None:
    tokens = connect(provider, "https://files.example/api/")
    for resource in ("https://orders.example", "nonsense", "https://unknown.example"):
        assert error_of(refresh(provider, tokens, resource)) == "invalid_target"
    assert tokens_of(refresh(provider, tokens)), "nothing was used up"
    plain = connect(provider, scope="email")
    assert error_of(refresh(provider, plain, "https://files.example/api/")) == "invalid_target"


def test_q27_code_redeemed_for_one_of_several(provider: Provider) -> None:
    rid = query_of(ask(provider, "https://orders.example", "https://files.example/api/"))["rid"]
    code = query_of(provider.decide(rid))["code"]
    form = [*pairs(code_exchange(code)), ("resource", "https://orders.example/")]
    tokens = tokens_of(provider.post_token(form))
    assert audience(provider, tokens) == "https://orders.example"
    other = tokens_of(refresh(provider, tokens, "https://files.example/api/"))
    assert audience(provider, other) == "https://files.example/api/"
    both = tokens_of(refresh(provider, other))
    assert len(audience(provider, both)) == 2


def test_q27_all_that_was_granted(provider: Provider) -> None:
    """Without openid nothing beyond the resources is granted."""
    tokens = connect(provider, ORDERS.identifier, FILES.identifier, scope="email")
    again = tokens_of(refresh(provider, tokens, ORDERS.identifier, FILES.identifier))
    assert audience(provider, again) == [ORDERS.identifier, FILES.identifier]


def test_a_resource_gets_the_scope_that_it_understands(provider: Provider) -> None:
    tokens = connect(provider, "https://orders.example")
    assert tokens["scope"] == "email"
    assert "id_token" in tokens, "the login is told all the same"


def test_a_scope_that_no_resource_understands(provider: Provider) -> None:
    response = ask(provider, "https://orders.example", scope="openid profile")
    assert error_of(response) == "invalid_scope"


def test_several_share_what_one_of_them_understands(provider: Provider) -> None:
    tokens = connect(provider, "https://orders.example", "https://files.example/api/")
    assert tokens["scope"] == "openid email"


def test_f09_a_resource_that_was_closed_since(provider: Provider) -> None:
    tokens = connect(provider, "https://orders.example")
    provider.resources.resources.clear()
    assert error_of(refresh(provider, tokens)) == "invalid_target"


def test_jwt_tokens_say_it_too(provider: Provider) -> None:
    provider.change_client(access_token_format="jwt")
    token = connect(provider, "https://files.example/api/")["access_token"]
    keys = provider.server.ports.signing_keys.published_keys()
    assert verify(token, keys, types=("at+jwt",))["aud"] == "https://files.example/api/"
    assert provider.get("userinfo", token).status == 401


def test_implicit_tokens_too(provider: Provider) -> None:
    sent = [*pairs(token_request()), ("resource", "https://files.example/api/")]
    rid = query_of(provider.ask(sent))["rid"]
    assert provider.decide(rid).location
    (stored,) = provider.store.tokens.values()
    assert stored.new.audience == ("https://files.example/api/",)


def test_the_person_is_told(provider: Provider) -> None:
    rid = query_of(ask(provider, "https://orders.example"))["rid"]
    page = provider.go_on(rid).page
    assert page is not None
    assert page.values["resources"] == (ORDERS,)
