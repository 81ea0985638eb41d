"""The authorization endpoint: what it refuses and in which channel, and the request that waits for its end-user."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes.provider import Provider
from fakes.registrations import ALICE, CLIENT, NATIVE_CLIENT
from fakes.wire import Pairs, code_request, error_of, query_of, token_request, without
from protocol.authorization_request import AuthorizationContext
from protocol.endpoints.authorization import AUTHORIZATION, REQUEST_CHECKS
from protocol.messages import Request, Response


def refused_on_a_page(response: Response) -> bool:
    return response.location is None and response.page is not None and response.page.name == "error"


def test_the_order_of_the_checks() -> None:
    """The client, then its address: until both are known an error has no way out."""
    names = [step.__name__ for step in AUTHORIZATION.steps]
    assert names.index("load_client") < names.index("check_redirect_uri")
    assert REQUEST_CHECKS[0].__name__ == "check_redirect_uri"


@pytest.mark.parametrize(
    "parameters",
    [
        without(code_request(), "client_id"),
        code_request(client_id="stranger"),
        without(code_request(), "redirect_uri"),
        code_request(redirect_uri="https://app.example.com/cb2"),
        [*code_request().items(), ("redirect_uri", "https://app.example.com/cb")],
        code_request(state="\0"),
    ],
    ids=["no client", "unknown client", "no address", "foreign address", "repeated", "NUL"],
)
def test_r21_before_the_address_is_proven_nobody_is_redirected(
    provider: Provider, parameters: Pairs
) -> None:
    response = provider.ask(parameters)
    assert refused_on_a_page(response)
    assert (response.status, error_of(response)) == (400, "invalid_request")


def test_the_administrator_reads_what_was_sent_and_what_is_registered(provider: Provider) -> None:
    first, second = CLIENT.redirect_uris[0], "https://app.example.com/second"
    provider.change_client(redirect_uris=(first, second))
    provider.ask(code_request(redirect_uri=f"{first}2"))
    (event,) = provider.store.events
    assert event.event_type == "authorization_refused"
    assert f"the application sent '{first}2'; registered: {first}, {second}" in event.detail


def test_the_administrator_reads_the_beginning_of_a_long_address() -> None:
    provider = Provider(replace(CLIENT, redirect_uris=()))
    sent = "https://app.example.com/".ljust(1000, "a")
    provider.ask(code_request(redirect_uri=sent))
    assert f"the application sent '{sent[:500]}'; registered: nothing" in event_detail(provider)


def event_detail(provider: Provider) -> str:
    return provider.store.events[-1].detail


def test_other_methods_are_refused(provider: Provider) -> None:
    response = provider.server.handle("authorization", Request("HEAD"))
    assert response.status == 405
    assert ("Allow", "GET, POST") in response.headers


def test_a_single_registered_address_may_be_left_out_without_openid(provider: Provider) -> None:
    request = without(code_request(scope="email"), "redirect_uri")
    assert "code" in query_of(provider.agree(request))


def test_openid_stands_between_spaces(provider: Provider) -> None:
    """So it is not in what follows, and the error goes to the address that need not be named."""
    response = provider.ask(without(code_request(scope="email\topenid"), "redirect_uri"))
    assert error_of(response) == "invalid_scope"
    assert not refused_on_a_page(response)


def test_r15_an_address_is_never_learned() -> None:
    provider = Provider(replace(CLIENT, redirect_uris=()))
    assert refused_on_a_page(provider.ask(code_request(scope="email")))
    assert refused_on_a_page(provider.ask(without(code_request(scope="email"), "redirect_uri")))


def test_r26_an_address_that_is_no_longer_allowed_is_refused() -> None:
    plain = "http://app.example.com/cb"
    client = replace(CLIENT, redirect_uris=(plain,), local_development=True)
    provider = Provider(client)
    assert provider.ask(code_request(redirect_uri=plain)).location is not None
    provider.change_client(local_development=False)
    assert refused_on_a_page(provider.ask(code_request(redirect_uri=plain)))
    assert f"the application sent '{plain}'; registered: {plain}" in event_detail(provider)


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        (without(code_request(), "response_type"), "invalid_request"),
        (code_request(response_type="code2"), "unsupported_response_type"),
        (code_request(response_type="token"), "unauthorized_client"),
        (code_request(response_mode="carrier_pigeon"), "invalid_request"),
        (code_request(scope="openid admin"), "invalid_scope"),
        (without(code_request(), "code_challenge"), "invalid_request"),
        (without(code_request(), "code_challenge_method"), "invalid_request"),
        (code_request(code_challenge_method="plain"), "invalid_request"),
        (code_request(code_challenge="short"), "invalid_request"),
        (code_request(registration="{}"), "registration_not_supported"),
    ],
)
def test_q01_p01_p04_p05_later_errors_reach_the_client(
    provider: Provider, parameters: dict[str, str], error: str
) -> None:
    response = provider.ask(parameters)
    assert error_of(response) == error
    assert (response.location or "").startswith("https://app.example.com/cb")
    values = {**dict(part.split("=", 1) for part in split_parts(response))}
    assert values["state"] == "st"
    assert values["iss"] == "https%3A%2F%2Fid.example.com"


def split_parts(response: Response) -> list[str]:
    return (response.location or "").replace("#", "?").partition("?")[2].split("&")


def test_q01_an_error_of_the_implicit_grant_stands_in_the_fragment(provider: Provider) -> None:
    response = provider.ask(token_request(scope="admin"))
    assert "#error=invalid_scope" in (response.location or "")


def test_a_request_without_scope_gets_the_default_or_is_told(provider: Provider) -> None:
    request = without(code_request(), "scope")
    provider.log_in()
    page = provider.go_on(provider.start(request)).page
    assert page is not None
    assert page.values["scope"] == ["openid"]
    provider.change_client(scope=frozenset({"email"}))
    assert error_of(provider.ask(request)) == "invalid_scope"


def test_p01_a_client_of_openid_connect_may_do_without_a_challenge_unless_it_is_public() -> None:
    confidential = replace(CLIENT, security_profile="oidc")
    request = without(code_request(), "code_challenge", "code_challenge_method")
    assert Provider(confidential).ask(request).status == 303
    public = replace(confidential, token_endpoint_auth_method="none")
    assert error_of(Provider(public).ask(request)) == "invalid_request"


# The request that waits


def rid_of(provider: Provider) -> str:
    return provider.start(code_request())


def test_q24_a_handle_opens_nothing_in_another_browser(provider: Provider) -> None:
    rid = rid_of(provider)
    provider.cookies.clear()
    response = provider.go_on(rid)
    assert response.page is not None
    assert response.page.name == "start_again"


@pytest.mark.parametrize("rid", ["", "o2q_" + "x" * 43])
def test_an_unknown_handle_starts_again(provider: Provider, rid: str) -> None:
    page = provider.go_on(rid).page
    assert page is not None
    assert page.name == "start_again"


def test_a_request_waits_for_an_hour(provider: Provider) -> None:
    rid = rid_of(provider)
    provider.clock.advance(3599)
    page = provider.go_on(rid).page
    assert page is not None
    assert page.name == "login"
    provider.clock.advance(1)
    page = provider.go_on(rid).page
    assert page is not None
    assert page.name == "start_again"


def test_a_request_is_answered_once(provider: Provider) -> None:
    provider.log_in()
    rid = rid_of(provider)
    assert "code" in query_of(provider.decide(rid))
    page = provider.decide(rid).page
    assert page is not None
    assert page.name == "start_again"


def test_two_answers_at_once_are_one(provider: Provider) -> None:
    provider.log_in()
    rid = rid_of(provider)
    provider.store.contended |= set(provider.store.requests)
    page = provider.decide(rid).page
    assert page is not None
    assert page.name == "start_again"
    assert not provider.store.codes


def test_q02_what_has_changed_since_counts(provider: Provider) -> None:
    provider.log_in()
    rid = rid_of(provider)
    provider.change_client(redirect_uris=("https://elsewhere.example/cb",))
    assert refused_on_a_page(provider.decide(rid))


# Login and access


def test_u05_a_locked_session_unlocks_first(provider: Provider) -> None:
    provider.log_in(is_locked=True)
    page = provider.go_on(rid_of(provider)).page
    assert page is not None
    assert page.name == "unlock"
    silent = provider.go_on(provider.start(code_request(prompt="none")))
    assert error_of(silent) == "login_required"


def test_u06_an_application_for_internal_users(provider: Provider) -> None:
    provider.change_client(internal_users_only=True)
    provider.change_user(is_internal=False)
    provider.log_in()
    response = provider.go_on(rid_of(provider))
    assert error_of(response) == "access_denied"
    provider.change_user(is_internal=True)
    page = provider.go_on(rid_of(provider)).page
    assert page is not None
    assert page.name == "consent"


def test_u04_an_application_for_a_group(provider: Provider) -> None:
    provider.change_client(group_ids=frozenset({3}))
    provider.log_in()
    assert error_of(provider.go_on(rid_of(provider))) == "access_denied"
    provider.directory.groups[ALICE.id].add(3)
    assert "code" in query_of(provider.agree(code_request()))


def test_denied(provider: Provider) -> None:
    provider.log_in()
    response = provider.decide(rid_of(provider), "deny")
    assert error_of(response) == "access_denied"
    assert "consent_denied" in provider.event_types()


def test_u01_a_public_client_on_a_loopback_port_is_asked_for_every_time(
    provider: Provider,
) -> None:
    request = code_request(
        client_id=NATIVE_CLIENT.client_identifier, redirect_uri="http://127.0.0.1:5000/cb"
    )
    assert "code" in query_of(provider.agree(request))
    page = provider.go_on(provider.start(request)).page
    assert page is not None
    assert page.name == "consent"


@pytest.mark.parametrize("name", ["end_user_session", "redirect_uri"])
def test_nothing_is_read_before_it_is_proven(provider: Provider, name: str) -> None:
    context = AuthorizationContext(request=Request("GET"), server=provider.server, now=0)
    with pytest.raises(AssertionError):
        getattr(context, name)
