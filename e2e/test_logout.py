"""Logouts with real servers and a real browser: applications that hear of them, frames, a page that watches."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from dev.workbench import Workbench
from e2e.harness.applications import Application, create_application
from e2e.harness.browsing import expect_no_session, fill_login
from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import TIMEOUT, HttpBrowser
from e2e.harness.relying_party import RelyingParty
from e2e.harness.session_watcher import watching_page
from e2e.harness.systems import System
from e2e.harness.web_site import Received, WebSite

HOST = "127.0.0.1"  # to a browser another site than the provider's localhost
BACKCHANNEL_HOST = "localhost"


@pytest.fixture
def site(workbench: Workbench) -> Iterator[WebSite]:
    """The application's server, at https."""
    made = WebSite(workbench.authority)
    yield made
    made.close()


@pytest.fixture
def op(tls_provider: System, workbench: Workbench) -> System:
    """The provider, allowed to connect to this machine."""
    tls_provider.parameter("oauth2_provider.outbound_allowed_hosts", BACKCHANNEL_HOST)
    bundle = str(workbench.authority.certificate)
    tls_provider.parameter("oauth2_provider.outbound_ca_bundle", bundle)
    return tls_provider


def register(op: System, site: WebSite, **values: Any) -> RelyingParty:
    url = site.url(HOST)
    application = create_application(
        op,
        f"{url}/callback",
        security_profile="oidc",
        is_trusted=True,
        local_development=False,
        post_logout_redirect_uri_ids=[(0, 0, {"uri": f"{url}/goodbye"})],
        **values,
    )
    return RelyingParty(op, application)


def wait_for_notice(op: System, site: WebSite) -> Received:
    """The one logout token, which may still be on its way."""
    try:
        return wait_for(site, "/backchannel")
    except AssertionError as error:
        notices = op.run(
            "result = env['oauth2.provider.logout.notice'].search_read([], ['state', 'attempts', 'last_error'])"
        )
        raise AssertionError(f"{error}; notices: {notices}") from error


def wait_for(site: WebSite, path: str, seconds: float = 15) -> Received:
    """The one request to a path, which may still be on its way."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = [request for request in site.received if urlsplit(request.path).path == path]
        if found:
            assert len(found) == 1, found
            return found[0]
        time.sleep(0.1)
    raise AssertionError(f"nothing came to {path}: {site.received}")


def logout_claims(op: System, application: Application, request: Received) -> dict[str, Any]:
    """The claims of the logout token, checked as a client checks them."""
    token = parse_qs(request.body)["logout_token"][0]
    keys = jwt.PyJWKSet.from_dict(requests.get(f"{op.url}/oauth2/jwks", timeout=TIMEOUT).json())
    header = jwt.get_unverified_header(token)
    assert header["typ"] == "logout+jwt"
    return jwt.decode(
        token,
        keys[header["kid"]],
        algorithms=[header["alg"]],
        audience=application.identifier,
        issuer=op.url,
    )


def log_out_in_odoo(op: System, visitor: HttpBrowser, _person: Person) -> None:
    visitor.send("GET", "/web/session/logout")


def change_password(op: System, _visitor: HttpBrowser, person: Person) -> None:
    op.run("env['res.users'].browse(uid).password = 'Another-password-1'", uid=person.id)


def archive(op: System, _visitor: HttpBrowser, person: Person) -> None:
    op.run("env['res.users'].browse(uid).active = False", uid=person.id)


@pytest.mark.parametrize("end", [log_out_in_odoo, change_password, archive])
def test_l10_application_is_told_at_once(
    op: System, site: WebSite, end: Callable[[System, HttpBrowser, Person], None]
) -> None:
    """No scheduled job runs here: the notice leaves from the process that ended the session."""
    party = register(op, site, backchannel_logout_uri=f"{site.url(BACKCHANNEL_HOST)}/backchannel")
    visitor, person = HttpBrowser(op), create_person(op)
    visitor.log_in(person)
    tokens = party.tokens(visitor)
    id_token = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    end(op, visitor, person)
    claims = logout_claims(op, party.application, wait_for_notice(op, site))
    assert (claims["sub"], claims["sid"]) == (id_token["sub"], id_token["sid"])
    assert not party.accepts(tokens["access_token"])


def test_l06_slow_application_holds_nobody_up(op: System, site: WebSite) -> None:
    site.delay = 4
    party = register(op, site, backchannel_logout_uri=f"{site.url(BACKCHANNEL_HOST)}/backchannel")
    visitor = HttpBrowser(op)
    visitor.log_in(create_person(op))
    tokens = party.tokens(visitor)
    parameters = {
        "id_token_hint": tokens["id_token"],
        "post_logout_redirect_uri": f"{site.url(HOST)}/goodbye",
        "state": "s",
    }
    start = time.monotonic()
    response = visitor.open("/oauth2/end_session", parameters)
    assert time.monotonic() - start < site.delay
    assert response.headers["Location"] == f"{site.url(HOST)}/goodbye?state=s"
    wait_for_notice(op, site)


def log_in(op: System, party: RelyingParty, page: Page) -> dict[str, str]:
    """A login in the browser; what the application is told."""
    page.goto(f"{op.url}/oauth2/authorize?{urlencode(party.parameters(prompt='login'))}")
    fill_login(page, create_person(op))
    page.wait_for_url(f"{party.redirect_uri}**")
    return dict(parse_qsl(urlsplit(page.url).query))


def end_session_address(op: System, site: WebSite, id_token: str) -> str:
    parameters = {
        "id_token_hint": id_token,
        "post_logout_redirect_uri": f"{site.url(HOST)}/goodbye",
        "state": "s",
    }
    return f"{op.url}/oauth2/end_session?{urlencode(parameters)}"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_l08_frames_are_loaded_and_the_browser_returns(
    op: System, site: WebSite, browser: Browser, scripts: bool
) -> None:
    party = register(op, site, frontchannel_logout_uri=f"{site.url(HOST)}/frontchannel")
    visitor = HttpBrowser(op)
    visitor.log_in(create_person(op))
    id_token = party.tokens(visitor)["id_token"]
    with browser.new_context(java_script_enabled=scripts) as context:
        session = visitor.session.cookies["session_id"]
        context.add_cookies([{"name": "session_id", "value": session, "url": op.url}])
        page = context.new_page()
        page.goto(end_session_address(op, site, id_token), wait_until="commit")
        page.wait_for_url(f"{site.url(HOST)}/goodbye?state=s")
    claims = jwt.decode(id_token, options={"verify_signature": False})
    frame = wait_for(site, "/frontchannel")
    query = dict(parse_qsl(urlsplit(frame.path).query))
    assert query == {"iss": op.url, "sid": claims["sid"]}


def test_odoos_own_button_loads_the_frames(op: System, site: WebSite, page: Page) -> None:
    party = register(op, site, frontchannel_logout_uri=f"{site.url(HOST)}/frontchannel")
    log_in(op, party, page)
    page.goto(f"{op.url}/web/session/logout?redirect=/web/login", wait_until="commit")
    page.wait_for_url(f"{op.url}/web/login")
    wait_for(site, "/frontchannel")
    expect_no_session(page, op)


def test_page_in_a_frame_watches_the_login(op: System, site: WebSite, everyday_page: Page) -> None:
    page, party = everyday_page, register(op, site)
    answer = log_in(op, party, page)
    message = f"{party.identifier} {answer['session_state']}"
    site.pages["/watch"] = watching_page(op.url, f"{op.url}/oauth2/session/check", message)
    page.goto(f"{site.url(HOST)}/watch")
    expect(page.locator("#answer")).to_have_text("unchanged")
    other_tab = page.context.new_page()
    other_tab.goto(f"{op.url}/web/session/logout", wait_until="commit")
    expect(page.locator("#answer")).to_have_text("changed")


@pytest.mark.parametrize("message", ["nonsense", "a b", "a b.c d", ""])
def test_page_in_a_frame_answers_nonsense_with_error(
    op: System, site: WebSite, page: Page, message: str
) -> None:
    site.pages["/watch"] = watching_page(op.url, f"{op.url}/oauth2/session/check", message)
    page.goto(f"{site.url(HOST)}/watch")
    expect(page.locator("#answer")).to_have_text("error")
