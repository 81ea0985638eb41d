"""The logout request (OpenID Connect RP-Initiated Logout 1.0) and the frames of front-channel logout."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from fakes.openid import OPENID_CLIENT
from fakes.proofs import with_header
from fakes.provider import ISSUER, Provider
from fakes.registrations import ALICE
from fakes.signing_keys import signing_key
from fakes.wire import query_of
from protocol.jose.keys import generate_pem, load_signing_key
from protocol.jose.sign import sign
from protocol.messages import Parameters, Request, Response
from protocol.session_identifier import sid_of
from protocol.settings import Settings
from protocol.subject import subject_of

GOODBYE = "https://app.example.com/goodbye"
CLIENT = replace(OPENID_CLIENT, post_logout_redirect_uris=(GOODBYE, f"{GOODBYE}?a=b"))
OTHER = replace(CLIENT, id=9, client_identifier="other", post_logout_redirect_uris=())
SESSION = "s" * 64
# Once ours, or somebody else's: nobody can tell any more.
GONE_KEY = load_signing_key(generate_pem("ES256"), "ES256")


@pytest.fixture
def provider() -> Provider:
    made = Provider(CLIENT, OTHER)
    made.log_in()
    return made


def hint_for(**changes: Any) -> str:
    """An ID token of ours, as old as one likes."""
    claims = {"iss": ISSUER, "sub": ALICE.public_subject, "aud": "web", "exp": 1, "iat": 0}
    return sign(
        {name: value for name, value in (claims | changes).items() if value is not None},
        signing_key("RS256"),
    )


def ask(provider: Provider, method: str = "GET", **parameters: str) -> Response:
    sent = Parameters(tuple(parameters.items()))
    place = {"form" if method == "POST" else "query": sent}
    return provider.server.handle("end_session", Request(method, **place))


def go_on(provider: Provider, answer: Response) -> Response:
    rid = Parameters((("rid", query_of(answer)["rid"]),))
    return provider.server.handle("end_session_continue", Request("GET", query=rid))


def log_out(provider: Provider, method: str = "GET", **parameters: str) -> Response:
    return go_on(provider, ask(provider, method, **parameters))


def decide(provider: Provider, page: Response, decision: str) -> Response:
    assert page.page is not None
    form = Parameters((("rid", page.page.values["rid"]), ("logout", decision)))
    return provider.server.handle("end_session_confirm", Request("POST", form=form))


def page_of(response: Response) -> str:
    assert response.page is not None, response
    return response.page.name


def assert_refused(provider: Provider, response: Response) -> None:
    assert (page_of(response), response.status) == ("logout_error", 400)
    assert response.location is None
    assert provider.browser.ended == []
    assert provider.event_types() == ["logout_refused"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_hint_of_this_session_logs_out_at_once(provider: Provider, method: str) -> None:
    response = log_out(
        provider,
        method,
        id_token_hint=hint_for(),
        post_logout_redirect_uri=GOODBYE,
        state="a&b",
        unknown="ignored",
    )
    assert (response.status, response.location) == (303, f"{GOODBYE}?state=a%26b")
    assert provider.browser.ended == [SESSION]
    assert provider.event_types() == ["logged_out"]


def test_request_is_kept_and_nothing_of_it_travels_on(provider: Provider) -> None:
    response = ask(provider, "POST", id_token_hint=hint_for(), post_logout_redirect_uri=GOODBYE)
    assert response.location is not None
    assert urlsplit(response.location).path == "/oauth2/end_session/continue"
    assert set(query_of(response)) == {"rid"}
    assert provider.browser.ended == []


def test_s06_a_request_is_kept_up_to_8_kib_in_what_is_read(provider: Provider) -> None:
    kept = ask(provider, "POST", state="s" * 8000, ui_locales="u" * 192, unknown="x" * 9000)
    assert kept.location is not None
    refused = ask(provider, "POST", state="s" * 8000, ui_locales="u" * 193)
    assert_refused(provider, refused)


def test_kept_request_is_forgotten(provider: Provider) -> None:
    kept = ask(provider, id_token_hint=hint_for(), post_logout_redirect_uri=GOODBYE)
    provider.clock.advance(601)
    assert page_of(go_on(provider, kept)) == "logout"


def test_registered_query_stays(provider: Provider) -> None:
    response = log_out(
        provider,
        id_token_hint=hint_for(),
        post_logout_redirect_uri=f"{GOODBYE}?a=b",
        state="s",
    )
    assert response.location == f"{GOODBYE}?a=b&state=s"


def test_no_address_ends_on_our_page(provider: Provider) -> None:
    response = log_out(provider, id_token_hint=hint_for(), state="s")
    assert page_of(response) == "logged_out"
    assert provider.browser.ended == [SESSION]


def test_nobody_is_logged_in(provider: Provider) -> None:
    provider.browser.session = None
    response = log_out(provider, id_token_hint=hint_for(), post_logout_redirect_uri=GOODBYE)
    assert response.location == GOODBYE
    assert provider.event_types() == []


def test_no_hint_asks(provider: Provider) -> None:
    page = log_out(provider, client_id="web", post_logout_redirect_uri=GOODBYE, state="s")
    assert page_of(page) == "logout"
    assert page.page is not None
    assert page.page.values["client"] == CLIENT
    assert provider.browser.ended == []
    assert page_of(decide(provider, page, "no")) == "logout_declined"
    assert provider.browser.ended == []
    assert decide(provider, page, "yes").location == f"{GOODBYE}?state=s"
    assert provider.browser.ended == [SESSION]


def test_no_parameters_ask_and_end_on_our_page(provider: Provider) -> None:
    assert page_of(decide(provider, log_out(provider), "yes")) == "logged_out"


def test_address_of_an_unknown_client_is_never_followed(provider: Provider) -> None:
    page = log_out(provider, post_logout_redirect_uri=GOODBYE)
    assert page_of(decide(provider, page, "yes")) == "logged_out"


@pytest.mark.parametrize(
    "hint",
    [hint_for(sub="another person"), hint_for(sid="another session")],
    ids=["l04-user", "session"],
)
def test_hint_of_somebody_else_asks(provider: Provider, hint: str) -> None:
    page = log_out(provider, id_token_hint=hint, post_logout_redirect_uri=GOODBYE)
    assert page_of(page) == "logout"
    assert decide(provider, page, "yes").location == GOODBYE


def test_hint_with_the_name_of_this_session(provider: Provider) -> None:
    hint = hint_for(sid=sid_of(SESSION, "web"))
    assert page_of(log_out(provider, id_token_hint=hint)) == "logged_out"


def test_hint_with_a_pairwise_subject() -> None:
    settings = Settings(issuer=ISSUER, pairwise_salt="salt")
    client = replace(CLIENT, sector_identifier="app.example.com")
    provider = Provider(client, settings=settings)
    provider.log_in()
    own = hint_for(sub=subject_of(settings, ALICE, client))
    assert page_of(log_out(provider, id_token_hint=hint_for())) == "logout"
    assert page_of(log_out(provider, id_token_hint=own)) == "logged_out"


@pytest.mark.parametrize(
    "hint",
    [
        "x",
        hint_for(iss="https://another.example"),
        hint_for(aud=None),
        hint_for(sub=None),
        sign({"iss": "https://another.example"}, GONE_KEY),
        f"{hint_for()[:-8]}AAAAAAAA",
        jwt.encode({"iss": ISSUER}, None, algorithm="none", headers={"kid": "gone"}),
        jwt.encode({"iss": ISSUER}, "k" * 32, algorithm="HS256", headers={"kid": "gone"}),
        jwt.encode({"iss": ISSUER}, GONE_KEY.private, algorithm="ES256"),
        with_header(sign({"iss": ISSUER}, GONE_KEY), alg=["ES256"]),
        sign({"iss": ISSUER, "sub": "5f0c", "aud": "web"}, signing_key("RS256"), typ="logout+jwt"),
    ],
    ids=[
        "garbage",
        "foreign",
        "no-audience",
        "no-subject",
        "foreign-key",
        "other-signature",
        "unsigned",
        "shared-secret",
        "other-key-without-name",
        "list-of-algorithms",
        "other-type",
    ],
)
def test_hint_that_is_not_ours(provider: Provider, hint: str) -> None:
    response = ask(provider, id_token_hint=hint, post_logout_redirect_uri=GOODBYE)
    assert_refused(provider, response)


def test_hint_signed_with_a_key_that_is_gone_asks_and_leads_nowhere(provider: Provider) -> None:
    hint = sign({"iss": ISSUER, "sub": ALICE.public_subject, "aud": "web"}, GONE_KEY)
    page = log_out(provider, id_token_hint=hint, post_logout_redirect_uri=GOODBYE)
    assert page_of(page) == "logout"
    assert provider.browser.ended == []
    assert page_of(decide(provider, page, "yes")) == "logged_out"
    assert provider.browser.ended == [SESSION]


def test_client_id_must_fit_the_hint(provider: Provider) -> None:
    response = ask(provider, id_token_hint=hint_for(), client_id="other")
    assert_refused(provider, response)


def test_unknown_client(provider: Provider) -> None:
    assert_refused(provider, ask(provider, client_id="nobody"))


@pytest.mark.parametrize(
    "address", ["https://evil.example/", f"{GOODBYE}/", f"{GOODBYE}?a=c", f"{GOODBYE}#a"]
)
def test_unregistered_address(provider: Provider, address: str) -> None:
    response = ask(provider, id_token_hint=hint_for(), post_logout_redirect_uri=address)
    assert_refused(provider, response)


def test_address_of_another_client(provider: Provider) -> None:
    response = ask(provider, id_token_hint=hint_for(aud="other"), post_logout_redirect_uri=GOODBYE)
    assert_refused(provider, response)


def test_address_taken_away_meanwhile(provider: Provider) -> None:
    kept = ask(provider, id_token_hint=hint_for(), post_logout_redirect_uri=GOODBYE)
    provider.change_client(post_logout_redirect_uris=())
    assert_refused(provider, go_on(provider, kept))


def test_repeated_parameter(provider: Provider) -> None:
    query = Parameters((("state", "a"), ("state", "b")))
    assert_refused(provider, provider.server.handle("end_session", Request("GET", query=query)))


def test_other_verbs(provider: Provider) -> None:
    response = provider.server.handle("end_session", Request("HEAD"))
    assert response.status == 405


def test_l08_frames_of_the_clients_of_this_session(provider: Provider) -> None:
    first = replace(CLIENT, frontchannel_logout_uri="https://app.example.com/out?x=1")
    second = replace(OTHER, frontchannel_logout_uri="https://other.example.com/out")
    provider.browser.clients[SESSION] = [first, second]
    provider.browser.clients["t" * 64] = [first]
    response = log_out(provider, id_token_hint=hint_for(), post_logout_redirect_uri=GOODBYE)
    assert response.page is not None
    assert response.page.values["return_address"] == GOODBYE
    frames = response.page.values["frames"]
    assert [frame.partition("?")[0] for frame in frames] == [
        "https://app.example.com/out",
        "https://other.example.com/out",
    ]
    queries = [parse_qs(urlsplit(frame).query) for frame in frames]
    assert queries == [
        {"x": ["1"], "iss": [ISSUER], "sid": [sid_of(SESSION, "web")]},
        {"iss": [ISSUER], "sid": [sid_of(SESSION, "other")]},
    ]
    assert provider.browser.ended == [SESSION]
