"""A restored backup has forgotten what was revoked since: one command ends everything, and so does one button."""

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dev.settings import DevError
from dev.workbench import Workbench
from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import HttpBrowser, answer_of
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import ADMIN_PASSWORD, System, Systems

COMMAND = "oauth2_revoke_everything"


class Life:
    """Somebody's connections at a provider, and a backup of it from when they stood."""

    def __init__(self, original: System, person: Person, party: RelyingParty) -> None:
        browser = HttpBrowser(original)
        browser.log_in(person)
        self.person, self.party = person, party
        self.issued: list[dict[str, Any]] = [party.tokens(browser.copy()) for _number in range(3)]
        self.code, self.other_code = party.code(browser.copy()), party.code(browser.copy())

    def at(self, system: System) -> RelyingParty:
        return RelyingParty(system, self.party.application, self.party.verifier)


@pytest.fixture(scope="module")
def life(systems: Systems) -> Life:
    original = systems.start_provider("backed_up")
    person = create_person(original)
    made = Life(original, person, register(original, is_trusted=False, use_refresh_token=True))
    systems.stop(original)
    return made


@pytest.fixture
def restored(systems: Systems, workbench: Workbench, life: Life) -> Iterator[System]:
    """The database as it was before anything was revoked, at the address of the original."""
    source = life.party.provider
    database = workbench.clone_database(source.database, "restored")
    system = systems.adopt(database, "restored", port=source.server.port)
    renew_codes(system)
    yield system
    systems.stop(system)


def renew_codes(system: System) -> None:
    """They live for a minute: if one is refused, it shall not be for that."""
    system.run(
        """
env.cr.execute(
    "UPDATE oauth2_provider_authorization_code SET expires_at = now() AT TIME ZONE 'UTC' + interval '10 minutes'")
"""
    )


def expect_all_lives(life: Life, system: System) -> None:
    """As far as one can see without using up what others look at."""
    party, browser = life.at(system), HttpBrowser(system)
    assert party.redeem(life.other_code).status_code == 200
    assert party.accepts(life.issued[0]["access_token"])
    browser.log_in(life.person)
    assert answer_of(browser.authorize(party.parameters(prompt="none")))["code"]


def expect_nothing_lives(life: Life, system: System) -> None:
    party = life.at(system)
    assert party.redeem(life.code).json()["error"] == "invalid_grant"
    for tokens in life.issued:
        assert not party.accepts(tokens["access_token"])
        assert party.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def expect_a_new_beginning(life: Life, system: System) -> None:
    """The person is asked again, and then all is well."""
    party, browser = life.at(system), HttpBrowser(system)
    browser.log_in(life.person)
    page = browser.authorize(party.parameters())
    assert 'id="oauth2_consent"' in page.text
    assert party.accepts(party.tokens(browser)["access_token"])


def revoke_everything(workbench: Workbench, database: str) -> str:
    """Run the command as an administrator of the machine does."""
    odoo = workbench.odoo
    addons_path = next(option for option in odoo.arguments(database) if "addons-path" in option)
    command = odoo.command(addons_path, COMMAND, "-d", database)
    done = subprocess.run(
        command, env=odoo.environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DevError(done.stderr)
    return done.stdout


def test_one_command_ends_everything(workbench: Workbench, restored: System, life: Life) -> None:
    expect_all_lives(life, restored)
    assert "Connections ended: 6" in revoke_everything(workbench, restored.database)
    expect_nothing_lives(life, restored)
    expect_a_new_beginning(life, restored)
    assert "Connections ended: 1" in revoke_everything(workbench, restored.database)


def test_one_button_ends_everything_when_it_is_confirmed(
    restored: System, life: Life, page: Page
) -> None:
    page.goto(
        f"{restored.url}/web/login?redirect=/odoo/action-oauth2_provider.action_oauth2_settings"
    )
    page.get_by_label("Email").fill("admin")
    page.get_by_label("Password").fill(ADMIN_PASSWORD)
    page.get_by_role("button", name="Log in").click()
    button = page.get_by_role("button", name="Revoke everything")
    button.click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert life.at(restored).accepts(life.issued[0]["access_token"])
    button.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This cannot be undone.")
    dialog.get_by_role("button", name="Ok").click()
    expect(page.get_by_text("Connections ended: 5")).to_be_visible()
    expect_nothing_lives(life, restored)
    expect_a_new_beginning(life, restored)


def test_a_database_without_the_add_on_is_told_so(workbench: Workbench) -> None:
    database = workbench.create_database("stock")
    with pytest.raises(DevError, match="not installed"):
        revoke_everything(workbench, database)
