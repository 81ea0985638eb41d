"""Clients that come with the address of their metadata (attack cases D13 to D24, U03)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fakes.assertions import assertion_form, claims, jwk, signed
from fakes.document_clients import ADDRESS, CALLBACK, AgentProvider
from fakes.registrations import ALICE
from fakes.wire import code_exchange, code_request, error_of, token_request, tokens_of
from protocol.client_registration.document_clients import MAXIMUM_AGE
from protocol.client_registration.login_first import MAXIMUM_LENGTH
from protocol.client_registration.ports import DocumentClientCounts
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM


@pytest.fixture
def provider() -> AgentProvider:
    provider = AgentProvider()
    provider.log_in()
    return provider


def request(**changes: str) -> dict[str, str]:
    return code_request(**{"client_id": ADDRESS, "redirect_uri": CALLBACK, **changes})


def ask(provider: AgentProvider, **changes: str) -> Response:
    return provider.ask(request(**changes))


def post(provider: AgentProvider, endpoint: str, **form: str) -> Response:
    parameters = Parameters(tuple(form.items()))
    return provider.server.handle(endpoint, Request("POST", form=parameters, mimetype=FORM))


def get_code(provider: AgentProvider, **changes: str) -> str:
    return provider.get_code(request(**changes))


def exchange(provider: AgentProvider, code: str, **changes: str) -> Response:
    own = {"client_id": ADDRESS, "redirect_uri": CALLBACK}
    return provider.post_token(code_exchange(code, **own, **changes), {})


def assert_refused(response: Response, error: str = "invalid_client", status: int = 400) -> None:
    assert (response.status, error_of(response)) == (status, error), response


def test_a_client_that_nobody_has_met_logs_people_in(provider: AgentProvider) -> None:
    tokens = tokens_of(exchange(provider, get_code(provider)))
    assert tokens["refresh_token"]
    renewed = provider.post_token(
        token_request(
            grant_type="refresh_token", refresh_token=tokens["refresh_token"], client_id=ADDRESS
        ),
        {},
    )
    assert tokens_of(renewed)["access_token"]
    assert provider.internet.fetched == [ADDRESS], "fetched once"
    assert len(provider.document_clients.changes) == 1
    event = provider.store.events[0]
    assert (event.event_type, event.client_identifier) == ("client_registered", ADDRESS)


def test_only_where_it_is_on() -> None:
    document = Request("GET", path="/.well-known/oauth-authorization-server")
    provider = AgentProvider()
    metadata = provider.server.handle("discovery", document).json
    assert metadata is not None
    assert metadata["client_id_metadata_document_supported"] is True
    assert "none" in metadata["token_endpoint_auth_methods_supported"]
    provider = AgentProvider(is_on=False)
    provider.log_in()
    assert_refused(ask(provider), "invalid_request")
    assert not provider.internet.fetched


def test_switched_off_later(provider: AgentProvider) -> None:
    code = get_code(provider)
    provider.document_clients.chosen = replace(provider.document_clients.chosen, is_on=False)
    assert_refused(exchange(provider, code), status=401)


def test_other_clients_are_as_before(provider: AgentProvider) -> None:
    assert provider.get_code(code_request())
    assert not provider.internet.fetched


@pytest.mark.parametrize(
    "identifier",
    [
        "https://agent.example",
        "https://agent.example/client#x",
        "https://user@agent.example/client",
        "https://agent.example/a/../client",
        "https://agent.example:0/client",
    ],
)
def test_d13_no_address_no_call(provider: AgentProvider, identifier: str) -> None:
    assert_refused(ask(provider, client_id=identifier))
    assert not provider.internet.fetched
    assert not provider.attempts.attempts


def test_d13_plain_http_is_no_client(provider: AgentProvider) -> None:
    identifier = ADDRESS.replace("https", "http")
    assert_refused(ask(provider, client_id=identifier), "invalid_request")
    assert not provider.internet.fetched


def test_d14_an_address_that_nothing_connects_to(provider: AgentProvider) -> None:
    address = "https://nobody.example/client"
    response = ask(provider, client_id=address)
    assert_refused(response, "temporarily_unavailable", 503)
    assert "nobody" not in str(response.page)
    assert not provider.document_clients.changes
    assert provider.store.events[-1].detail


def test_only_hosts_that_are_allowed() -> None:
    provider = AgentProvider(hosts=frozenset({"other.example"}))
    provider.log_in()
    assert_refused(ask(provider))
    assert not provider.internet.fetched
    other = "https://other.example/client"
    provider.publish(other)
    assert provider.get_code(request(client_id=other))


def test_d13_the_redirect_address_is_one_of_the_document(provider: AgentProvider) -> None:
    assert_refused(ask(provider, redirect_uri=CALLBACK + "/"), "invalid_request")
    assert_refused(ask(provider, redirect_uri="https://evil.example/cb"), "invalid_request")


def test_r10_any_port_of_the_own_computer(provider: AgentProvider) -> None:
    provider.publish(redirect_uris=["http://localhost/cb", "http://127.0.0.1/cb", CALLBACK])
    for uri in ("http://localhost:51234/cb", "http://127.0.0.1:8080/cb", CALLBACK):
        response = provider.post_token(
            code_exchange(
                get_code(provider, redirect_uri=uri), client_id=ADDRESS, redirect_uri=uri
            ),
            {},
        )
        assert tokens_of(response)
    assert_refused(ask(provider, redirect_uri="http://localhost:1/other"), "invalid_request")


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"client_id": ADDRESS + "/"}, "not its address"),
        ({"client_secret": "s"}, "client_secret"),
        ({"token_endpoint_auth_method": "client_secret_post"}, "no secret"),
        ({"redirect_uris": ...}, "redirect_uris"),
    ],
)
def test_d17_d18_documents_that_are_refused(
    provider: AgentProvider, members: dict[str, Any], reason: str
) -> None:
    provider.publish(**members)
    response = ask(provider)
    assert_refused(response)
    assert response.page is not None
    assert reason in response.page.values["error_description"]
    assert reason in provider.store.events[-1].detail
    assert not provider.document_clients.changes


def test_d16_errors_are_not_kept(provider: AgentProvider) -> None:
    provider.publish(client_id="https://agent.example/other")
    assert_refused(ask(provider))
    provider.publish()
    provider.handle_later(2)
    assert ask(provider).status == 303


def test_d21_who_fails_waits_longer_each_time(provider: AgentProvider) -> None:
    provider.publish(client_id="https://agent.example/other")
    calls = []
    for _second in range(130):
        ask(provider)
        calls.append(len(provider.internet.fetched))
        provider.handle_later(1)
    moments = [at for at in range(130) if at == 0 or calls[at] > calls[at - 1]]
    assert moments == [0, 2, 6, 14, 30, 62, 126]
    assert_refused(ask(provider), "temporarily_unavailable", 503)


def test_d21_nobody_is_called_before_a_person_has_logged_in(provider: AgentProvider) -> None:
    provider.browser.session = None
    response = ask(provider, state="a b&c", login_hint="alice", ui_locales="nl fr")
    assert not provider.internet.fetched
    assert not provider.store.requests
    assert response.page is not None
    assert response.page.name == "login"
    assert response.page.values["login_hint"] == "alice"
    assert response.page.values["ui_locales"] == ["nl", "fr"]
    back = response.page.values["continue_address"]
    assert back.startswith("/oauth2/authorize?")
    assert "state=a+b%26c" in back
    provider.log_in()
    assert ask(provider).status == 303
    provider.browser.session = None
    assert ask(provider).status == 303, "it is known now"


def test_d21_a_stranger_who_cannot_be_asked_to_log_in(provider: AgentProvider) -> None:
    provider.browser.session = None
    assert_refused(ask(provider, prompt="none"), "login_required")
    assert_refused(ask(provider, state="s" * MAXIMUM_LENGTH), "login_required")
    assert_refused(ask(provider, client_id="https://agent.example"))
    no_client = request()
    del no_client["client_id"]
    assert_refused(provider.ask(no_client), "invalid_request")
    assert provider.ask(code_request()).status == 303, "others can store a request before"
    assert not provider.internet.fetched


def test_d21_few_are_fetched_at_a_time(provider: AgentProvider) -> None:
    provider.places.taken["outbound strangers"] = 2
    assert_refused(ask(provider), "temporarily_unavailable", 503)
    assert not provider.internet.fetched
    provider.places.taken.clear()
    provider.handle_later(1)
    get_code(provider)


@pytest.mark.parametrize("counts", [DocumentClientCounts(5, 0), DocumentClientCounts(0, 2)])
def test_d21_there_is_an_end_to_them(counts: DocumentClientCounts) -> None:
    provider = AgentProvider(maximum_clients=5, maximum_clients_of_host=2)
    provider.log_in()
    provider.document_clients.counts = counts
    assert_refused(ask(provider), "temporarily_unavailable", 503)
    assert not provider.internet.fetched
    provider.document_clients.counts = DocumentClientCounts(0, 0)
    get_code(provider)
    provider.document_clients.counts = counts
    assert ask(provider).status == 303, "it is here already"


@pytest.mark.parametrize("counts", [DocumentClientCounts(2, 0), DocumentClientCounts(0, 1)])
def test_d21_strangers_leave_room_for_people(counts: DocumentClientCounts) -> None:
    provider = AgentProvider(maximum_clients=5, maximum_clients_of_host=3)
    provider.document_clients.counts = counts
    response = post(provider, "pushed_authorization_request", **request())
    assert response.status == 503
    assert not provider.internet.fetched
    provider.document_clients.counts = DocumentClientCounts(1, 0)
    assert post(provider, "pushed_authorization_request", **request()).status == 201


def test_what_the_records_forbid(provider: AgentProvider) -> None:
    provider.document_clients.impossible = True
    response = ask(provider)
    assert_refused(response)
    assert not provider.document_clients.changes


def test_d24_every_endpoint_knows_it(provider: AgentProvider) -> None:
    pushed = post(provider, "pushed_authorization_request", **request())
    assert pushed.status == 201
    assert pushed.json is not None
    assert provider.ask({"client_id": ADDRESS, **_reference(pushed)}).status == 303
    tokens = tokens_of(exchange(provider, get_code(provider)))
    token = {"token": tokens["refresh_token"], "client_id": ADDRESS}
    assert post(provider, "revocation", **token).status == 200
    assert provider.store.revocations
    # Known, but not one for devices.
    refused = post(provider, "device_authorization", client_id=ADDRESS)
    assert_refused(refused, "unauthorized_client")


def _reference(pushed: Response) -> dict[str, str]:
    assert pushed.json is not None
    return {"request_uri": pushed.json["request_uri"]}


@pytest.mark.parametrize("endpoint", ["token", "revocation", "pushed_authorization_request"])
def test_d24_the_first_time_is_anywhere(provider: AgentProvider, endpoint: str) -> None:
    form = request(grant_type="authorization_code", code="unknown", token="unknown")
    response = post(provider, endpoint, **form)
    assert response.json is None or response.json.get("error") != "invalid_client"
    assert len(provider.document_clients.changes) == 1


def test_d24_a_client_with_keys(provider: AgentProvider) -> None:
    provider.publish(token_endpoint_auth_method="private_key_jwt", jwks={"keys": [jwk("ES256")]})
    code = get_code(provider)
    assert_refused(exchange(provider, code), status=401)
    provider.handle_later(1)
    form = code_exchange(code, redirect_uri=CALLBACK) | assertion_form(
        signed(claims(iss=ADDRESS, sub=ADDRESS))
    )
    assert tokens_of(provider.post_token(form, {}))


def test_an_archived_one_stays_away(provider: AgentProvider) -> None:
    get_code(provider)
    client = provider.store.find_client(ADDRESS)
    assert client is not None
    provider.store.archived_clients.add(client.id)
    provider.handle_later(100_000)
    assert_refused(ask(provider), "invalid_request")
    assert len(provider.internet.fetched) == 1


# A document that changes


def test_a_document_is_believed_for_a_while(provider: AgentProvider) -> None:
    provider.publish(freshness=600)
    get_code(provider)
    provider.publish(redirect_uris=["https://agent.example/new"], freshness=600)
    provider.handle_later(599)
    assert ask(provider).status == 303
    provider.handle_later(1)
    assert_refused(ask(provider), "invalid_request")
    assert ask(provider, redirect_uri="https://agent.example/new").status == 303
    assert len(provider.internet.fetched) == 2


def test_d09_a_code_for_an_address_that_went(provider: AgentProvider) -> None:
    provider.publish(freshness=60)
    get_code(provider)
    provider.handle_later(30)
    code = get_code(provider)
    provider.publish(redirect_uris=["https://agent.example/new"])
    provider.handle_later(30)
    assert_refused(exchange(provider, code), "invalid_grant")


def test_unchanged_it_is_only_renewed(provider: AgentProvider) -> None:
    get_code(provider)
    provider.handle_later(3600)
    get_code(provider)
    assert len(provider.internet.fetched) == 2
    assert len(provider.document_clients.changes) == 1
    now = provider.clock.now()
    assert provider.document_clients.renewed == [(ADDRESS, now, now + 3600)]


@pytest.mark.parametrize(
    ("members", "forgets", "ends"),
    [
        ({"redirect_uris": [CALLBACK, "https://agent.example/b"]}, True, False),
        ({"client_name": "Your bank"}, True, False),
        ({"jwks": {"keys": [jwk("ES256")]}}, True, False),
        ({"scope": "openid"}, True, False),
        ({"tos_uri": "https://agent.example/tos"}, False, False),
        (
            {
                "token_endpoint_auth_method": "private_key_jwt",
                "jwks_uri": "https://agent.example/jwks",
            },
            True,
            True,
        ),
    ],
)
def test_u03_what_a_change_brings(
    provider: AgentProvider, members: dict[str, Any], forgets: bool, ends: bool
) -> None:
    get_code(provider)
    provider.publish(**members)
    provider.handle_later(3600)
    ask(provider)
    _address, change = provider.document_clients.changes[-1]
    assert (change.forgets_consents, change.ends_connections) == (forgets, ends)


def test_while_its_server_is_away_the_last_one_counts(provider: AgentProvider) -> None:
    get_code(provider)
    provider.internet.documents.clear()
    provider.handle_later(MAXIMUM_AGE - 1)
    assert ask(provider).status == 303
    provider.handle_later(1)
    assert_refused(ask(provider), "temporarily_unavailable", 503)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_says_nothing_about_the_document(
    provider: AgentProvider, status: int
) -> None:
    get_code(provider)
    provider.internet.publish(ADDRESS, "", status=status)
    provider.handle_later(3600)
    assert ask(provider).status == 303
    assert len(provider.internet.fetched) == 2


@pytest.mark.parametrize("status", [404, 410])
def test_a_document_that_was_taken_away(provider: AgentProvider, status: int) -> None:
    get_code(provider)
    provider.internet.publish(ADDRESS, "", status=status)
    provider.handle_later(3600)
    assert_refused(ask(provider))
    assert f"status {status}" in provider.store.events[-1].detail


# Its picture


def test_d23_a_logo_is_fetched_when_it_changes(provider: AgentProvider) -> None:
    logo = "https://agent.example/logo.png"
    provider.internet.publish(logo, b"picture", content_type="image/png")
    provider.publish(logo_uri=logo)
    get_code(provider)
    change = provider.document_clients.changes[-1][1]
    assert change.logo is not None
    assert change.logo.body == b"picture"
    provider.publish(logo_uri=logo, client_name="Other")
    provider.handle_later(3600)
    ask(provider)
    change = provider.document_clients.changes[-1][1]
    assert (change.logo, change.drops_logo) == (None, False)
    provider.publish()
    provider.handle_later(3600)
    ask(provider)
    assert provider.document_clients.changes[-1][1].drops_logo
    assert provider.internet.fetched.count(logo) == 1


@pytest.mark.parametrize("status", [None, 404])
def test_d23_a_logo_that_cannot_be_had(provider: AgentProvider, status: int | None) -> None:
    logo = "https://agent.example/logo.png"
    if status:
        provider.internet.publish(logo, b"", status=status)
    provider.publish(logo_uri=logo)
    get_code(provider)
    assert provider.document_clients.changes[-1][1].logo is None


def test_u01_its_answer_is_asked_for_each_time(provider: AgentProvider) -> None:
    provider.publish(redirect_uris=["http://127.0.0.1/cb"])
    loopback = request(redirect_uri="http://127.0.0.1:5/cb")
    provider.get_code(loopback)
    client = provider.store.find_client(ADDRESS)
    assert client is not None
    assert provider.store.consents[ALICE.id, client.id]
    rid = provider.start(loopback)
    page = provider.go_on(rid).page
    assert page is not None
    assert page.name == "consent"


def test_d22_the_page_knows_both_hosts(provider: AgentProvider) -> None:
    page = provider.go_on(provider.start(request())).page
    assert page is not None
    assert page.values["redirect_host"] == "agent.example"
    assert page.values["client"].client_identifier == ADDRESS


def test_the_use_of_a_secret_is_noted_for_others(provider: AgentProvider) -> None:
    code = provider.get_code(code_request())
    assert tokens_of(provider.post_token(code_exchange(code)))
    client = provider.store.find_client("web")
    assert client is not None
    assert client.secrets[0].last_used_at == provider.clock.now()
