"""Applications registered at the provider, and stock Odoos that know the provider."""

import itertools
from dataclasses import dataclass
from typing import Any

from dev import two_odoos

from .systems import System

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Application:
    """A client of the provider; `secret` is empty for a public one."""

    id: int
    name: str
    identifier: str
    redirect_uri: str
    secret: str = ""


@dataclass(frozen=True)
class Connection:
    """A stock Odoo that offers to log in with the provider."""

    provider: System
    client: System
    application: Application
    oauth_provider_id: int
    label: str


def create_application(provider: System, redirect_uri: str, **values: Any) -> Application:
    """Register an application; `values` are fields of `oauth2.provider.client`.

    Plain http is allowed for it. Unless it authenticates by `none` it gets a secret.
    """
    name = f"Application {next(_numbers)}"
    made = provider.run(
        """
client = env["oauth2.provider.client"].create({
    "name": name, "local_development": True, "redirect_uri_ids": [(0, 0, {"uri": redirect_uri})], **values,
})
public = client.token_endpoint_auth_method == "none"
secret = "" if public else env["oauth2.provider.client.secret"]._generate(client)
result = {"id": client.id, "identifier": client.client_identifier, "secret": secret}
""",
        name=name,
        redirect_uri=redirect_uri,
        values=values,
    )
    return Application(name=name, redirect_uri=redirect_uri, **made)


def connect(provider: System, client: System, *, sign_up: bool = True, **values: Any) -> Connection:
    """Register a stock Odoo at the provider and enter the provider there, as its only one.

    `sign_up`: whether strangers get an account at the client. `values`: fields of the application.
    """
    redirect_uri = client.url + two_odoos.CALLBACK
    application = create_application(
        provider, redirect_uri, security_profile="odoo_login", **values
    )
    label = f"Log in through {application.name}"
    oauth_provider_id = two_odoos.connect_client(
        client.shell, provider.url, application.identifier, label, sign_up=sign_up
    )
    return Connection(provider, client, application, oauth_provider_id, label)
