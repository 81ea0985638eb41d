"""While PostgreSQL is dead, every address of our add-ons tells everybody to come again; then it answers as before.

The addresses are those that Odoo has routes for, so that a new one is covered without anybody thinking of it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from dev import openapi
from dev.settings import ADDON, our_modules
from e2e.harness.own_postgresql import OwnPostgresql, opened_for_crashes
from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser, expect_json_error
from e2e.harness.relying_party import register
from e2e.harness.systems import System, Systems

# What browsers say that they want.
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
WORKERS = 2
# What a route takes that names no methods.
FROM_BROWSERS, FROM_PROGRAMS = ("GET", "POST"), ("GET", "POST", "PUT", "DELETE")
STOCK_LOGGERS = ["odoo.sql_db", "odoo.http", "odoo.service.server"]
# A route that overrides one of Odoo's is Odoo's still, unless it takes access tokens.
ROUTES = """
import threading
threading.current_thread().dbname = env.cr.dbname
result = []
for rule in env["ir.http"].routing_map().iter_rules():
    method, routing = rule.endpoint.func, rule.endpoint.routing
    classes = [cls for cls in type(method.__self__).mro() if method.__name__ in vars(cls)]
    addon = classes[-1].__module__.split(".")[2:3]
    if "oauth2_resource" in routing:
        addon = classes[0].__module__.split(".")[2:3]
    if addon and addon[0] in addons:
        takes_token = "oauth2_resource" in routing
        is_page = routing["type"] == "http"
        result.append([addon[0], rule.rule, routing["methods"] or [], is_page, takes_token])
"""


@dataclass(frozen=True)
class Route:
    addon: str
    rule: str
    named_methods: Sequence[str]
    is_page: bool
    takes_token: bool

    @property
    def path(self) -> str:
        """An address of the route."""
        return re.sub("<[^>]*>", "something", self.rule)

    @property
    def methods(self) -> Sequence[str]:
        """By which it is asked for."""
        return self.named_methods or (FROM_BROWSERS if self.is_page else FROM_PROGRAMS)

    @property
    def described(self) -> str:
        """The address as OpenAPI writes it."""
        return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", self.rule)


def routes_of(system: System) -> list[Route]:
    """Every route of our add-ons, as Odoo has put them together."""
    return [Route(*values) for values in system.run(ROUTES, addons=our_modules())]


class Visitors:
    """A person who is logged in, and somebody else; both go to every page, and a program to everything else."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._person = HttpBrowser(system)
        self._person.log_in(create_person(system))
        self._token = register(system).tokens(self._person.copy())["access_token"]

    def visits(self, route: Route) -> Iterator[tuple[str, Callable[[], requests.Response]]]:
        """Each way to ask for the route: what it is called, and how it is done."""
        for method in route.methods:
            if not route.is_page:
                yield (
                    f"{method} {route.path}",
                    self._visit(HttpBrowser(self._system), method, route),
                )
                continue
            for name, browser in (("person", self._person), ("nobody", HttpBrowser(self._system))):
                yield f"{method} {route.path} {name}", self._visit(browser.copy(), method, route)

    def _visit(
        self, browser: HttpBrowser, method: str, route: Route
    ) -> Callable[[], requests.Response]:
        headers = BROWSER if route.is_page else {}
        if route.takes_token:
            headers = {"Authorization": f"Bearer {self._token}"}
        return lambda: browser.send(method, route.path, headers=headers)


@pytest.fixture(scope="module")
def own_postgresql() -> Iterator[OwnPostgresql]:
    with opened_for_crashes() as workbench:
        yield OwnPostgresql(workbench)


@pytest.fixture(scope="module")
def system(own_postgresql: OwnPostgresql, chosen_start: dict[str, Any]) -> Iterator[System]:
    systems = Systems(own_postgresql.workbench, **chosen_start)
    extra = [addon for addon in our_modules() if addon != ADDON]
    system = systems.start_provider("away", extra, workers=WORKERS)
    # PostgreSQL 15 takes the sequences of a copied database back at a crash, up to the first checkpoint
    own_postgresql.workbench.databases.query("CHECKPOINT")
    yield system
    unexpected = [
        record.text for record in system.new_problems() if record.logger not in STOCK_LOGGERS
    ]
    systems.stop_all()
    assert not unexpected, "\n".join(unexpected)


def expect_come_again(response: requests.Response, *, is_page: bool) -> None:
    """503 and when to come again, in the way of whoever asked."""
    if is_page:
        assert response.status_code == 503, response.text[:500]
        assert response.headers["Content-Type"].startswith("text/html"), response.headers
        assert "Please try again in a moment" in response.text
        assert response.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in response.headers
    else:
        expect_json_error(response, 503, "temporarily_unavailable")
    assert int(response.headers["Retry-After"]) > 0
    assert "Traceback" not in response.text


def patiently(visit: Callable[[], requests.Response], *, is_page: bool) -> requests.Response:
    """Come again as long as we are told to: each worker finds out for itself that its connections have broken."""
    for _time in range(20):
        answer = visit()
        if answer.status_code != 503:
            return answer
        expect_come_again(answer, is_page=is_page)
    raise AssertionError("told to come again for ever")


def test_every_described_address_is_among_the_routes(system: System) -> None:
    routes = routes_of(system)
    assert {route.described for route in routes} >= openapi.document()["paths"].keys()
    assert {route.addon for route in routes} == set(our_modules())


def test_without_a_database_everybody_is_told_to_come_again(
    system: System, own_postgresql: OwnPostgresql
) -> None:
    visitors = Visitors(system)
    visits = [
        (name, route.is_page, visit)
        for route in routes_of(system)
        for name, visit in visitors.visits(route)
    ]
    before = {name: visit().status_code for name, _is_page, visit in visits}
    assert not {name: status for name, status in before.items() if status >= 500}
    failures = {}
    with own_postgresql.away():
        for name, is_page, visit in visits:
            try:
                expect_come_again(visit(), is_page=is_page)
            except (AssertionError, ValueError) as error:
                failures[name] = str(error)[:200]
    assert not failures
    system.shell.close()
    system.shell = own_postgresql.workbench.shell(system.database)
    after = {name: patiently(visit, is_page=is_page).status_code for name, is_page, visit in visits}
    assert after == before
