"""A copy of the database made for trying things out: it must not answer for the original."""

from collections.abc import Iterator

import pytest
import requests

from dev.console import run
from dev.workbench import Workbench
from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System, Systems

ENDPOINTS = ("token", "userinfo", "tokeninfo", "revoke", "introspect", "userinfo/some-client")


class Copy:
    """A neutralized copy, and what was alive in the original when it was made."""

    def __init__(self, system: System, party: RelyingParty, person: Person) -> None:
        self.system = system
        self.person = person
        self.party = RelyingParty(system, party.application, party.verifier)


@pytest.fixture(scope="module")
def living(systems: Systems) -> Iterator[tuple[System, RelyingParty, Person, dict[str, str], str]]:
    original = systems.start_provider("original")
    person = create_person(original)
    browser = HttpBrowser(original)
    browser.log_in(person)
    party = register(original, use_refresh_token=True)
    tokens, code = party.tokens(browser), party.code(browser)
    assert party.accepts(tokens["access_token"])
    systems.stop(original)
    yield original, party, person, tokens, code


@pytest.fixture(scope="module")
def copy(workbench: Workbench, systems: Systems, living) -> Iterator[Copy]:
    original, party, person, _tokens, _code = living
    database = workbench.clone_database(original.database, "copy")
    run(
        workbench.odoo.command("neutralize", *workbench.odoo.arguments(database)),
        workbench.logs / f"neutralize-{database}.log",
        env=workbench.odoo.environment(),
    )
    system = systems.adopt(database, "copy")
    yield Copy(system, party, person)
    systems.stop(system)


def test_tokens_codes_and_secrets_of_the_original_are_dead(copy: Copy, living) -> None:
    _original, _party, _person, tokens, code = living
    for response in (
        copy.party.userinfo(tokens["access_token"]),
        copy.party.redeem(code),
        copy.party.refresh(tokens["refresh_token"]),
    ):
        assert response.status_code in (400, 401, 503)
        assert "error" in response.json()
    left = copy.system.run(
        "result = {}\n"
        "for name in ('token', 'authorization.code', 'authorization', 'authorization.request',"
        " 'client.secret', 'client'):\n"
        "    result[name] = env['oauth2.provider.' + name].search_count([])"
    )
    assert not any(left.values()), left


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_without_an_issuer_machines_are_told_so(copy: Copy, endpoint: str) -> None:
    """The copy has lost its address; it says that it cannot answer, and logs no failure."""
    response = requests.post(f"{copy.system.url}/oauth2/{endpoint}", data={"x": "y"})
    assert response.status_code == 503
    assert response.json()["error"] == "temporarily_unavailable"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/oauth2/authorize", "/oauth2/authorize/continue", "/oauth2/authorize/reauthenticate"],
)
def test_without_an_issuer_people_see_a_page(copy: Copy, path: str) -> None:
    response = HttpBrowser(copy.system).send("GET", path, params=copy.party.parameters())
    assert response.status_code == 503
    assert "Traceback" not in response.text
    assert "Location" not in response.headers


def test_people_still_log_in_to_the_copy_itself(copy: Copy) -> None:
    browser = HttpBrowser(copy.system)
    browser.log_in(copy.person)
    session = browser.send("POST", "/web/session/get_session_info", json={}).json()
    assert session["result"]["username"] == copy.person.login


def test_copy_with_an_address_of_its_own_is_another_provider(copy: Copy, living) -> None:
    _original, _party, _person, tokens, code = living
    copy.system.parameter("oauth2_provider.issuer", copy.system.url)
    copy.system.parameter("oauth2_provider.issuer_confirmed", "1")
    assert not copy.party.accepts(tokens["access_token"])
    assert copy.party.redeem(code).json()["error"] == "invalid_client"
    browser = HttpBrowser(copy.system)
    browser.log_in(copy.person)
    own = register(copy.system)
    assert own.accepts(own.tokens(browser)["access_token"])
