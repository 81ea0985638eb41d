"""The consent page: only this person, in this browser, for this request (attack cases Q23 to Q25, U01, U05, U07)."""

from urllib.parse import parse_qs, urlsplit

import pytest

from e2e.harness.people import ADMIN, create_person
from e2e.harness.plain_http import (
    HttpBrowser,
    answer_of,
    consent_form,
    expect_start_again,
    input_value,
)
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System


def consents(provider: System, party: RelyingParty) -> int:
    return provider.run(
        "result = env['oauth2.provider.consent'].search_count([('client_id', '=', id)])",
        id=party.application.id,
    )


@pytest.fixture
def fresh(provider: System) -> RelyingParty:
    """An application that nobody has agreed to yet."""
    return register(provider, is_trusted=False)


@pytest.mark.parametrize("token", [None, "", "0" * 40])
def test_q23_consent_from_another_site_is_refused(
    provider: System,
    visitor: HttpBrowser,
    fresh: RelyingParty,
    allowed_loggers: list[str],
    token: str | None,
) -> None:
    allowed_loggers.append("odoo.http")  # reports the missing CSRF token
    form = {**consent_form(visitor.authorize(fresh.parameters())), "consent": "allow"}
    form["csrf_token"] = token
    response = visitor.send(
        "POST",
        "/oauth2/authorize/consent",
        data={name: value for name, value in form.items() if value is not None},
        headers={"Origin": "null"},
    )
    assert response.status_code == 400
    assert "Location" not in response.headers
    assert not consents(provider, fresh)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=["old-browser", "sandboxed-frame", "other-subdomain"],
)
def test_q23_who_has_the_token_of_the_form_needs_its_page_as_well(
    provider: System, visitor: HttpBrowser, fresh: RelyingParty, headers: dict[str, str]
) -> None:
    """A token that leaks is of no use elsewhere."""
    form = {**consent_form(visitor.authorize(fresh.parameters())), "consent": "allow"}
    address = "/oauth2/authorize/consent"
    response = visitor.send("POST", address, data=form, headers=headers)
    assert response.status_code == 403
    assert "Location" not in response.headers
    assert not consents(provider, fresh)
    allowed = visitor.send("POST", address, data=form, headers={"Origin": provider.url})
    assert allowed.status_code == 303
    assert consents(provider, fresh)


def test_q23_consent_by_get_is_refused(
    provider: System, visitor: HttpBrowser, fresh: RelyingParty
) -> None:
    form = {**consent_form(visitor.authorize(fresh.parameters())), "consent": "allow"}
    response = visitor.send("GET", "/oauth2/authorize/consent", params=form)
    assert response.status_code in (400, 405)
    assert not consents(provider, fresh)


def test_q23_without_the_session_cookie_nobody_consents(
    provider: System, visitor: HttpBrowser, fresh: RelyingParty, allowed_loggers: list[str]
) -> None:
    """What a browser makes of a cross-site form: cookies with SameSite=Lax stay at home."""
    allowed_loggers.append("odoo.http")
    form = {**consent_form(visitor.authorize(fresh.parameters())), "consent": "allow"}
    visitor.session.cookies.clear()
    response = visitor.send("POST", "/oauth2/authorize/consent", data=form)
    assert response.status_code == 400
    assert not consents(provider, fresh)


def test_cookies_are_kept_from_scripts_and_other_sites(
    stranger: HttpBrowser, asking: RelyingParty
) -> None:
    response = stranger.send("GET", "/oauth2/authorize", params=asking.parameters())
    cookies = response.raw.headers.getlist("Set-Cookie")
    ours = [cookie.split("; ") for cookie in cookies if cookie.startswith("oauth2_request_")]
    assert len(ours) == 1
    assert {"HttpOnly", "SameSite=Lax", "Path=/oauth2", "Max-Age=3600"} <= set(ours[0])


def test_q24_request_cannot_be_continued_in_another_browser(
    provider: System, visitor: HttpBrowser, fresh: RelyingParty
) -> None:
    """The victim opens the attacker's address, or posts his handle; both end on a page that says to start again."""
    mallory = create_person(provider)
    attacker = HttpBrowser(provider)
    attacker.log_in(mallory)
    page = attacker.authorize(fresh.parameters())
    expect_start_again(visitor.open(page.url))
    own = consent_form(visitor.authorize(fresh.parameters()))
    form = {"csrf_token": own["csrf_token"], "rid": consent_form(page)["rid"], "consent": "allow"}
    expect_start_again(visitor.submit("/oauth2/authorize/consent", form))
    assert not consents(provider, fresh)


def test_q24_proof_of_another_request_does_not_fit(
    visitor: HttpBrowser, fresh: RelyingParty
) -> None:
    first = visitor.authorize(fresh.parameters())
    second = visitor.copy()
    second.authorize(fresh.parameters())
    name = next(c.name for c in visitor.session.cookies if c.name.startswith("oauth2_request_"))
    stolen = next(c.value for c in second.session.cookies if c.name.startswith("oauth2_request_"))
    second.session.cookies.set(name, stolen, path="/oauth2")
    expect_start_again(second.open(first.url))


def test_a_request_is_answered_once(visitor: HttpBrowser, fresh: RelyingParty) -> None:
    page = visitor.authorize(fresh.parameters())
    assert "code" in answer_of(visitor.decide(page, "allow"))
    expect_start_again(visitor.decide(page, "allow"))
    expect_start_again(visitor.open(page.url))


def test_a_denied_request_cannot_be_allowed_later(
    provider: System, visitor: HttpBrowser, fresh: RelyingParty
) -> None:
    page = visitor.authorize(fresh.parameters())
    assert answer_of(visitor.decide(page, "deny"))["error"] == "access_denied"
    expect_start_again(visitor.decide(page, "allow"))
    assert not consents(provider, fresh)


@pytest.mark.parametrize("decision", ["", "yes", "ALLOW", "allow "])
def test_only_allow_is_a_yes(
    provider: System, visitor: HttpBrowser, fresh: RelyingParty, decision: str
) -> None:
    response = visitor.decide(visitor.authorize(fresh.parameters()), decision)
    assert response.status_code == 200 or "error" in answer_of(response)
    assert not consents(provider, fresh)


def test_q25_two_tabs_do_not_mix(
    provider: System, visitor: HttpBrowser, fresh: RelyingParty
) -> None:
    other = register(provider, "https://tab2.example/callback", is_trusted=False)
    first = visitor.authorize(fresh.parameters(state="first"))
    second = visitor.authorize(other.parameters(state="second"))
    answer_of_second = visitor.decide(second, "allow")
    assert answer_of_second.headers["Location"].startswith("https://tab2.example/callback?")
    assert answer_of(answer_of_second)["state"] == "second"
    assert not consents(provider, fresh)
    answer = answer_of(visitor.decide(first, "allow"))
    assert answer["state"] == "first"
    assert other.redeem(answer["code"]).json()["error"] == "invalid_grant"
    assert fresh.redeem(answer["code"]).status_code == 200


def test_consent_covers_what_was_agreed_to_and_no_more(
    visitor: HttpBrowser, fresh: RelyingParty
) -> None:
    fresh.code(visitor, scope="openid")
    assert "code" in answer_of(visitor.authorize(fresh.parameters(scope="openid")))
    assert consent_form(visitor.authorize(fresh.parameters(scope="openid email")))
    assert consent_form(visitor.authorize(fresh.parameters(scope="openid", prompt="consent")))


def test_consent_of_one_person_does_not_count_for_another(
    provider: System, visitor: HttpBrowser, fresh: RelyingParty
) -> None:
    fresh.code(visitor)
    somebody = HttpBrowser(provider)
    somebody.log_in(create_person(provider))
    assert consent_form(somebody.authorize(fresh.parameters()))


def test_u01_public_application_on_loopback_is_asked_about_each_time(
    provider: System, visitor: HttpBrowser, native: RelyingParty
) -> None:
    """Even a trusted one: any program on the computer may call itself by this identifier."""
    native.code(visitor)
    assert consent_form(visitor.authorize(native.parameters()))
    silent = answer_of(visitor.authorize(native.parameters(prompt="none")))
    assert silent["error"] == "consent_required"


def test_u05_o1_session_that_waits_for_the_second_factor_gets_no_code(
    provider: System, web: RelyingParty
) -> None:
    person = create_person(provider)
    provider.run(
        "env['res.users'].browse(uid).sudo().totp_secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'",
        uid=person.id,
    )
    browser = HttpBrowser(provider)
    page = browser.log_in(person, browser.authorize(web.parameters()))
    assert "totp_token" in page.text
    handle = parse_qs(urlsplit(input_value(page, "redirect")).query)["rid"][0]
    again = browser.open("/oauth2/authorize/continue", {"rid": handle})
    assert "/web/login" in again.url
    assert answer_of(browser.authorize(web.parameters(prompt="none")))["error"] == "login_required"


def test_u07_superuser_mode_is_nobody(provider: System, web: RelyingParty) -> None:
    browser = HttpBrowser(provider)
    browser.log_in(ADMIN)
    assert "code" in answer_of(browser.authorize(web.parameters(prompt="none")))
    browser.open("/web/become")
    assert answer_of(browser.authorize(web.parameters(prompt="none")))["error"] == "login_required"
