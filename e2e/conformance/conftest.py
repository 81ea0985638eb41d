"""One provider as the suite would find it: at https, open for registration with a token, a person with all claims."""

from collections.abc import Iterator

import pytest

from dev.workbench import Workbench
from e2e.harness.mailbox import Mailbox
from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.systems import System, Systems
from e2e.harness.web_site import WebSite

from .suite import Suite

PERSON = """
user = env["res.users"].browse(uid)
user.tz = "Europe/Brussels"
user.partner_id.write({
    "street": "Main Street 1", "zip": "12345", "city": "Springfield", "phone": "+1 555 0100",
    "website": "https://person.example", "country_id": env.ref("base.us").id,
    "state_id": env.ref("base.state_us_13").id,
})
env["oauth2.provider.profile"].create({
    "user_id": uid, "given_name": "Given", "middle_name": "Middle", "family_name": "Family",
    "nickname": "Nick", "gender": "female", "birthdate": "2000-02-29",
    "profile": "https://person.example/me",
})
"""
INITIAL_TOKEN = """
tokens = env["oauth2.provider.initial.access.token"]
result = tokens.create({"name": "Conformance", "maximum_uses": 0})._generate()
"""


@pytest.fixture(scope="package")
def suite_site(workbench: Workbench) -> Iterator[WebSite]:
    """The suite's own server, at https."""
    made = WebSite(workbench.authority)
    yield made
    made.close()


@pytest.fixture(scope="package")
def conformance_provider(
    systems: Systems, workbench: Workbench, mailbox: Mailbox
) -> Iterator[System]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in workbench.authority.variables.items():
            patch.setenv(name, value)
        system = systems.start_provider(
            "conformance",
            ["oauth2_provider_registration"],
            tls=True,
            options=mailbox.odoo_options,
        )
        system.parameter("oauth2_provider.outbound_allowed_hosts", "localhost 127.0.0.1")
        system.parameter("oauth2_provider.outbound_ca_bundle", str(workbench.authority.certificate))
        yield system
        systems.stop(system)


@pytest.fixture(scope="package")
def suite(conformance_provider: System, suite_site: WebSite) -> Suite:
    person: Person = create_person(conformance_provider)
    conformance_provider.run(PERSON, uid=person.id)
    browser = HttpBrowser(conformance_provider)
    browser.log_in(person)
    token = conformance_provider.run(INITIAL_TOKEN)
    return Suite(conformance_provider, suite_site, person, token, browser)
