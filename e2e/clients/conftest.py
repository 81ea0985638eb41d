"""Fixtures of the clients that others wrote: unmodified, each in an environment of its own, against https."""

from collections.abc import Iterator

import pytest

from dev import node_environment
from dev.node_environment import NodeEnvironment
from dev.workbench import Workbench
from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.systems import System


@pytest.fixture(scope="session")
def node(workbench: Workbench) -> NodeEnvironment:
    return node_environment.locate(workbench.settings)


@pytest.fixture
def person(tls_provider: System) -> Person:
    return create_person(tls_provider)


@pytest.fixture
def person_browser(tls_provider: System, person: Person) -> Iterator[HttpBrowser]:
    """The browser of a person who is logged in at the provider."""
    browser = HttpBrowser(tls_provider)
    browser.log_in(person)
    yield browser
    browser.session.close()
