"""Uninstalling leaves nothing behind, Odoo goes on working, and installing again begins afresh."""

from collections.abc import Iterator

import pytest
import requests

from dev import two_odoos
from dev.template_database import install
from dev.workbench import Workbench
from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.relying_party import register
from e2e.harness.rpc import by_api_key
from e2e.harness.systems import ADDON, System, Systems

# what may remain of a module, each as a count that must be zero
REMAINS = {
    "tables": "SELECT count(*) FROM information_schema.tables WHERE table_name ~ 'oauth2'",
    "columns": "SELECT count(*) FROM information_schema.columns WHERE column_name ~ 'oauth2'",
    "indexes": "SELECT count(*) FROM pg_indexes WHERE indexname ~ 'oauth2'",
    "constraints": "SELECT count(*) FROM pg_constraint WHERE conname ~ 'oauth2'",
    "parameters": "SELECT count(*) FROM ir_config_parameter WHERE key ~ 'oauth2'",
    "models": "SELECT count(*) FROM ir_model WHERE model ~ 'oauth2'",
    "fields": "SELECT count(*) FROM ir_model_fields WHERE name ~ 'oauth2' OR relation ~ 'oauth2'",
    "records": "SELECT count(*) FROM ir_model_data WHERE module ~ '^oauth2_provider'",
    "jobs": "SELECT count(*) FROM ir_cron c JOIN ir_act_server a ON a.id = c.ir_actions_server_id"
    " WHERE a.code ~ 'oauth2' OR c.cron_name ~* 'oauth ?2'",
    "views": "SELECT count(*) FROM ir_ui_view WHERE key ~ 'oauth2' OR name ~ 'oauth2'",
    "menus": "SELECT count(*) FROM ir_ui_menu WHERE name->>'en_US' = 'OAuth 2'",
    "groups": "SELECT count(*) FROM res_groups_privilege WHERE name->>'en_US' = 'OAuth 2'",
    "rules": "SELECT count(*) FROM ir_rule WHERE name ~ 'OAuth 2'",
    "messages": "SELECT count(*) FROM mail_message WHERE model ~ 'oauth2'",
    "attachments": "SELECT count(*) FROM ir_attachment WHERE res_model ~ 'oauth2'",
}


def used_provider(systems: Systems) -> tuple[System, Person]:
    """A provider that has seen some life."""
    system = systems.start_provider("uninstalled", extra_modules=["oauth2_provider_api"])
    person = create_person(system)
    browser = HttpBrowser(system)
    browser.log_in(person)
    party = register(system, use_refresh_token=True, is_trusted=False)
    party.refresh(party.tokens(browser)["refresh_token"])
    return system, person


@pytest.fixture(scope="module")
def uninstalled(systems: Systems) -> Iterator[tuple[System, Person]]:
    used, person = used_provider(systems)
    used.run(
        "env['ir.module.module'].search([('name', '=', name)]).button_immediate_uninstall()",
        name=ADDON,
    )
    systems.stop(used)
    system = systems.adopt(used.database, "uninstalled")
    yield system, person
    systems.stop(system)


@pytest.mark.parametrize("what", REMAINS)
def test_nothing_remains(
    workbench: Workbench, uninstalled: tuple[System, Person], what: str
) -> None:
    system, _person = uninstalled
    [[count]] = workbench.databases.query(REMAINS[what], database=system.database)
    assert count == 0


def test_odoo_goes_on_working(uninstalled: tuple[System, Person]) -> None:
    system, person = uninstalled
    browser = HttpBrowser(system)
    browser.log_in(person)
    session = browser.send("POST", "/web/session/get_session_info", json={}).json()
    assert session["result"]["username"] == person.login
    assert browser.open("/odoo").status_code == 200
    assert browser.send("GET", "/oauth2/authorize").status_code == 404
    assert requests.post(f"{system.url}/oauth2/token").status_code == 404
    assert by_api_key(system, person)("res.users", "context_get")["uid"] == person.id


def test_installing_again_begins_afresh(
    workbench: Workbench, systems: Systems, uninstalled: tuple[System, Person]
) -> None:
    system, person = uninstalled
    systems.stop(system)
    log = workbench.logs / f"reinstall-{system.database}.log"
    install(workbench.odoo, system.database, frozenset({ADDON}), log)
    again = systems.adopt(system.database, "again")
    try:
        two_odoos.confirm_issuer(again.shell, again.url)
        assert again.run("result = env['oauth2.provider.client'].search_count([])") == 0
        subjects = again.run(
            "result = env['res.users'].with_context(active_test=False).search([]).mapped('oauth2_subject')"
        )
        assert all(subjects)
        assert len(set(subjects)) == len(subjects)
        browser = HttpBrowser(again)
        browser.log_in(person)
        party = register(again)
        assert party.accepts(party.tokens(browser)["access_token"])
    finally:
        systems.stop(again)
        systems.running.append(system)
        system.server.start()
