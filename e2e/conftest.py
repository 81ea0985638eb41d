"""Fixtures of the end-to-end tests: one provider and one stock client for all, a browser, fresh visitors for each test.

A test isolates itself by people and applications of its own. What it leaves in a server's log as a warning or an error
fails it, unless it has said which stock logger it expects to complain.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dev import browser as browser_program
from dev import odoo_source, settings
from dev.workbench import Workbench, opened
from e2e.harness.mailbox import Mailbox
from e2e.harness.systems import ADDON, System, Systems
from e2e.harness.visitors import Visitors
from e2e.harness.web_site import WebSite

OWN_LOGGER = f"odoo.addons.{ADDON}"
ADDONS = Path(__file__).parent / "addons"  # for the tests alone


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--server-workers", type=int, default=0, help="of servers that ask for none")
    parser.addoption("--server-option", action="append", default=[], help="of every server")


@pytest.fixture(scope="session")
def workbench() -> Iterator[Workbench]:
    paths = (*odoo_source.locate(settings.load()).addons_paths, ADDONS)
    with opened(addons_paths=paths) as made:
        yield made


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    """Receives every mail that any of the systems sends."""
    made = Mailbox()
    yield made
    made.close()


@pytest.fixture(scope="session")
def chosen_start(request: pytest.FixtureRequest) -> dict[str, Any]:
    """How each server is started, as far as it does not ask for something else."""
    chosen = request.config.getoption
    return {"workers": chosen("--server-workers"), "options": tuple(chosen("--server-option"))}


@pytest.fixture(scope="session")
def systems(workbench: Workbench, chosen_start: dict[str, Any]) -> Iterator[Systems]:
    """Starts further systems where a test needs them."""
    made = Systems(workbench, **chosen_start)
    yield made
    made.stop_all()


@pytest.fixture(scope="session")
def provider(systems: Systems, mailbox: Mailbox) -> System:
    """An Odoo with our add-on and what Odoo installs with it, at http://localhost."""
    return systems.start_provider(options=mailbox.odoo_options)


@pytest.fixture(scope="session")
def website_provider(systems: Systems, mailbox: Mailbox) -> System:
    """A second provider, with add-ons that change its pages and sessions: a website, the screen lock."""
    modules = ["website", "auth_timeout"]
    return systems.start_provider("website", modules, options=mailbox.odoo_options)


@pytest.fixture(scope="session")
def tls_provider(systems: Systems, workbench: Workbench, mailbox: Mailbox) -> Iterator[System]:
    """A provider at https://localhost behind a proxy, as in earnest; this process trusts its certificate.

    It believes what the proxy says about client certificates, which are shown at `mtls_url`.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name, value in workbench.authority.variables.items():
            patch.setenv(name, value)
        system = systems.start_provider("tls_provider", tls=True, options=mailbox.odoo_options)
        system.parameter("oauth2_provider.mtls_trusted_proxies", "127.0.0.1")
        system.parameter("oauth2_provider.mtls_address", system.mtls_url)
        yield system


@pytest.fixture(scope="session")
def client(systems: Systems, mailbox: Mailbox) -> System:
    """A stock Odoo with auth_oauth, at http://127.0.0.1."""
    return systems.start("client", ["auth_oauth"], host="127.0.0.1", options=mailbox.odoo_options)


@pytest.fixture(scope="session")
def web_site() -> Iterator[WebSite]:
    """The server of applications that are not Odoos."""
    made = WebSite()
    yield made
    made.close()


@pytest.fixture(scope="session")
def browser(workbench: Workbench) -> Iterator[Browser]:
    program = browser_program.find_or_install(workbench.settings.cache)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=str(program),
            args=["--no-sandbox", "--disable-dev-shm-usage", workbench.authority.browser_switch],
        )
        yield launched
        launched.close()


@pytest.fixture
def visitors(browser: Browser) -> Iterator[Visitors]:
    """Opens pages of visitors who do not know each other."""
    made = Visitors(browser)
    yield made
    made.leave()


@pytest.fixture
def page(visitors: Visitors) -> Page:
    """The page of one visitor."""
    return visitors.new_page()


@pytest.fixture
def everyday_page(browser: Browser, workbench: Workbench, tmp_path: Path) -> Iterator[Page]:
    """A page of a browser that lets frames have the cookies of their site; the other ones are incognito and do not."""
    preferences = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default/Preferences").write_text(json.dumps(preferences))
    with browser.browser_type.launch_persistent_context(
        tmp_path,
        executable_path=str(browser_program.find_or_install(workbench.settings.cache)),
        args=["--no-sandbox", "--disable-dev-shm-usage", workbench.authority.browser_switch],
    ) as context:
        yield context.new_page()


@pytest.fixture
def allowed_loggers() -> list[str]:
    """A test adds the stock loggers that it makes complain."""
    return []


@pytest.fixture(autouse=True)
def clean_logs(systems: Systems, allowed_loggers: list[str]) -> Iterator[None]:
    yield
    assert not any(logger.startswith(OWN_LOGGER) for logger in allowed_loggers)
    unexpected = [
        record.text
        for system in systems.running
        for record in system.new_problems()
        if record.logger not in allowed_loggers
    ]
    assert not unexpected, "\n".join(unexpected)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show what the browsers and the servers' logs showed when a test failed."""
    report = yield
    if report.failed and hasattr(item, "funcargs"):
        systems, visitors = item.funcargs.get("systems"), item.funcargs.get("visitors")
        if visitors and report.when == "call":
            folder = item.funcargs["workbench"].logs / "e2e"
            name = re.sub(r"\W+", "-", item.name)
            report.sections.append(("browser", visitors.describe(folder, name)))
        for system in systems.running if systems else ():
            report.sections.append((f"log of {system.server.log}", system.recent_log()))
    return report
