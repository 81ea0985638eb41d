"""AI agents that come with the address of their own description, on two workers (attack cases D16, D21, D24)."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from dev.workbench import Workbench
from e2e.harness.applications import Application
from e2e.harness.people import create_person
from e2e.harness.plain_http import TIMEOUT, HttpBrowser, answer_of
from e2e.harness.relying_party import RelyingParty
from e2e.harness.systems import System, Systems
from e2e.harness.together import at_once
from e2e.harness.web_site import WebSite

PARALLEL = 12
RESOURCE = "https://files.example/mcp"
CALLBACK = "https://agent.example/callback"


@pytest.fixture(scope="module")
def provider(systems: Systems, workbench: Workbench) -> Iterator[System]:
    system = systems.start_provider(
        "agents", extra_modules=["oauth2_provider_registration"], workers=2
    )
    system.parameter("oauth2_provider_registration.documents", "True")
    system.parameter("oauth2_provider.outbound_allowed_hosts", "localhost 127.0.0.1")
    system.parameter("oauth2_provider.outbound_ca_bundle", str(workbench.authority.certificate))
    system.run(
        """
env["oauth2.provider.resource"].create({"name": "Files", "identifier": identifier})
""",
        identifier=RESOURCE,
    )
    yield system
    systems.stop(system)


@pytest.fixture
def site(workbench: Workbench) -> Iterator[WebSite]:
    """The agent's server, at https."""
    made = WebSite(workbench.authority)
    yield made
    made.close()


def agent(
    provider: System, site: WebSite, path: str = "/client.json", **members: Any
) -> RelyingParty:
    """An agent as its user has it: nothing about it is known here."""
    address = site.url("localhost") + path
    document = {
        "client_id": address,
        "client_name": "Agent",
        "redirect_uris": ["http://localhost/callback", "http://127.0.0.1/callback", CALLBACK],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        **members,
    }
    site.documents[path] = json.dumps(document)
    return RelyingParty(provider, Application(0, "Agent", address, CALLBACK))


def visitor(provider: System) -> HttpBrowser:
    browser = HttpBrowser(provider)
    browser.log_in(create_person(provider))
    return browser


def known(provider: System, identifier: str) -> int:
    """How many applications have that client ID."""
    found: int = provider.run(
        """
clients = env["oauth2.provider.client"].with_context(active_test=False)
result = clients.search_count([("client_identifier", "=", identifier)])
""",
        identifier=identifier,
    )
    return found


def test_an_agent_on_a_computer_connects_to_a_resource(provider: System, site: WebSite) -> None:
    party = agent(provider, site)
    metadata = requests.get(
        f"{provider.url}/.well-known/oauth-authorization-server", timeout=TIMEOUT
    ).json()
    assert metadata["client_id_metadata_document_supported"] is True
    uri = "http://localhost:53682/callback"
    browser = HttpBrowser(provider)
    login_page = browser.authorize(
        party.parameters(redirect_uri=uri, resource=RESOURCE, scope="openid offline_access")
    )
    assert not site.received, "nobody has logged in yet"
    page = browser.log_in(create_person(provider), login_page)
    assert 'id="oauth2_client_host"' in page.text
    assert 'id="oauth2_own_computer"' in page.text
    answer = answer_of(browser.decide(page, "allow"))
    assert answer["iss"] == provider.url
    tokens = party.redeem(answer["code"], redirect_uri=uri, resource=RESOURCE).json()
    renewed = party.refresh(tokens["refresh_token"], resource=RESOURCE).json()
    assert renewed["refresh_token"] != tokens["refresh_token"]
    assert not party.accepts(renewed["access_token"]), "it is for the resource alone"
    assert [request.path for request in site.received] == ["/client.json"]


def test_d24_of_parallel_first_requests_one_makes_the_client(
    provider: System, site: WebSite
) -> None:
    party = agent(provider, site)
    site.delay = 0.3
    browser = visitor(provider)
    twins = [browser.copy() for _number in range(PARALLEL)]

    def begin() -> int:
        return twins.pop().authorize(party.parameters()).status_code

    answers = at_once(begin, PARALLEL)
    assert set(answers) == {200}, answers
    assert known(provider, party.identifier) == 1
    assert len(site.received) == 1


def test_d24_likewise_of_pushed_requests(provider: System, site: WebSite) -> None:
    party = agent(provider, site, "/pushing.json")
    site.delay = 0.3

    def push() -> int:
        return party.token_request(dict(party.parameters()), "/oauth2/par").status_code

    assert set(at_once(push, PARALLEL)) == {201}
    assert known(provider, party.identifier) == 1
    assert len(site.received) == 1


def test_d16_d21_slow_servers_do_not_keep_the_workers(provider: System, site: WebSite) -> None:
    site.delay = 20
    parties = [agent(provider, site, f"/slow{number}.json") for number in range(6)]

    def push() -> tuple[int, float]:
        party, start = parties.pop(), time.monotonic()
        response = party.token_request(dict(party.parameters()), "/oauth2/par")
        return response.status_code, time.monotonic() - start

    answers = at_once(push, 6)
    assert {status for status, _seconds in answers} == {503}
    # Three seconds each for two workers, one after the other, and some for a busy machine.
    assert max(seconds for _status, seconds in answers) < 15
    assert known(provider, agent(provider, site, "/slow0.json").identifier) == 0


def test_d24_parallel_renewals_read_the_document_once(provider: System, site: WebSite) -> None:
    party = agent(provider, site)
    browser = visitor(provider)
    tokens = party.tokens(browser)
    provider.run(
        """
client = env["oauth2.provider.client"].search([("client_identifier", "=", identifier)])
env.cr.execute(
    "UPDATE oauth2_provider_client SET document_expires_at = document_fetched_at WHERE id = %s",
    [client.id],
)
env.cr.execute(
    "UPDATE oauth2_provider_fetched_document SET tried_at = tried_at - interval '1 hour'"
)
""",
        identifier=party.identifier,
    )
    agent(provider, site, client_name="Renamed agent")
    site.delay = 0.3
    answers = at_once(
        lambda: party.token_request({"token": "unknown"}, "/oauth2/revoke").status_code, PARALLEL
    )
    assert set(answers) == {200}
    assert len(site.received) == 2
    assert party.refresh(tokens["refresh_token"]).status_code == 200
