"""The server's clock is put back by ten minutes: what had expired stays dead, and people still log in (case S14)."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from dev.workbench import Workbench
from e2e.harness.bank import register_bank
from e2e.harness.moved_clock import MovedClock
from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import HttpBrowser, answer_of, expect_json_error, input_value
from e2e.harness.relying_party import register
from e2e.harness.systems import System, Systems

HOUR = 3600
BACK = 600
# Odoo kills a worker that has not answered for two minutes, by the same clock.
PATIENT = ("--limit-time-real=86400", "--limit-time-real-cron=86400")
REQUESTS, AT_ONCE = 40, 8


@pytest.fixture(scope="module")
def clock(workbench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> MovedClock:
    return MovedClock(workbench.odoo, tmp_path_factory.mktemp("clock"))


@pytest.fixture(scope="module")
def timed(systems: Systems, clock: MovedClock) -> Iterator[System]:
    system = systems.start_provider(
        "timed", workers=2, options=(*clock.options, *PATIENT), environment=clock.environment
    )
    yield system
    systems.stop(system)


@pytest.fixture(scope="module")
def person(timed: System) -> Person:
    return create_person(timed)


def test_s14_what_has_expired_or_was_used_stays_dead(
    timed: System, clock: MovedClock, person: Person
) -> None:
    browser = HttpBrowser(timed)
    browser.log_in(person)
    party = register(timed, use_refresh_token=True, refresh_token_grace=60)
    expired = party.tokens(browser.copy())["access_token"]
    used_refresh_token = party.tokens(browser.copy())["refresh_token"]
    assert party.refresh(used_refresh_token).status_code == 200

    clock.let_pass(HOUR)
    used_code, expired_code = party.code(browser.copy()), party.code(browser.copy())
    assert party.redeem(used_code).status_code == 200
    clock.let_pass(70)
    assert not party.accepts(expired)
    expect_json_error(party.redeem(expired_code), 400, "invalid_grant")

    clock.set_back(BACK)
    for _processes in range(2):
        # So many at once that each worker answers some, also one that had nothing to do for the last hour.
        with ThreadPoolExecutor(AT_ONCE) as pool:
            assert not any(pool.map(party.accepts, [expired] * REQUESTS))
        for code in (used_code, expired_code):
            expect_json_error(party.redeem(code), 400, "invalid_grant")
        expect_json_error(party.refresh(used_refresh_token), 400, "invalid_grant")
        timed.server.restart()


def test_s14_used_assertions_stay_used(timed: System, clock: MovedClock) -> None:
    clock.let_pass(HOUR)
    bank = register_bank(timed)
    now = int(time.time()) + clock.ahead
    assertion = bank.credentials(iat=now, exp=now + 60)
    assert bank.push(**assertion).status_code == 201
    expect_json_error(bank.push(**assertion), 401, "invalid_client")
    clock.set_back(BACK)
    expect_json_error(bank.push(**assertion), 401, "invalid_client")
    timed.server.restart()
    expect_json_error(bank.push(**assertion), 401, "invalid_client")


def test_s14_what_nobody_remembers_any_longer_stays_stale(timed: System, clock: MovedClock) -> None:
    """An assertion and a DPoP proof that have been used, have expired and have been cleaned away."""
    clock.let_pass(HOUR)
    bank, party = register_bank(timed), register(timed)
    now = int(time.time()) + clock.ahead
    assertion = bank.credentials(iat=now, exp=now + 60)
    proof = bank.proof("POST", "token_endpoint", issued_at=now)

    def prove_key() -> requests.Response:
        return party.token_request(party.redemption("unknown"), headers=proof)

    assert bank.push(**assertion).status_code == 201
    expect_json_error(prove_key(), 400, "invalid_grant")
    expect_json_error(prove_key(), 400, "invalid_dpop_proof")
    clock.let_pass(BACK)
    party.token_request(party.redemption("unknown"))  # so that the server has seen this time
    timed.run("env.cr.execute('DELETE FROM oauth2_provider_single_use_value')")
    clock.set_back(BACK)
    for _processes in range(2):
        expect_json_error(bank.push(**assertion), 401, "invalid_client")
        expect_json_error(prove_key(), 400, "invalid_dpop_proof")
        timed.server.restart()


def test_s14_what_waited_too_long_is_not_taken_later(
    timed: System, clock: MovedClock, person: Person
) -> None:
    """A connection that has come to its end, the code of a device, and a pushed request."""
    clock.let_pass(HOUR)
    browser = HttpBrowser(timed)
    browser.log_in(person)
    lifetimes = {"access_token_lifetime": 300, "session_refresh_token_lifetime": 800}
    party = register(timed, use_refresh_token=True, use_device=True, **lifetimes)
    refresh_token = party.tokens(browser.copy())["refresh_token"]
    device_code = party.device_codes()["device_code"]
    pushed = party.token_request(party.parameters(), "/oauth2/par").json()
    visited = {"client_id": party.identifier, "request_uri": pushed["request_uri"]}

    def expect_too_late() -> None:
        expect_json_error(party.refresh(refresh_token), 400, "invalid_grant")
        expect_json_error(party.poll(device_code), 400, "expired_token")
        page = browser.copy().authorize(visited)
        assert page.status_code == 400
        assert "Location" not in page.headers

    clock.let_pass(910)
    expect_too_late()
    clock.set_back(BACK)
    for _processes in range(2):
        expect_too_late()
        timed.server.restart()


def test_people_log_in_while_the_clock_is_behind(
    timed: System, clock: MovedClock, person: Person
) -> None:
    clock.let_pass(HOUR)
    party = register(timed, use_refresh_token=True)
    browser = HttpBrowser(timed)
    browser.log_in(person)
    party.tokens(browser.copy())
    clock.set_back(BACK)
    page = browser.authorize(party.parameters(prompt="login"))
    form = {name: input_value(page, name) for name in ("csrf_token", "rid", "login")}
    form["password"] = person.password
    assert answer_of(browser.submit("/oauth2/authorize/reauthenticate", form))["code"]
    tokens = party.tokens(browser.copy())
    assert party.accepts(tokens["access_token"])
    assert party.refresh(tokens["refresh_token"]).status_code == 200
