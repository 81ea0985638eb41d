"""When the end-user must log in again or choose, and what a client hears that forbade pages (OIDC Core §3.1.2.1)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes.openid import OPENID_CLIENT, openid_request, read
from fakes.provider import Provider
from fakes.registrations import ALICE
from fakes.signing_keys import signing_key
from fakes.wire import code_exchange, error_of, query_of, tokens_of
from protocol.jose.sign import sign
from protocol.messages import Parameters, Response

MALLORY = replace(ALICE, id=8, public_subject="6666")


@pytest.fixture
def provider() -> Provider:
    """Alice logged in 100 seconds ago and has agreed to everything before."""
    provider = Provider(OPENID_CLIENT)
    provider.log_in(auth_time=provider.clock.now() - 100, amr=("pwd",))
    provider.agree(openid_request())
    return provider


def shown(response: Response) -> str:
    """The page, or the error that takes its place."""
    return response.page.name if response.page is not None else error_of(response)


def ask(provider: Provider, **parameters: str) -> Response:
    return provider.go_on(provider.start(openid_request(**parameters)))


def log_in_now(provider: Provider, **session: object) -> None:
    provider.log_in(**{"auth_time": provider.clock.now(), "amr": ("pwd",)} | session)


def hint(**changes: object) -> str:
    claims = {"iss": "https://id.example.com", "aud": "web", "sub": ALICE.public_subject, "exp": 1}
    return sign(claims | changes, signing_key("RS256"))


@pytest.mark.parametrize(
    "parameters",
    [
        {"prompt": "login"},
        {"prompt": "login consent"},
        {"max_age": "0"},
        {"max_age": "100"},
        {"id_token_hint": hint(sub=MALLORY.public_subject)},
        {"claims": '{"id_token": {"sub": {"value": "6666"}}}'},
    ],
)
def test_q10_log_in_again(provider: Provider, parameters: dict[str, str]) -> None:
    assert shown(ask(provider, **parameters)) == "reauthenticate"


def test_q10_only_a_login_after_the_request_counts(provider: Provider) -> None:
    rid = provider.start(openid_request(prompt="login"))
    assert shown(provider.go_on(rid)) == "reauthenticate"
    assert shown(provider.decide(rid)) == "reauthenticate"
    provider.clock.advance(5)
    log_in_now(provider)
    code = query_of(provider.go_on(rid))["code"]
    form = code_exchange(code)
    del form["code_verifier"]
    id_token = read(tokens_of(provider.post_token(form))["id_token"])
    assert id_token["auth_time"] == provider.clock.now()


def test_q10_a_login_of_the_same_second_counts_only_if_it_came_after_the_request(
    provider: Provider,
) -> None:
    provider.clock.advance(0.25)
    log_in_now(provider, auth_moment=provider.clock.moment())
    provider.clock.advance(0.25)
    rid = provider.start(openid_request(prompt="login"))
    assert shown(provider.go_on(rid)) == "reauthenticate"
    provider.clock.advance(0.25)
    log_in_now(provider, auth_moment=provider.clock.moment())
    assert "code" in query_of(provider.go_on(rid))


@pytest.mark.parametrize("parameters", [{}, {"max_age": "101"}, {"id_token_hint": hint()}])
def test_no_page_is_needed(provider: Provider, parameters: dict[str, str]) -> None:
    assert "code" in query_of(ask(provider, **parameters))
    assert "code" in query_of(ask(provider, prompt="none", **parameters))


def test_q12_max_age_without_pages(provider: Provider) -> None:
    assert shown(ask(provider, prompt="none", max_age="50")) == "login_required"


@pytest.mark.parametrize("max_age", ["-1", "1.5", "x", "9" * 11, "\u0661"])
def test_max_age_is_a_number(provider: Provider, max_age: str) -> None:
    assert error_of(provider.ask(openid_request(max_age=max_age))) == "invalid_request"


def test_registered_demands(provider: Provider) -> None:
    provider.change_client(default_max_age=50)
    assert shown(ask(provider)) == "reauthenticate"
    assert "code" in query_of(ask(provider, max_age="200"))
    provider.change_client(default_max_age=None, require_auth_time=True)
    assert "code" in query_of(ask(provider))
    provider.log_in()
    assert shown(ask(provider)) == "reauthenticate"


@pytest.mark.parametrize(
    "token",
    [
        hint(sub=MALLORY.public_subject),
        hint(iss="https://other.example"),
        hint(aud="other"),
        "eyJhbGciOiJub25lIn0.e30.",
        "nonsense",
    ],
)
def test_q13_hint_that_does_not_hold(provider: Provider, token: str) -> None:
    """Never that user, and with prompt=none nobody."""
    response = provider.ask(openid_request(prompt="none", id_token_hint=token))
    assert response.location is not None
    if "rid=" in response.location:
        response = provider.go_on(query_of(response)["rid"])
    assert error_of(response) == "login_required"


def test_q13_a_strange_hint_is_no_hint(provider: Provider) -> None:
    assert "code" in query_of(ask(provider, id_token_hint="nonsense"))


def test_q13_the_wrong_person_again(provider: Provider) -> None:
    rid = provider.start(openid_request(id_token_hint=hint(sub=MALLORY.public_subject)))
    log_in_now(provider)
    assert error_of(provider.go_on(rid)) == "login_required"


def test_select_account(provider: Provider) -> None:
    rid = provider.start(openid_request(prompt="select_account"))
    assert shown(provider.go_on(rid)) == "select_account"
    for choice, expected in (("", "select_account"), ("other", "select_account")):
        form = Parameters((("rid", rid), ("account", choice)))
        assert shown(provider._browse("account", "POST", form=form)) == expected
    form = Parameters((("rid", rid), ("account", "continue")))
    assert "code" in query_of(provider._browse("account", "POST", form=form))
    answer = ask(provider, prompt="select_account consent")
    assert shown(answer) == "select_account"


def test_select_account_without_pages(provider: Provider) -> None:
    response = provider.ask(openid_request(prompt="none select_account"))
    assert error_of(response) == "invalid_request"


def test_create(provider: Provider) -> None:
    rid = provider.start(openid_request(prompt="create"))
    assert shown(provider.go_on(rid)) == "create_account"
    log_in_now(provider)
    assert "code" in query_of(provider.go_on(rid))
    provider.browser.session = None
    assert shown(ask(provider, prompt="create")) == "create_account"


def test_q14_login_hint_goes_to_the_login_page_as_it_is(provider: Provider) -> None:
    provider.browser.session = None
    page = ask(provider, login_hint="nobody@example.com").page
    assert page is not None
    assert (page.name, page.values["login_hint"]) == ("login", "nobody@example.com")


@pytest.mark.parametrize(
    "parameters",
    [
        {"display": "popup", "ui_locales": "xx-YY", "claims_locales": "zz", "acr_values": "?"},
        {"prompt": "unheard-of", "foo": "bar"},
    ],
)
def test_q30_what_nobody_knows_is_ignored(provider: Provider, parameters: dict[str, str]) -> None:
    assert "code" in query_of(ask(provider, **parameters))


def test_q15_claims_are_json(provider: Provider) -> None:
    for text in ("{", "[]", '{"userinfo": 1}', "[" * 5000):
        assert error_of(provider.ask(openid_request(claims=text))) == "invalid_request"
