"""Back-channel logout where requests are answered by several processes (attack cases L06, L10).

No scheduled job runs here: a notice leaves from the worker that ended the session, or not at all.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest

from dev.workbench import Workbench
from e2e.harness.people import ADMIN, Person, create_person
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.rpc import by_session
from e2e.harness.systems import System
from e2e.harness.together import at_once, in_parallel, wait_until
from e2e.harness.web_site import WebSite

HOST = "localhost"
PEOPLE = 10
WAITING = """
result = env["oauth2.provider.logout.notice"].search_count(
    [("client_id", "=", client), ("state", "!=", "delivered")]
)
"""


@pytest.fixture
def site(workbench: Workbench) -> Iterator[WebSite]:
    """The application's server, at https."""
    made = WebSite(workbench.authority)
    yield made
    made.close()


@pytest.fixture
def party(two_workers: System, workbench: Workbench, site: WebSite) -> RelyingParty:
    two_workers.parameter("oauth2_provider.outbound_allowed_hosts", HOST)
    bundle = str(workbench.authority.certificate)
    two_workers.parameter("oauth2_provider.outbound_ca_bundle", bundle)
    return register(two_workers, backchannel_logout_uri=f"{site.url(HOST)}/backchannel")


@dataclass
class Login:
    person: Person
    browser: HttpBrowser
    tokens: dict[str, Any]

    @property
    def sid(self) -> str:
        claims = jwt.decode(self.tokens["id_token"], options={"verify_signature": False})
        return str(claims["sid"])


def log_in(party: RelyingParty, person: Person) -> Login:
    browser = HttpBrowser(party.provider)
    browser.log_in(person)
    return Login(person, browser, party.tokens(browser))


def told(site: WebSite) -> list[str]:
    """The sessions that the application has heard of, in the order of their coming."""
    tokens = [parse_qs(request.body)["logout_token"][0] for request in site.received]
    return [jwt.decode(token, options={"verify_signature": False})["sid"] for token in tokens]


def test_l10_parallel_logouts_are_each_told_once(
    two_workers: System, party: RelyingParty, site: WebSite
) -> None:
    people = [create_person(two_workers) for _number in range(PEOPLE)]
    logins = in_parallel(lambda person: log_in(party, person), people)
    waiting = iter(logins)
    lock = threading.Lock()

    def log_out() -> None:
        with lock:
            login = next(waiting)
        login.browser.send("GET", "/web/session/logout")

    at_once(log_out, PEOPLE)
    expected = Counter(login.sid for login in logins)
    wait_until(lambda: len(site.received) >= PEOPLE)
    assert Counter(told(site)) == expected
    wait_until(lambda: two_workers.run(WAITING, client=party.application.id) == 0)
    assert not any(party.accepts(login.tokens["access_token"]) for login in logins)


def test_l10_all_devices_of_a_person_end_with_a_new_password(
    two_workers: System, party: RelyingParty, site: WebSite
) -> None:
    """The sessions began on whichever worker; the change is made by one request on one of them."""
    person = create_person(two_workers)
    logins = in_parallel(lambda one: log_in(party, one), [person] * 4)
    call = by_session(two_workers, ADMIN)
    call("res.users", "write", [person.id], {"password": "Another-password-1"})
    expected = Counter(login.sid for login in logins)
    wait_until(lambda: len(site.received) >= len(logins))
    assert Counter(told(site)) == expected


def test_l06_a_slow_application_blocks_no_worker(
    two_workers: System, party: RelyingParty, site: WebSite
) -> None:
    site.delay = 4
    people = [create_person(two_workers) for _number in range(4)]
    logins = in_parallel(lambda person: log_in(party, person), people)
    start = time.monotonic()
    in_parallel(lambda login: login.browser.send("GET", "/web/session/logout"), logins)
    assert HttpBrowser(two_workers).open("/web/health").ok
    assert time.monotonic() - start < site.delay
    wait_until(lambda: len(site.received) >= len(logins))
    assert Counter(told(site)) == Counter(login.sid for login in logins)
