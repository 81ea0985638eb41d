"""Which connections outlive the login session (OpenID Connect Core §11)."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.provider import Provider
from fakes.registrations import CLIENT
from fakes.wire import code_exchange, code_request, error_of, tokens_of
from protocol.entities.authorization import NewAuthorization

DAY = 86400


def connect(provider: Provider, **changes: str) -> dict[str, Any]:
    return tokens_of(provider.post_token(code_exchange(provider.get_code(code_request(**changes)))))


def authorization(provider: Provider) -> NewAuthorization:
    return provider.store.authorizations[len(provider.store.authorizations)]


def lifetime(provider: Provider) -> int:
    return authorization(provider).expires_at - authorization(provider).created_at - 60


def test_f11_without_the_grant_there_is_no_refresh_token(provider: Provider) -> None:
    provider.change_client(grant_types=frozenset({"authorization_code"}))
    tokens = connect(provider, scope="openid offline_access", prompt="consent")
    assert "refresh_token" not in tokens
    assert tokens["scope"] == "openid"
    assert lifetime(provider) == CLIENT.access_token_lifetime


def test_f11_without_offline_access_it_ends_with_the_session(provider: Provider) -> None:
    tokens = connect(provider)
    assert "refresh_token" in tokens
    assert not authorization(provider).is_offline
    assert lifetime(provider) == 7 * DAY


@pytest.mark.parametrize(
    "scope", ["openid offline_access", "offline_access", "email offline_access"]
)
def test_offline_access_that_was_consented_to(provider: Provider, scope: str) -> None:
    tokens = connect(provider, scope=scope, prompt="consent")
    assert set(tokens["scope"].split()) == set(scope.split())
    assert authorization(provider).is_offline
    assert lifetime(provider) == CLIENT.refresh_token_lifetime
    consented = provider.store.consents[7, 1]
    assert "offline_access" in consented


def test_an_openid_request_must_have_the_person_asked(provider: Provider) -> None:
    tokens = connect(provider, scope="openid offline_access")
    assert tokens["scope"] == "openid"
    assert not authorization(provider).is_offline


def test_a_plain_oauth_request_need_not_say_prompt(provider: Provider) -> None:
    assert connect(provider, scope="email offline_access")["scope"] == "email offline_access"
    assert authorization(provider).is_offline


def test_a_trusted_client_has_it_by_policy(provider: Provider) -> None:
    provider.change_client(is_trusted=True)
    provider.log_in()
    rid = provider.start(code_request(scope="openid offline_access"))
    assert provider.go_on(rid).location
    assert authorization(provider).is_offline


def test_always_tells_the_person_what_the_client_need_not_ask_for(provider: Provider) -> None:
    provider.change_client(offline_access="always")
    provider.log_in()
    page = provider.go_on(provider.start(code_request())).page
    assert page is not None
    assert "offline_access" in page.values["scope"]
    assert connect(provider)["scope"] == "openid email offline_access"
    assert authorization(provider).is_offline


def test_never(provider: Provider) -> None:
    provider.change_client(offline_access="never")
    tokens = connect(provider, scope="openid offline_access", prompt="consent")
    assert tokens["scope"] == "openid"
    assert not authorization(provider).is_offline
    assert "refresh_token" in tokens


def test_f09_forbidding_it_ends_the_connections_that_exist(provider: Provider) -> None:
    offline = connect(provider, scope="openid offline_access", prompt="consent")
    bound = connect(provider)
    provider.change_client(offline_access="never")
    assert error_of(provider.refresh(offline["refresh_token"])) == "invalid_grant"
    assert tokens_of(provider.refresh(bound["refresh_token"]))


def test_the_limit_of_a_session_never_lengthens_the_general_one(provider: Provider) -> None:
    provider.change_client(refresh_token_lifetime=DAY, refresh_token_idle_lifetime=DAY)
    connect(provider)
    assert lifetime(provider) == DAY
