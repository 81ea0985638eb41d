"""Modules of the basic, implicit, hybrid and form post plans: how the person logs in."""

import time

from .conditions import check_error
from .plans import ALL, Variant, run_with
from .suite import Suite


@run_with(ALL)
def test_oidcc_display_page(suite: Suite, variant: Variant) -> None:
    suite.succeed(suite.register(variant), display="page")


@run_with(ALL)
def test_oidcc_display_popup(suite: Suite, variant: Variant) -> None:
    suite.succeed(suite.register(variant), display="popup")


@run_with(ALL)
def test_oidcc_prompt_login(suite: Suite, variant: Variant) -> None:
    client, browser = suite.register(variant), suite.visitor()
    first = suite.succeed(client, browser)
    page = browser.authorize(suite.request(client, prompt="login"))
    assert 'name="login"' in page.text
    assert 'name="password"' in page.text
    time.sleep(1)
    second = suite.succeed(client, browser, prompt="login")
    assert second.claims["sub"] == first.claims["sub"]
    assert second.claims["auth_time"] > first.claims["auth_time"]


@run_with(ALL)
def test_oidcc_prompt_none_not_logged_in(suite: Suite, variant: Variant) -> None:
    client = suite.register(variant)
    request = suite.request(client, prompt="none")
    answer = suite.callback(client, request, suite.visitor().authorize(request))
    check_error(answer, "login_required", "interaction_required")


@run_with(ALL)
def test_oidcc_prompt_none_logged_in(suite: Suite, variant: Variant) -> None:
    client, browser = suite.register(variant), suite.person_browser()
    first = suite.succeed(client, browser)
    second = suite.succeed(client, browser, prompt="none")
    same = ("sub", "auth_time", "acr", "amr")
    assert [first.claims.get(name) for name in same] == [second.claims.get(name) for name in same]


@run_with(ALL)
def test_oidcc_max_age_1(suite: Suite, variant: Variant) -> None:
    client, browser = suite.register(variant), suite.visitor()
    first = suite.succeed(client, browser)
    time.sleep(2)
    page = browser.authorize(suite.request(client, max_age="1"))
    assert 'name="password"' in page.text
    second = suite.succeed(client, browser, max_age="1")
    assert second.claims["auth_time"] >= first.claims["auth_time"] + 2
    assert time.time() - second.claims["auth_time"] < 60
    assert second.claims["sub"] == first.claims["sub"]


@run_with(ALL)
def test_oidcc_max_age_10000(suite: Suite, variant: Variant) -> None:
    client, browser = suite.register(variant), suite.person_browser()
    first = suite.succeed(client, browser)
    second = suite.succeed(client, browser, max_age="10000")
    assert second.claims["auth_time"] == first.claims["auth_time"]


@run_with(ALL)
def test_oidcc_ensure_request_with_unknown_parameter_succeeds(
    suite: Suite, variant: Variant
) -> None:
    suite.succeed(suite.register(variant), extra="foobar")


@run_with(ALL)
def test_oidcc_id_token_hint(suite: Suite, variant: Variant) -> None:
    client, browser = suite.register(variant), suite.person_browser()
    first = suite.succeed(client, browser)
    second = suite.succeed(client, browser, prompt="none", id_token_hint=first.id_token)
    assert second.claims["sub"] == first.claims["sub"]


@run_with(ALL)
def test_oidcc_login_hint(suite: Suite, variant: Variant) -> None:
    suite.succeed(suite.register(variant), suite.visitor(), login_hint="bob@example.com")


@run_with(ALL)
def test_oidcc_ui_locales(suite: Suite, variant: Variant) -> None:
    suite.succeed(suite.register(variant), ui_locales="se")


@run_with(ALL)
def test_oidcc_claims_locales(suite: Suite, variant: Variant) -> None:
    suite.succeed(suite.register(variant), claims_locales="se")


@run_with(ALL)
def test_oidcc_ensure_request_with_acr_values_succeeds(suite: Suite, variant: Variant) -> None:
    offered = suite.metadata["acr_values_supported"]
    login = suite.succeed(suite.register(variant), acr_values=" ".join(offered))
    assert login.claims["acr"] in offered
