"""Drivers for what is offered around the end of a session."""

import uuid
from typing import Any
from urllib.parse import parse_qs, urlsplit

from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser, answer_of
from e2e.harness.relying_party import RelyingParty
from e2e.harness.together import wait_until

from .drivers import drives
from .scene import Scene

AFTERWARDS = "https://client.example/goodbye"
LISTENER = "https://client.example/logout"


def log_in(scene: Scene, **values: Any) -> tuple[HttpBrowser, RelyingParty, dict[str, Any]]:
    """Somebody of their own, logged in to an application of their own."""
    browser = HttpBrowser(scene.provider)
    browser.log_in(create_person(scene.provider))
    uris = [(0, 0, {"uri": AFTERWARDS})]
    party = scene.party(post_logout_redirect_uri_ids=uris, **values)
    return browser, party, party.tokens(browser)


def log_out(scene: Scene, browser: HttpBrowser, tokens: dict[str, Any]) -> Any:
    parameters = {
        "id_token_hint": tokens["id_token"],
        "post_logout_redirect_uri": AFTERWARDS,
        "state": "some state",
    }
    return browser.open(scene.metadata["end_session_endpoint"], parameters)


@drives("end_session_endpoint")
def end_session(scene: Scene, value: str) -> None:
    browser, party, tokens = log_in(scene)
    response = log_out(scene, browser, tokens)
    assert response.headers["Location"] == f"{AFTERWARDS}?state=some+state"
    assert (
        answer_of(browser.authorize(party.parameters(prompt="none")))["error"] == "login_required"
    )


@drives("frontchannel_logout_supported")
@drives("frontchannel_logout_session_supported")
def frontchannel_logout(scene: Scene, value: bool) -> None:
    browser, party, tokens = log_in(
        scene, frontchannel_logout_uri=LISTENER, frontchannel_logout_session_required=True
    )
    page = log_out(scene, browser, tokens)
    source = page.text.split("<iframe")[1].split('src="')[1].split('"')[0].replace("&amp;", "&")
    assert source.startswith(f"{LISTENER}?")
    told = parse_qs(urlsplit(source).query)
    sid = scene.claims_of(tokens["id_token"], party)["sid"]
    assert told == {"iss": [scene.metadata["issuer"]], "sid": [sid]}


@drives("backchannel_logout_supported")
@drives("backchannel_logout_session_supported")
def backchannel_logout(scene: Scene, value: bool) -> None:
    path = f"/{uuid.uuid4()}"
    browser, party, tokens = log_in(
        scene,
        backchannel_logout_uri=scene.site.url("localhost") + path,
        backchannel_logout_session_required=True,
    )
    log_out(scene, browser, tokens)
    wait_until(lambda: path in [request.path for request in scene.site.received])
    (received,) = [request for request in scene.site.received if request.path == path]
    logout = scene.claims_of(parse_qs(received.body)["logout_token"][0], party)
    login = scene.claims_of(tokens["id_token"], party)
    assert (logout["sub"], logout["sid"]) == (login["sub"], login["sid"])
    assert list(logout["events"]) == ["http://schemas.openid.net/event/backchannel-logout"]


@drives("claims_supported", "sid")
def session_identifier(scene: Scene, value: str) -> None:
    _browser, party, tokens = log_in(scene, backchannel_logout_uri=LISTENER)
    assert scene.claims_of(tokens["id_token"], party)[value]


@drives("check_session_iframe")
def check_session(scene: Scene, value: str) -> None:
    page = scene.get("check_session_iframe")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "X-Frame-Options" not in page.headers
    assert scene.answer(scene.party())["session_state"]
