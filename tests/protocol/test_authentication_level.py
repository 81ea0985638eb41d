"""Levels that a client asks for, is registered with or is held to, and the way there (OIDC Core §2, §5.5.1.1)."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.openid import OPENID_CLIENT, openid_request, read
from fakes.provider import Provider
from fakes.wire import code_exchange, error_of, query_of, tokens_of
from protocol.entities.end_user import Factor
from protocol.messages import Page, Parameters, Response

PASSWORD = ("pwd",)
TWO_FACTORS = ("pwd", "otp", "mfa")
PASSKEY_LOGIN = ("pop", "user", "mfa")
TOTP = Factor("totp", frozenset({"otp", "mfa"}))
PASSKEY = Factor("passkey", frozenset(PASSKEY_LOGIN))
ESSENTIAL_MFA = '{"id_token": {"acr": {"essential": true, "values": ["mfa"]}}}'


@pytest.fixture
def provider() -> Provider:
    """Alice logged in with her password and has agreed to everything before."""
    provider = Provider(OPENID_CLIENT)
    log_in(provider)
    provider.agree(openid_request())
    return provider


def log_in(provider: Provider, amr: tuple[str, ...] = PASSWORD) -> None:
    provider.log_in(auth_time=provider.clock.now() - 100, amr=amr)


def ask(provider: Provider, **parameters: str) -> Response:
    return provider.go_on(provider.start(openid_request(**parameters)))


def page_of(response: Response) -> Page:
    assert response.page is not None, response
    return response.page


def choose(provider: Provider, rid: str, choice: str, endpoint: str = "account") -> Response:
    form = Parameters((("rid", rid), ("account", "continue"), ("step_up", choice)))
    return provider._browse(endpoint, "POST", form=form)


def acr_of(provider: Provider, response: Response) -> Any:
    form = code_exchange(query_of(response)["code"])
    del form["code_verifier"]
    return read(tokens_of(provider.post_token(form))["id_token"]).get("acr")


@pytest.mark.parametrize(
    ("parameters", "amr", "expected"),
    [
        ({"acr_values": "mfa sfa"}, PASSWORD, "sfa"),
        ({"acr_values": "mfa sfa"}, TWO_FACTORS, "mfa"),
        ({"acr_values": "sfa mfa"}, TWO_FACTORS, "sfa"),
        ({"acr_values": "phr mfa"}, PASSKEY_LOGIN, "phr"),
        ({"claims": '{"id_token": {"acr": {"values": ["mfa", "sfa"]}}}'}, PASSWORD, "sfa"),
        ({"claims": ESSENTIAL_MFA}, TWO_FACTORS, "mfa"),
        # §5.5.1.1: a wish that cannot be met is answered with what there is.
        ({"acr_values": "phr"}, TWO_FACTORS, "mfa"),
        ({"acr_values": "unheard-of"}, PASSWORD, "sfa"),
        ({"claims": '{"id_token": {"acr": null}}'}, TWO_FACTORS, "mfa"),
        ({"claims": '{"id_token": {"acr": {"essential": true}}}'}, PASSKEY_LOGIN, "phr"),
        ({}, TWO_FACTORS, None),
        ({"claims": '{"userinfo": {"acr": null}}'}, TWO_FACTORS, None),
    ],
)
def test_what_the_client_is_told(
    provider: Provider, parameters: dict[str, str], amr: tuple[str, ...], expected: str | None
) -> None:
    log_in(provider, amr)
    assert acr_of(provider, ask(provider, **parameters)) == expected


@pytest.mark.parametrize(
    "demand",
    [{"claims": ESSENTIAL_MFA}, {"acr_values": "mfa"}],
)
def test_who_has_a_second_factor_is_asked_for_it(
    provider: Provider, demand: dict[str, str]
) -> None:
    provider.browser.factors = (PASSKEY, TOTP)
    rid = provider.start(openid_request(**demand))
    page = page_of(provider.go_on(rid))
    assert (page.name, page.values["factors"]) == ("step_up", ["passkey", "totp"])
    assert page.values["may_skip"] is ("acr_values" in demand)
    log_in(provider, TWO_FACTORS)
    assert acr_of(provider, provider.go_on(rid)) == "mfa"


def test_only_factors_that_lead_there_are_offered(provider: Provider) -> None:
    provider.browser.factors = (TOTP,)
    provider.change_client(required_acr="phr")
    assert page_of(ask(provider)).name == "factor_missing"
    provider.browser.factors = (PASSKEY, TOTP)
    assert page_of(ask(provider)).values["factors"] == ["passkey"]


def test_a_wish_is_one_that_the_person_may_refuse(provider: Provider) -> None:
    provider.browser.factors = (TOTP,)
    rid = provider.start(openid_request(acr_values="mfa"))
    assert page_of(provider.go_on(rid)).name == "step_up"
    assert acr_of(provider, choose(provider, rid, "skip")) == "sfa"


def test_a_refused_wish_stays_refused_on_the_consent_page(provider: Provider) -> None:
    provider.browser.factors = (TOTP,)
    rid = provider.start(openid_request(acr_values="mfa", prompt="select_account consent"))
    assert page_of(provider.go_on(rid)).name == "select_account"
    assert page_of(choose(provider, rid, "")).name == "step_up"
    assert page_of(choose(provider, rid, "skip")).name == "consent"
    assert "code" in query_of(provider.decide(rid))


@pytest.mark.parametrize("choice", ["skip", "x", ""])
@pytest.mark.parametrize("endpoint", ["account", "consent"])
def test_a_demand_cannot_be_skipped(provider: Provider, choice: str, endpoint: str) -> None:
    provider.browser.factors = (TOTP,)
    provider.change_client(required_acr="mfa")
    rid = provider.start(openid_request())
    assert page_of(choose(provider, rid, choice, endpoint)).name == "step_up"
    assert page_of(provider.decide(rid)).name == "step_up"


def test_giving_up_tells_the_client(provider: Provider) -> None:
    for factors in ((TOTP,), ()):
        provider.browser.factors = factors
        rid = provider.start(openid_request(claims=ESSENTIAL_MFA))
        response = choose(provider, rid, "give_up")
        assert error_of(response) == "unmet_authentication_requirements"


def test_without_pages(provider: Provider) -> None:
    essential = {"prompt": "none", "claims": ESSENTIAL_MFA}
    assert error_of(ask(provider, **essential)) == "unmet_authentication_requirements"
    provider.browser.factors = (TOTP,)
    assert error_of(ask(provider, **essential)) == "login_required"
    assert acr_of(provider, ask(provider, prompt="none", acr_values="mfa")) == "sfa"


def test_a_wish_that_nobody_can_meet_bothers_nobody(provider: Provider) -> None:
    provider.browser.factors = (TOTP,)
    assert acr_of(provider, ask(provider, acr_values="phr")) == "sfa"


def test_the_level_that_the_client_is_held_to(provider: Provider) -> None:
    provider.change_client(required_acr="mfa")
    assert page_of(ask(provider)).name == "factor_missing"
    log_in(provider, TWO_FACTORS)
    assert acr_of(provider, ask(provider)) == "mfa"
    # What was asked for is told, even if more was shown.
    assert acr_of(provider, ask(provider, acr_values="sfa")) == "sfa"


def test_a_level_that_no_longer_exists_lets_nobody_through(provider: Provider) -> None:
    provider.change_client(required_acr="gone")
    log_in(provider, PASSKEY_LOGIN)
    provider.browser.factors = (TOTP, PASSKEY)
    assert page_of(ask(provider)).name == "factor_missing"


def test_a_weaker_wish_takes_nothing_from_a_demand(provider: Provider) -> None:
    assert page_of(ask(provider, claims=ESSENTIAL_MFA, acr_values="sfa")).name == "factor_missing"


def test_a_login_that_nobody_noted_is_no_first_factor(provider: Provider) -> None:
    provider.log_in()
    provider.browser.factors = (TOTP,)
    assert page_of(ask(provider, claims=ESSENTIAL_MFA)).name == "reauthenticate"
    assert acr_of(provider, ask(provider, acr_values="mfa")) == "sfa"


def test_both_demands_must_be_met(provider: Provider) -> None:
    """The client calls a weak level essential; the administrator holds it to a stronger one."""
    provider.change_client(required_acr="phr")
    provider.browser.factors = (TOTP,)
    assert page_of(ask(provider, claims=ESSENTIAL_MFA)).name == "factor_missing"
    log_in(provider, PASSKEY_LOGIN)
    assert acr_of(provider, ask(provider, claims=ESSENTIAL_MFA)) == "mfa"


def test_registered_wishes(provider: Provider) -> None:
    provider.change_client(default_acr_values=("mfa", "sfa"))
    assert acr_of(provider, ask(provider)) == "sfa"
    log_in(provider, TWO_FACTORS)
    assert acr_of(provider, ask(provider)) == "mfa"
    assert acr_of(provider, ask(provider, acr_values="sfa")) == "sfa"
