"""Drivers for what is offered around the end of a session."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser, answer_of
from e2e.harness.relying_party import RelyingParty

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
    """That a notice for the application waits to be sent; that it arrives is tested with a server of ours."""
    browser, party, tokens = log_in(
        scene, backchannel_logout_uri=LISTENER, backchannel_logout_session_required=True
    )
    assert scene.claims_of(tokens["id_token"], party)["sid"]
    log_out(scene, browser, tokens)
    notices = "result = env['oauth2.provider.logout.notice'].search_count([('client_id', '=', id)])"
    assert scene.provider.run(notices, id=party.application.id) == 1


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
