"""The consent page in a real browser: deciding, being trusted, being somebody else, what other sites can do to it."""

from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from e2e.harness.applications import connect
from e2e.harness.browsing import (
    Answers,
    decide,
    expect_arrival,
    expect_no_session,
    expect_session,
    fill_login,
    log_in_locally,
    start_login,
)
from e2e.harness.people import create_person
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import STOCK_LOGIN_LOGGER, System
from e2e.harness.visitors import Visitors
from e2e.harness.web_site import WebSite

PHONE = {"width": 360, "height": 640}
EVENTS = """
domain = [("client_id", "=", client_id), ("user_id", "=", uid)]
result = env["oauth2.provider.event"].search(domain, order="id").mapped("event_type")
"""


@pytest.fixture
def asking(provider: System, web_site: WebSite) -> RelyingParty:
    """An application with the code flow that has to ask."""
    return _asking_at(provider, web_site.url())


def _asking_at(provider: System, site: str) -> RelyingParty:
    return register(provider, f"{site}/callback", is_trusted=False, local_development=True)


def _authorization_url(party: RelyingParty, **changes: str) -> str:
    return f"{party.provider.url}/oauth2/authorize?{urlencode(party.parameters(**changes))}"


def test_denied_consent_logs_nobody_in(
    provider: System, client: System, page: Page, allowed_loggers: list[str]
) -> None:
    allowed_loggers.append(STOCK_LOGIN_LOGGER)
    connection, person = connect(provider, client), create_person(provider)
    answers = Answers(page, connection.application.redirect_uri)
    start_login(page, connection)
    fill_login(page, person)
    decide(page, "deny")
    page.wait_for_url(f"{client.url}/web/login?oauth_error=*")
    expect(page.locator(".alert-danger")).to_be_visible()
    expect_no_session(page, client)
    assert [answer.get("error") for answer in answers.received] == ["access_denied"]
    events = provider.run(EVENTS, client_id=connection.application.id, uid=person.id)
    assert events == ["consent_denied"]
    start_login(page, connection)
    decide(page, "allow")  # a no is not remembered
    expect_arrival(page, client)


def test_trusted_application_does_not_ask(provider: System, client: System, page: Page) -> None:
    connection = connect(provider, client, is_trusted=True)
    person = create_person(provider)
    start_login(page, connection)
    fill_login(page, person)
    expect_arrival(page, client)
    expect_session(page, client, person)


def test_page_says_who_asks_for_what_and_where_the_answer_goes(
    asking: RelyingParty, page: Page
) -> None:
    person = create_person(asking.provider)
    log_in_locally(page, asking.provider, person)
    page.goto(_authorization_url(asking))
    form = page.locator("#oauth2_consent")
    expect(form.get_by_role("heading")).to_contain_text(asking.application.name)
    expect(form.locator("#oauth2_account")).to_have_text(person.name)
    expect(form.locator("#oauth2_redirect_host")).to_have_text(urlsplit(asking.redirect_uri).netloc)
    assert [item.get_attribute("data-scope") for item in form.locator("li").all()] == [
        "openid",
        "profile",
        "email",
    ]


def test_not_you_switch_account(provider: System, client: System, page: Page) -> None:
    """The request survives the change of the person; the first one's consent is not asked for any more."""
    connection = connect(provider, client)
    first, second = create_person(provider), create_person(provider)
    log_in_locally(page, provider, first)
    start_login(page, connection)
    page.locator("#oauth2_switch_account").click()
    fill_login(page, second)
    expect(page.locator("#oauth2_account")).to_have_text(second.name)
    decide(page, "allow")
    expect_arrival(page, client)
    expect_session(page, client, second)


def test_works_without_javascript_and_on_a_phone(
    asking: RelyingParty, page: Page, visitors: Visitors
) -> None:
    """Stock Odoo's login form needs JavaScript; whoever is logged in already needs none of ours."""
    log_in_locally(page, asking.provider, create_person(asking.provider))
    session = page.context.storage_state()
    page = visitors.new_page(java_script_enabled=False, viewport=PHONE, storage_state=session)
    answers = Answers(page, asking.redirect_uri)
    page.goto(_authorization_url(asking))
    allow = page.locator("#oauth2_consent button[value=allow]")
    box = allow.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    assert box["height"] >= 30  # a finger has to find it
    allow.click()
    page.wait_for_url(f"{asking.redirect_uri}?*")
    assert [sorted(answer) for answer in answers.received] == [
        ["code", "iss", "session_state", "state"]
    ]


def test_nothing_is_wider_than_a_phone(asking: RelyingParty, visitors: Visitors) -> None:
    person = create_person(asking.provider)
    page = visitors.new_page(viewport=PHONE)
    log_in_locally(page, asking.provider, person)
    error = _authorization_url(asking, redirect_uri="https://elsewhere.example/" + "x" * 200)
    start_again = f"{asking.provider.url}/oauth2/authorize/continue?rid=unknown"
    for address in (_authorization_url(asking), error, start_again):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_q22_page_cannot_be_framed(asking: RelyingParty, page: Page) -> None:
    log_in_locally(page, asking.provider, create_person(asking.provider))
    frame = f'<iframe src="{_html(_authorization_url(asking))}"></iframe>'
    _open_attacker_page(page, frame)
    assert page.frames[1].url.startswith("chrome-error:")
    # the same address is fine in a window of its own
    page.goto(_authorization_url(asking))
    expect(page.locator("#oauth2_consent")).to_be_visible()


def test_q23_consent_posted_by_another_site_is_refused(
    asking: RelyingParty, page: Page, allowed_loggers: list[str]
) -> None:
    """Even one who knows the handle of a request that waits in the victim's browser cannot agree for them."""
    allowed_loggers.append("odoo.http")  # stock Odoo reports the missing CSRF token
    log_in_locally(page, asking.provider, create_person(asking.provider))
    answers = Answers(page, asking.redirect_uri)
    page.goto(_authorization_url(asking))
    handle = page.locator("input[name=rid]").input_value()
    form = f"""
        <form method="post" action="{asking.provider.url}/oauth2/authorize/consent">
        <input name="rid" value="{handle}"><input name="consent" value="allow"></form>
        <script>document.forms[0].submit()</script>"""
    _open_attacker_page(page, form)
    page.wait_for_url(f"{asking.provider.url}/**")
    assert not answers.received
    assert not asking.provider.run(
        "result = env['oauth2.provider.consent'].search_count([('client_id', '=', client_id)])",
        client_id=asking.application.id,
    )


def test_q24_request_started_in_another_browser_cannot_be_approved(
    asking: RelyingParty, page: Page, visitors: Visitors
) -> None:
    """An attacker starts a login and sends its address to a victim who is logged in."""
    attacker = visitors.new_page()
    log_in_locally(attacker, asking.provider, create_person(asking.provider))
    attacker.goto(_authorization_url(asking))
    log_in_locally(page, asking.provider, create_person(asking.provider))
    answers = Answers(page, asking.redirect_uri)
    page.goto(attacker.url)
    expect(page.locator("#oauth2_start_again")).to_be_visible()
    assert not answers.received


def test_q25_two_tabs_with_different_clients(
    provider: System, page: Page, web_site: WebSite
) -> None:
    """Each tab answers its own client, in whatever order the person decides."""
    log_in_locally(page, provider, create_person(provider))
    hosts = ("one.localhost", "two.localhost")
    parties = [_asking_at(provider, web_site.url(host)) for host in hosts]
    tabs = [page, page.context.new_page()]
    answers = [Answers(tab, party.redirect_uri) for tab, party in zip(tabs, parties, strict=True)]
    for tab, party in zip(tabs, parties, strict=True):
        tab.goto(_authorization_url(party, state=party.identifier))
    for tab, party in zip(tabs, parties, strict=True):
        expect(tab.locator("#oauth2_consent")).to_have_attribute(
            "data-client", party.application.name
        )
        decide(tab, "allow")
        tab.wait_for_url(f"{party.redirect_uri}?*")
    for party, received in zip(parties, answers, strict=True):
        assert [answer["state"] for answer in received.received] == [party.identifier]
        assert party.redeem(received.received[0]["code"]).status_code == 200


def test_q29_request_posted_by_another_site_keeps_the_person_logged_in(
    asking: RelyingParty, page: Page
) -> None:
    """OpenID Connect Core §3.1.2.1 allows POST. It comes without the session cookie and must not replace it."""
    person = create_person(asking.provider)
    log_in_locally(page, asking.provider, person)
    inputs = "".join(
        f'<input name="{name}" value="{_html(value)}">'
        for name, value in asking.parameters().items()
    )
    form = f"""
        <form method="post" action="{asking.provider.url}/oauth2/authorize">{inputs}</form>
        <script>document.forms[0].submit()</script>"""
    _open_attacker_page(page, form)
    expect(page.locator("#oauth2_account")).to_have_text(person.name)
    expect_session(page, asking.provider, person)


def _open_attacker_page(page: Page, html: str) -> None:
    page.context.route(
        "http://attacker.example/",
        lambda route: route.fulfill(body=html, content_type="text/html"),
    )
    page.goto("http://attacker.example/")


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;")
