"""Modules of the logout plans: RP-initiated, front-channel, back-channel, session management."""

import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Page, expect

from e2e.harness.browsing import decide, fill_login
from e2e.harness.plain_http import HttpBrowser, input_value
from e2e.harness.session_watcher import watching_page
from e2e.harness.web_site import Received

from .client import Client
from .conditions import check_error
from .plans import BASIC, HYBRID, IMPLICIT, Variant, run_with
from .suite import Login, Suite

TYPES = [*BASIC, *IMPLICIT, *HYBRID]


@dataclass
class Scene:
    """Somebody who is logged in to a client that registered an address to come back to."""

    suite: Suite
    client: Client
    browser: HttpBrowser
    login: Login
    goodbye: str
    state: str

    def request(self, **changes: str | None) -> dict[str, str]:
        parameters = {
            "id_token_hint": self.login.id_token,
            "post_logout_redirect_uri": self.goodbye,
            "state": self.state,
        } | changes
        return {name: value for name, value in parameters.items() if value is not None}

    def log_out(self, **changes: str | None) -> requests.Response:
        address = self.suite.metadata["end_session_endpoint"]
        return self.browser.open(address, self.request(**changes))

    def confirm(self, page: requests.Response) -> requests.Response:
        form = {name: input_value(page, name) for name in ("csrf_token", "rid")}
        address = f"{self.suite.provider.url}/oauth2/end_session/confirm"
        return self.browser.submit(address, form | {"logout": "yes"})

    def expect_return(self, response: requests.Response, state: str | None) -> None:
        """At the registered address, with the state and nothing else; and nobody is logged in any more."""
        location = response.headers["Location"]
        assert location.partition("?")[0] == self.goodbye
        expected = [("state", state)] if state is not None else []
        assert parse_qsl(urlsplit(location).query) == expected
        self.expect_logged_out()

    def prompt_none(self) -> dict[str, str]:
        request = self.suite.request(self.client, prompt="none")
        return self.suite.callback(self.client, request, self.browser.authorize(request))

    def expect_logged_out(self) -> None:
        check_error(self.prompt_none(), "login_required", "interaction_required")

    def expect_logged_in(self) -> None:
        assert "error" not in self.prompt_none()


def scene_of(suite: Suite, variant: Variant, **changes: Any) -> Scene:
    goodbye = suite.address(f"/{secrets.token_hex(4)}/post_logout_redirect")
    client = suite.register(variant, post_logout_redirect_uris=[goodbye], **changes)
    browser = suite.visitor()
    login = suite.succeed(client, browser)
    return Scene(suite, client, browser, login, goodbye, secrets.token_urlsafe(96))


@run_with(TYPES)
def test_oidcc_rp_initiated_logout(suite: Suite, variant: Variant) -> None:
    scene = scene_of(suite, variant)
    scene.expect_return(scene.log_out(), scene.state)


@run_with(TYPES)
def test_oidcc_rp_initiated_logout_no_state(suite: Suite, variant: Variant) -> None:
    scene = scene_of(suite, variant)
    scene.expect_return(scene.log_out(state=None), None)


def expect_refusal(scene: Scene, page: requests.Response) -> None:
    """A page that says so, and nothing has changed."""
    assert page.status_code == 400
    assert 'id="oauth2_error"' in page.text
    assert "Location" not in page.headers
    scene.expect_logged_in()


def expect_question(scene: Scene, page: requests.Response) -> None:
    """The person is asked, and a yes ends on our own page."""
    assert 'name="logout" value="yes"' in page.text
    scene.expect_logged_in()
    assert 'id="oauth2_logged_out"' in scene.confirm(page).text
    scene.expect_logged_out()


@run_with(TYPES)
def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(
    suite: Suite, variant: Variant
) -> None:
    scene = scene_of(suite, variant)
    bad = f"{suite.address('/elsewhere')}?foo=bar"
    expect_refusal(scene, scene.log_out(post_logout_redirect_uri=bad))


@run_with(TYPES)
def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(
    suite: Suite, variant: Variant
) -> None:
    scene = scene_of(suite, variant)
    added = f"{scene.goodbye}?foo=bar"
    expect_refusal(scene, scene.log_out(post_logout_redirect_uri=added))


@run_with(TYPES)
def test_oidcc_rp_initiated_logout_modified_id_token_hint(suite: Suite, variant: Variant) -> None:
    scene = scene_of(suite, variant)
    unsigned = jwt.encode(scene.login.claims, None, algorithm="none")
    expect_refusal(scene, scene.log_out(id_token_hint=unsigned))


def signed_by_stranger(scene: Scene, **changes: Any) -> str:
    key = rsa.generate_private_key(65537, 2048)
    claims = scene.login.claims | changes
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "of the suite"})


@run_with(TYPES)
def test_oidcc_rp_initiated_logout_bad_id_token_hint(suite: Suite, variant: Variant) -> None:
    scene = scene_of(suite, variant)
    foreign = signed_by_stranger(scene, iss="https://server.example")
    expect_refusal(scene, scene.log_out(id_token_hint=foreign))
    expect_question(scene, scene.log_out(id_token_hint=signed_by_stranger(scene)))


@run_with(TYPES)
def test_oidcc_rp_initiated_logout_no_id_token_hint(suite: Suite, variant: Variant) -> None:
    scene = scene_of(suite, variant)
    expect_question(scene, scene.log_out(id_token_hint=None))


@run_with(TYPES)
def test_oidcc_rp_initiated_logout_only_state(suite: Suite, variant: Variant) -> None:
    scene = scene_of(suite, variant)
    expect_question(scene, scene.log_out(id_token_hint=None, post_logout_redirect_uri=None))


@run_with(TYPES)
def test_oidcc_rp_initiated_logout_no_params(suite: Suite, variant: Variant) -> None:
    scene = scene_of(suite, variant)
    nothing = dict.fromkeys(("id_token_hint", "post_logout_redirect_uri", "state"))
    expect_question(scene, scene.log_out(**nothing))


@run_with(TYPES)
def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(
    suite: Suite, variant: Variant
) -> None:
    scene = scene_of(suite, variant)
    page = scene.log_out(post_logout_redirect_uri=None)
    assert 'id="oauth2_logged_out"' in page.text
    scene.expect_logged_out()


def received(suite: Suite, path: str) -> Received:
    """The one request that came to a path of the suite; it may still be on its way."""
    end = time.monotonic() + 15
    while time.monotonic() < end:
        found = [entry for entry in suite.site.received if urlsplit(entry.path).path == path]
        if found:
            assert len(found) == 1
            return found[0]
        time.sleep(0.1)
    raise AssertionError(f"nothing came to {path}")


@run_with(TYPES)
def test_oidcc_backchannel_rp_initiated_logout(suite: Suite, variant: Variant) -> None:
    path = f"/{secrets.token_hex(4)}/backchannel_logout"
    scene = scene_of(
        suite,
        variant,
        backchannel_logout_uri=suite.address(path),
        backchannel_logout_session_required=True,
    )
    scene.expect_return(scene.log_out(), scene.state)
    form = parse_qs(received(suite, path).body)
    assert form.keys() == {"logout_token"}
    token = form["logout_token"][0]
    header = jwt.get_unverified_header(token)
    claims = jwt.decode(
        token,
        suite.server_keys()[header["kid"]],
        algorithms=["RS256"],
        audience=scene.client.identifier,
        issuer=suite.metadata["issuer"],
        options={"require": ["iss", "aud", "iat", "exp", "jti", "events"]},
    )
    assert header["typ"] == "logout+jwt"
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert "nonce" not in claims
    same = ("sub", "sid")
    assert [claims[name] for name in same] == [scene.login.claims[name] for name in same]


def browse(scene: Scene, page: Page) -> None:
    """Let a real browser go on with the person's session."""
    page.context.add_cookies(
        [
            {"name": cookie.name, "value": cookie.value or "", "url": scene.suite.provider.url}
            for cookie in scene.browser.session.cookies
        ]
    )


@run_with(TYPES)
def test_oidcc_frontchannel_rp_initiated_logout(suite: Suite, variant: Variant, page: Page) -> None:
    path = f"/{secrets.token_hex(4)}/frontchannel_logout"
    scene = scene_of(
        suite,
        variant,
        frontchannel_logout_uri=suite.address(path),
        frontchannel_logout_session_required=True,
    )
    browse(scene, page)
    address = requests.Request(
        url=suite.metadata["end_session_endpoint"], params=scene.request()
    ).prepare()
    page.goto(str(address.url), wait_until="commit")
    page.wait_for_url(f"{scene.goodbye}?state={scene.state}")
    query = dict(parse_qsl(urlsplit(received(suite, path).path).query))
    assert query == {"iss": suite.metadata["issuer"], "sid": scene.login.claims["sid"]}
    scene.expect_logged_out()


@run_with([*BASIC, *HYBRID])
def test_oidcc_session_management_rp_initiated_logout(
    suite: Suite, variant: Variant, everyday_page: Page
) -> None:
    """The suite's pages stand at another site than the provider, so the frame's cookies are those of a third party."""
    page, own = everyday_page, f"{suite.site.url('127.0.0.1')}/{secrets.token_hex(4)}"
    goodbye = f"{own}/post_logout_redirect"
    client = suite.register(
        variant, redirect_uris=[f"{own}/callback"], post_logout_redirect_uris=[goodbye]
    )
    request = requests.Request(
        url=suite.metadata["authorization_endpoint"], params=suite.request(client)
    )
    page.goto(str(request.prepare().url))
    fill_login(page, suite.person)
    decide(page, "allow")
    page.wait_for_url(f"{client.redirect_uri}**")
    parts = urlsplit(page.url)
    answer = dict(parse_qsl(parts.query or parts.fragment))
    suite.site.pages[urlsplit(f"{own}/session_verify").path] = watching_page(
        suite.metadata["issuer"],
        suite.metadata["check_session_iframe"],
        f"{client.identifier} {answer['session_state']}",
    )
    verify = f"{own}/session_verify"
    page.goto(verify)
    expect(page.locator("#answer")).to_have_text("unchanged")
    id_token = answer.get("id_token") or client.redeem(answer["code"]).json()["id_token"]
    query = {"id_token_hint": id_token, "post_logout_redirect_uri": goodbye, "state": "s"}
    end = requests.Request(url=suite.metadata["end_session_endpoint"], params=query).prepare()
    page.goto(str(end.url), wait_until="commit")
    page.wait_for_url(f"{goodbye}?state=s")
    page.goto(verify)
    expect(page.locator("#answer")).to_have_text("changed")
