"""The database goes away in the middle of a request: nothing is half done, and the client is told to come again.

The connection of the very request is ended by PostgreSQL while it waits for a lock that the test holds.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from dev.workbench import Workbench
from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser, expect_json_error
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System
from e2e.harness.together import wait_until

_HOLD = "DO $$ BEGIN LOCK TABLE {} IN SHARE MODE; PERFORM pg_sleep(20); END $$"
_HELD = """SELECT 1 FROM pg_locks
            WHERE relation = %s::regclass AND granted AND mode = 'ShareLock'"""
_WAITING = """SELECT pid FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'
              AND state = 'active'"""
_HOLDING = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s
              AND query LIKE 'DO $$ BEGIN LOCK TABLE%%'"""


@pytest.fixture(scope="module")
def browser(provider: System) -> HttpBrowser:
    made = HttpBrowser(provider)
    made.log_in(create_person(provider))
    return made


@pytest.fixture(scope="module")
def web(provider: System) -> RelyingParty:
    return register(provider, use_refresh_token=True)


class Fault:
    """Ends the database connection of a request at the moment it writes to a table."""

    def __init__(self, workbench: Workbench, database: str) -> None:
        self._query = workbench.databases.query
        self._database = database

    def at(self, table: str, send: Callable[[], requests.Response]) -> requests.Response:
        with ThreadPoolExecutor(2) as pool:
            pool.submit(self._hold, table)
            wait_until(lambda: self._ask(_HELD, table))
            answer = pool.submit(send)
            wait_until(lambda: self._ask(_WAITING, self._database))
            for (process,) in self._ask(_WAITING, self._database):
                self._ask("SELECT pg_terminate_backend(%s)", process)
            self._ask(_HOLDING, self._database)
            return answer.result(timeout=60)

    def _hold(self, table: str) -> None:
        with pytest.raises(Exception, match="terminat"):
            self._query(_HOLD.format(table), database=self._database)

    def _ask(self, statement: str, *parameters: object) -> list[list[object]]:
        return self._query(statement, *parameters, database=self._database)


@pytest.fixture
def fault(workbench: Workbench, provider: System, allowed_loggers: list[str]) -> Fault:
    allowed_loggers.extend(["odoo.sql_db", "odoo.http"])
    return Fault(workbench, provider.database)


def expect_come_again(response: requests.Response) -> None:
    expect_json_error(response, 503, "temporarily_unavailable")
    assert int(response.headers["Retry-After"]) > 0


def test_s11_code_is_neither_lost_nor_used_twice(
    fault: Fault, browser: HttpBrowser, web: RelyingParty
) -> None:
    code = web.code(browser.copy())
    expect_come_again(fault.at("oauth2_provider_token", lambda: web.redeem(code)))
    tokens = web.redeem(code).json()
    assert web.accepts(tokens["access_token"])
    expect_json_error(web.redeem(code), 400, "invalid_grant")
    assert not web.accepts(tokens["access_token"])


def test_s11_refresh_token_is_not_lost(
    fault: Fault, browser: HttpBrowser, web: RelyingParty
) -> None:
    old = web.tokens(browser.copy())["refresh_token"]
    expect_come_again(fault.at("oauth2_provider_token", lambda: web.refresh(old)))
    tokens = web.refresh(old).json()
    assert web.accepts(tokens["access_token"])


def test_t16_revocation_that_was_not_kept_is_no_success(
    fault: Fault, browser: HttpBrowser, web: RelyingParty
) -> None:
    token = web.tokens(browser.copy())["access_token"]
    table = "oauth2_provider_authorization_revocation"
    request = {"token": token}
    expect_come_again(fault.at(table, lambda: web.token_request(request, path="/oauth2/revoke")))
    assert web.accepts(token)
    assert web.token_request(request, path="/oauth2/revoke").status_code == 200
    assert not web.accepts(token)
