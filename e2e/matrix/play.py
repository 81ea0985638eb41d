"""Plays rows, and says of each what came of it."""

import dataclasses
import os
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from dev import debian_programs, end_to_end_tests, odoo_tests
from dev.debian_programs import Programs
from dev.odoo_process import Odoo
from dev.settings import ADDON, Settings
from dev.template_database import install
from dev.workbench import Workbench, opened
from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.relying_party import register
from e2e.harness.systems import System, Systems

from .rows import BARE, FACTORS, SHORT, EndToEnd, Server, Tests

ALONE = "--skip-auto-install"
IN_SHORT = "of the tests those of logins, pages, people and settings"


@dataclass(frozen=True)
class Verdict:
    """What came of a row; `remark` says what failed or was left out."""

    title: str
    result: str
    good: bool
    seconds: float
    remark: str = ""


def play_tests(chosen: Settings, rows: list[Tests], tags: str) -> Iterator[Verdict]:
    """Run the add-on's tests once for each row, in a copy of one database that has only what is needed."""
    by_dependencies: dict[str, list[Tests]] = {}
    for row in rows:
        by_dependencies.setdefault(row.dependencies, []).append(row)
    for dependencies, its_rows in by_dependencies.items():
        with opened(dataclasses.replace(chosen, odoo_deps=dependencies)) as workbench:
            ldap = debian_programs.locate(workbench.settings, "ldap")
            with patch.dict(os.environ, ldap.environment()):
                odoo = _with_ldap(workbench.odoo, ldap)
                bare = f"run_{os.getpid()}_bare"
                try:
                    install(odoo, bare, BARE, workbench.logs / f"{bare}.log", ALONE)
                    for row in its_rows:
                        yield _play_tests(workbench, odoo, bare, row, tags)
                finally:
                    workbench.databases.drop(bare)


def _play_tests(workbench: Workbench, odoo: Odoo, bare: str, row: Tests, tags: str) -> Verdict:
    started = time.monotonic()
    database = workbench.clone_database(bare, "matrix")
    if row.modules - BARE:
        log = workbench.logs / f"{database}.log"
        install(odoo, database, row.modules - BARE, log, ALONE)
    missing = _missing_factors(workbench, database)
    chosen = [f"/{addon}" for addon in row.ours]
    if tags:
        chosen[chosen.index(f"/{ADDON}")] = tags
    what = odoo_tests.OdooTests(
        ADDON,
        tags=",".join([*chosen, *(f"-{factor}" for factor in missing)]),
        options=(ALONE,),
        along=frozenset(row.ours),
    )
    tally = odoo_tests.run_in(workbench, database, what, odoo)
    results = tally.results()
    remarks = [IN_SHORT] if tags == SHORT else []
    remarks += [f"without the tests of {', '.join(missing)}"] if missing else []
    remarks += sorted(tally.broken)
    seconds = time.monotonic() - started
    return Verdict(row.title, str(results), results.good, seconds, "; ".join(remarks))


def _missing_factors(workbench: Workbench, database: str) -> list[str]:
    query = "SELECT name FROM ir_module_module WHERE name = ANY(%s) AND state = 'installed'"
    there = {name for (name,) in workbench.databases.query(query, list(FACTORS), database=database)}
    return [factor for factor in FACTORS if factor not in there]


def _with_ldap(odoo: Odoo, ldap: Programs) -> Odoo:
    """The same Odoo with python-ldap, which auth_ldap imports: PyPI has it as source alone, Debian has it built."""
    return dataclasses.replace(odoo, libraries=ldap.root / "usr/lib/python3/dist-packages")


def play_servers(chosen: Settings, rows: list[Server]) -> Iterator[Verdict]:
    """Start one server after the other, and log in there with everything around it."""
    with opened(chosen) as workbench:
        for row in rows:
            started = time.monotonic()
            systems = Systems(workbench)
            remarks: list[str] = []
            try:
                system = systems.start_provider(
                    "matrix", workers=row.workers, options=row.options, tls=row.tls
                )
                with patch.dict(os.environ, workbench.authority.variables):
                    log_in_with_everything(system)
                remarks = [problem.text[:300] for problem in system.new_problems()]
            except AssertionError as error:
                remarks = [str(error)[:300]]
            finally:
                systems.stop_all()
            result = "failed" if remarks else "passed"
            seconds = time.monotonic() - started
            yield Verdict(row.title, result, not remarks, seconds, "; ".join(remarks))


def play_end_to_end(chosen: Settings, rows: list[EndToEnd]) -> Iterator[Verdict]:
    """Play e2e/ as a whole; what fails is named."""
    for row in rows:
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as scratch:
            report = Path(scratch) / "report.xml"
            settings = dataclasses.replace(chosen, odoo_deps=row.dependencies)
            results = end_to_end_tests.run(settings, report=report, options=row.options)
            remark = "; ".join(_failed(report))
        seconds = time.monotonic() - started
        yield Verdict(row.title, str(results), results.good, seconds, remark)


def _failed(report: Path) -> list[str]:
    return [
        case.attrib["name"]
        for case in ET.parse(report).iter("testcase")
        if case.find("failure") is not None or case.find("error") is not None
    ]


def log_in_with_everything(system: System) -> None:
    """Log in, agree, redeem, look, ask, renew, revoke, log out: each answer must be right, and a token dead at once."""
    person, party = (
        create_person(system),
        register(system, use_refresh_token=True, is_trusted=False),
    )
    browser = HttpBrowser(system)
    browser.log_in(person)
    tokens = party.tokens(browser)
    assert party.userinfo(tokens["access_token"]).json()["email"] == person.login
    asked = party.token_request({"token": tokens["access_token"]}, "/oauth2/introspect")
    assert asked.json()["active"] is True, asked.text
    renewed = party.refresh(tokens["refresh_token"])
    assert renewed.status_code == 200, renewed.text
    newest = renewed.json()
    gone = party.token_request({"token": newest["refresh_token"]}, "/oauth2/revoke")
    assert gone.status_code == 200, gone.text
    assert not party.accepts(newest["access_token"])
    tokens = party.tokens(browser)
    page = browser.open("/oauth2/end_session", {"id_token_hint": tokens["id_token"]})
    assert page.status_code == 200, page.status_code
    assert not party.accepts(tokens["access_token"])
