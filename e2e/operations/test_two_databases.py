"""Two databases in one server, told apart by the host: nothing of one answers for the other (O2, C06, S04)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
import requests

from dev import two_odoos
from dev.workbench import Workbench
from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import (
    TIMEOUT,
    HttpBrowser,
    answer_of,
    expect_error_page,
    expect_json_error,
)
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import ADDON

# Both names lead to this machine; the database is the one whose name ends with the first part of the host.
HOSTS = ("localhost", "127.0.0.1")
# Both are copies of one template, with the keys that were made there.
OWN_KEYS = """
keys = env["oauth2.provider.signing.key"]
keys.action_rotate()
keys.action_rotate()
keys.search([("state", "=", "retired")]).unlink()
"""
WELL_KNOWNS = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")


@dataclass
class Tenant:
    """One database of the server, reached by its own host."""

    shell: object
    url: str
    database: str

    def run(self, code: str, **values: object) -> object:
        """Run Python inside the database."""
        return self.shell.run(code, **values)


@dataclass
class Provider:
    """A tenant with a person who is logged in there, and an application."""

    tenant: Tenant
    person: Person
    browser: HttpBrowser
    party: RelyingParty


@pytest.fixture(scope="module")
def providers(workbench: Workbench, chosen_start: dict[str, Any]) -> Iterator[list[Provider]]:
    databases = [workbench.create_database(host.partition(".")[0], [ADDON]) for host in HOSTS]
    beginnings = "|".join(database.rpartition("_")[0] for database in databases)
    names = f"--database={','.join(databases)}", f"--db-filter=^({beginnings})_%d$"
    server = workbench.start_server(
        databases[0],
        workers=chosen_start["workers"],
        options=(*names, *chosen_start["options"]),
    )
    made = []
    for host, database in zip(HOSTS, databases, strict=True):
        shell = workbench.shell(database)
        tenant = Tenant(shell, f"http://{host}:{server.port}", database)
        two_odoos.prepare_system(shell, tenant.url, host)
        two_odoos.confirm_issuer(shell, tenant.url)
        shell.run(OWN_KEYS)
        person = create_person(tenant)
        browser = HttpBrowser(tenant)
        browser.log_in(person)
        made.append(Provider(tenant, person, browser, register(tenant, use_refresh_token=True)))
    yield made
    for provider in made:
        provider.tenant.shell.close()
    server.stop()


@pytest.fixture(params=[(0, 1), (1, 0)], ids=["one_way", "the_other"])
def pair(request: pytest.FixtureRequest, providers: list[Provider]) -> tuple[Provider, Provider]:
    """Here and there."""
    here, there = request.param
    return providers[here], providers[there]


def test_s04_answer_names_itself_alone(pair: tuple[Provider, Provider]) -> None:
    here, there = pair
    answer = answer_of(here.browser.authorize(here.party.parameters()))
    assert answer["iss"] == here.tenant.url
    assert there.tenant.url not in str(answer)


@pytest.mark.parametrize("well_known", WELL_KNOWNS)
def test_s04_metadata_names_no_other(pair: tuple[Provider, Provider], well_known: str) -> None:
    here, there = pair
    for provider in (there, here):  # whoever remembers the first answer gives it twice
        document = _published(provider, well_known)
        assert document["issuer"] == provider.tenant.url
    addresses = {name: value for name, value in document.items() if str(value).startswith("http")}
    assert {"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"} <= addresses.keys()
    assert [name for name in addresses if not addresses[name].startswith(here.tenant.url)] == []
    assert urlsplit(there.tenant.url).hostname not in str(document)
    assert there.tenant.database not in str(document)


def test_s04_keys_are_of_one_alone(pair: tuple[Provider, Provider]) -> None:
    keys = [{key["kid"] for key in _published(one, "/oauth2/jwks")["keys"]} for one in pair]
    assert all(keys)
    assert not keys[0] & keys[1]
    for provider, own in zip(pair, keys, strict=True):
        id_token = provider.party.tokens(provider.browser)["id_token"]
        assert jwt.get_unverified_header(id_token)["kid"] in own


def _published(provider: Provider, path: str) -> dict[str, object]:
    response = requests.get(provider.tenant.url + path, timeout=TIMEOUT)
    assert response.status_code == 200, response.text
    return response.json()


def test_o2_application_of_the_other_is_unknown(pair: tuple[Provider, Provider]) -> None:
    here, there = pair
    expect_error_page(here.browser.authorize(there.party.parameters()))
    foreign = there.party.redemption("x") | {
        "client_id": there.party.identifier,
        "client_secret": there.party.application.secret,
    }
    expect_json_error(here.party.token_request(foreign), 401, "invalid_client")


def test_c06_code_of_the_other_is_unknown(pair: tuple[Provider, Provider]) -> None:
    here, there = pair
    code = there.party.code(there.browser)
    expect_json_error(
        here.party.redeem(code, code_verifier=there.party.verifier), 400, "invalid_grant"
    )
    assert there.party.redeem(code).status_code == 200


def test_o2_tokens_of_the_other_are_unknown(pair: tuple[Provider, Provider]) -> None:
    here, there = pair
    tokens = there.party.tokens(there.browser)
    assert not here.party.accepts(tokens["access_token"])
    expect_json_error(here.party.refresh(tokens["refresh_token"]), 400, "invalid_grant")
    assert there.party.accepts(tokens["access_token"])


def test_o2_token_is_not_led_astray_by_the_database_header(
    pair: tuple[Provider, Provider],
) -> None:
    here, there = pair
    token = there.party.tokens(there.browser)["access_token"]
    headers = {"Authorization": f"Bearer {token}", "X-Odoo-Database": there.tenant.database}
    response = requests.get(f"{here.tenant.url}/oauth2/userinfo", headers=headers)
    assert response.status_code in (401, 403, 404)


def test_o2_session_of_the_other_is_nobody(pair: tuple[Provider, Provider]) -> None:
    here, there = pair
    cookie = next(c for c in there.browser.session.cookies if c.name == "session_id")
    browser = HttpBrowser(here.tenant)
    answer = answer_of(
        browser.follow(
            browser.send(
                "GET",
                "/oauth2/authorize",
                params=here.party.parameters(prompt="none", response_type="nonsense"),
                headers={"Cookie": f"session_id={cookie.value}"},
            )
        )
    )
    assert answer["error"] == "unsupported_response_type"
    browser.session.cookies.set("session_id", cookie.value)
    silent = browser.authorize(here.party.parameters(prompt="none"))
    assert answer_of(silent)["error"] == "login_required"


def test_o2_request_of_the_other_cannot_be_continued(pair: tuple[Provider, Provider]) -> None:
    here, there = pair
    sent = there.browser.send("GET", "/oauth2/authorize", params=there.party.parameters())
    response = here.browser.send("GET", sent.headers["Location"])
    assert response.status_code == 400
    assert 'id="oauth2_start_again"' in response.text
