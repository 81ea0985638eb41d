"""A provider at which nothing ends at the gate: it takes every kind of client, on anybody's word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fakes.database_text import with_database_text
from fakes.document_clients import AgentProvider
from protocol.client_registration.policy import IMPLICIT_GRANTS, RegistrationPolicy
from protocol.client_registration.ports import RegistrationPorts
from protocol.entities.client import Client


def open_provider(*clients: Client, **options: Any) -> AgentProvider:
    """Strangers may register and bring documents, somebody is logged in, and stores refuse what PostgreSQL would.

    :param options: of the settings
    """
    provider = AgentProvider(*clients)
    provider.registrations.chosen = RegistrationPolicy(
        is_open=True, allows_fapi2=True, anonymous_grants=IMPLICIT_GRANTS
    )
    provider.log_in()
    settings = replace(provider.server.settings, mtls=True, **options)
    ports = provider.server.ports
    assert isinstance(ports, RegistrationPorts)
    plain = replace(
        provider.server, settings=settings, ports=replace(ports, clients=provider.store)
    )
    provider.server = with_database_text(plain)
    provider.handle_later(0)
    return provider
