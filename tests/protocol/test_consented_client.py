"""What a remembered consent is about, and what has people asked again."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.provider import Provider
from fakes.registrations import CLIENT
from fakes.wire import code_request, query_of
from protocol.entities.client import CertificateName, ClientSecret


@pytest.fixture
def agreed() -> Provider:
    """Where the end-user has agreed to the client."""
    provider = Provider()
    assert "code" in query_of(provider.agree(code_request()))
    return provider


def is_asked(provider: Provider) -> bool:
    page = provider.go_on(provider.start(code_request())).page
    return page is not None and page.name == "consent"


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Your bank"},
        {"client_uri": "https://bank.example/"},
        {"consent_epoch": 1},
        {"redirect_uris": (*CLIENT.redirect_uris, "https://elsewhere.example/callback")},
        {"application_type": "native"},
        {"local_development": True},
        {"token_endpoint_auth_method": "client_secret_post"},
        {"jwks": '{"keys": []}'},
        {"jwks_uri": "https://elsewhere.example/jwks"},
        {"certificate_name": CertificateName("san_dns", "elsewhere.example")},
    ],
    ids=lambda change: "".join(change),
)
def test_u03_whatever_is_agreed_to_changes(agreed: Provider, change: dict[str, Any]) -> None:
    agreed.change_client(**change)
    assert is_asked(agreed)
    assert "code" in query_of(agreed.agree(code_request()))
    assert not is_asked(agreed)


@pytest.mark.parametrize(
    "change",
    [
        {"secrets": (*CLIENT.secrets, ClientSecret(9, "0" * 64))},
        {"redirect_uris": tuple(reversed(CLIENT.redirect_uris))},
        {"access_token_lifetime": 60},
    ],
    ids=lambda change: "".join(change),
)
def test_u03_nobody_is_asked_again_for_a_new_secret(
    agreed: Provider, change: dict[str, Any]
) -> None:
    agreed.change_client(**change)
    assert not is_asked(agreed)


def test_u03_nothing_that_was_agreed_to_before_counts_with_a_new_answer(agreed: Provider) -> None:
    agreed.agree(code_request(scope="openid email"))
    agreed.change_client(name="Your bank")
    agreed.agree(code_request(scope="openid"))
    page = agreed.go_on(agreed.start(code_request(scope="openid email"))).page
    assert page is not None
    assert page.name == "consent"


def test_u03_a_page_that_showed_something_else_settles_one_request_alone() -> None:
    provider = Provider()
    provider.log_in()
    rid = provider.start(code_request())
    page = provider.go_on(rid).page
    assert page is not None
    provider.change_client(name="Your bank")
    assert "code" in query_of(provider.decide(rid, shown=page.values["shown"]))
    assert is_asked(provider)
