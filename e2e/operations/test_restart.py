"""A restart of the server at the worst moments: nobody has to begin again."""

import pytest

from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import HttpBrowser, answer_of, input_value
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System


@pytest.fixture
def person(two_workers: System) -> Person:
    return create_person(two_workers)


@pytest.fixture
def asking(two_workers: System) -> RelyingParty:
    return register(two_workers, is_trusted=False, use_refresh_token=True)


def test_restart_between_each_two_steps(
    two_workers: System, person: Person, asking: RelyingParty
) -> None:
    """Login page, consent page, code, tokens: one restart between each."""
    restart = two_workers.server.restart
    browser = HttpBrowser(two_workers)
    login_page = browser.authorize(asking.parameters())
    assert input_value(login_page, "redirect").startswith("/oauth2/authorize/continue")
    restart()
    consent_page = browser.log_in(person, login_page)
    restart()
    code = answer_of(browser.decide(consent_page, "allow"))["code"]
    restart()
    tokens = asking.redeem(code).json()
    restart()
    assert asking.accepts(tokens["access_token"])
    assert asking.refresh(tokens["refresh_token"]).status_code == 200
    assert asking.redeem(code).json()["error"] == "invalid_grant"
