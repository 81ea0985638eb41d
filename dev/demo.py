"""`make demo`: two real Odoos; people of the first one log in at the second."""

import dataclasses
import json
import os
import subprocess
import time
from dataclasses import dataclass

from . import browser, two_odoos
from .console import say, step
from .log_check import problems
from .odoo_server import OdooServer, next_free_port
from .python_environment import for_tools
from .results import Results
from .settings import ADDON, ROOT
from .tls_authority import Authority
from .workbench import Workbench

PROVIDER_PORT = 8069
CLIENT_PORT = 8070
LABEL = "Log in with Acme"
ADMIN = ("admin", "admin")
PICTURES = ROOT / "docs/images"


@dataclass(frozen=True)
class Person:
    """Somebody with an account at the provider."""

    name: str
    login: str
    password: str
    group: str
    kind: str


PEOPLE = (
    Person("Ines Duarte", "ines@acme.example", "ines-demo", "base.group_user", "employee"),
    Person("Paul Berger", "paul@customer.example", "paul-demo", "base.group_portal", "portal user"),
)


@dataclass(frozen=True)
class Demo:
    """Two running systems that know each other; `authority`: who vouches for their certificates, over https."""

    provider: OdooServer
    client: OdooServer
    application_id: int
    oauth_provider_id: int
    authority: Authority | None


def run(workbench: Workbench, *, check: bool, tls: bool) -> Results:
    """Start the demo; then wait for Ctrl-C, or play the login in a browser and stop."""
    if check:
        browser.find_or_install(workbench.settings.cache)
    demo = _start(workbench, tls=tls)
    if check:
        return _check(workbench, demo)
    _explain(demo)
    _wait(demo)
    return Results(passed=1)


def _start(workbench: Workbench, *, tls: bool) -> Demo:
    provider_database = workbench.create_database("provider", [ADDON])
    client_database = workbench.create_database("client", ["auth_oauth"])

    def start(database: str, host: str, port: int) -> OdooServer:
        if tls:
            return workbench.start_tls_server(database, host=host, port=_port(port))[0]
        return workbench.start_server(database, host=host, port=_port(port))

    with step("start two Odoos"):
        provider = start(provider_database, "localhost", PROVIDER_PORT)
        client = start(client_database, "127.0.0.1", CLIENT_PORT)
    with step("make them known to each other"):
        application_id, oauth_provider_id = _connect(workbench, provider, client)
    authority = workbench.authority if tls else None
    return Demo(provider, client, application_id, oauth_provider_id, authority)


def _port(wished: int) -> int:
    port = next_free_port(wished)
    if port != wished:
        say(f"  port {wished} is taken, using {port}")
    return port


def _connect(workbench: Workbench, provider: OdooServer, client: OdooServer) -> tuple[int, int]:
    with workbench.shell(provider.database) as shell:
        two_odoos.prepare_system(shell, provider.url, "Acme", ADMIN[1])
        two_odoos.draw_logo(shell, "Acme", "#0b6e4f")
        two_odoos.confirm_issuer(shell, provider.url)
        for person in PEOPLE:
            two_odoos.create_user(shell, person.name, person.login, person.password, person.group)
        application = two_odoos.create_odoo_application(shell, "Acme Projects", client.url)
    with workbench.shell(client.database) as shell:
        two_odoos.prepare_system(shell, client.url, "Acme Projects", ADMIN[1])
        two_odoos.draw_logo(shell, "Acme Projects", "#8c2f39")
        identifier = application["client_identifier"]
        record = two_odoos.connect_client(shell, provider.url, identifier, LABEL)
    return application["id"], record


def _explain(demo: Demo) -> None:
    say(f"""
  Provider  {demo.provider.url}   the Odoo that has the accounts (with this add-on)
  Client    {demo.client.url}   an untouched Odoo that people log in to

  1. Open {demo.client.url}/web/login and click "{LABEL}".
  2. Log in as one of these, and allow:
""")
    for person in PEOPLE:
        say(f"       {person.login:24} {person.password:12} {person.kind}")
    say(f"""
  3. You are logged in at the client. Look around as its administrator, and as the provider's:
     {ADMIN[0]} / {ADMIN[1]} on both; the provider's app is called "OAuth 2".
""")
    if demo.authority:
        say(
            f"  Have your browser trust {demo.authority.certificate} first, or go past its warning.\n"
        )
    say("""\
  Every start begins afresh. Ctrl-C stops both.
""")


def _wait(demo: Demo) -> None:
    while demo.provider.is_running() and demo.client.is_running():
        time.sleep(0.5)
    stopped = demo.client if demo.provider.is_running() else demo.provider
    say(f"{stopped.url} has ended by itself; see {stopped.log}")


def _check(workbench: Workbench, demo: Demo) -> Results:
    person = PEOPLE[0]
    scene = {
        "browser": str(browser.find()),
        "provider": demo.provider.url,
        "client": demo.client.url,
        "label": LABEL,
        "person": dataclasses.asdict(person),
        "admin": ADMIN,
        "application_id": demo.application_id,
        "oauth_provider_id": demo.oauth_provider_id,
        "pictures": str(PICTURES),
        "switches": [demo.authority.browser_switch] if demo.authority else [],
        "failure_picture": str(workbench.logs / "demo-failure.png"),
    }
    python = for_tools(workbench.settings).python
    played = subprocess.run(
        [str(python), "-m", "dev.demo_check"],
        cwd=ROOT,
        env={
            **os.environ,
            **(demo.authority.variables if demo.authority else {}),
            "PYTHONPATH": str(ROOT),
        },
        input=json.dumps(scene),
        text=True,
        check=False,
    )
    unexpected = [
        record
        for server in (demo.provider, demo.client)
        for record in problems(server.log_text().splitlines())
    ]
    for record in unexpected:
        say(record.text)
    good = played.returncode == 0 and not unexpected
    return Results(passed=1) if good else Results(failed=1)
