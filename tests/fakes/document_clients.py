"""A provider that clients come to with the address of their metadata."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from fakes.registrations_store import OpenProvider
from protocol.client_registration.document_clients import DocumentClients, document_metadata
from protocol.client_registration.login_first import with_login_first
from protocol.client_registration.policy import DocumentPolicy
from protocol.client_registration.ports import RegistrationPorts
from protocol.entities.client import Client
from protocol.outbound_throttle import Caller
from protocol.server import AuthorizationServer

ADDRESS = "https://agent.example/oauth/client.json"
CALLBACK = "https://agent.example/cb"
STRANGER = Caller("address 192.0.2.1", "strangers", 2)


class AgentProvider(OpenProvider):
    """A provider that reads the documents of clients, and one document on the internet."""

    def __init__(self, *clients: Client, **policy: Any) -> None:
        super().__init__(*clients)
        self.document_clients.chosen = DocumentPolicy(**{"is_on": True, **policy})
        parts, ports = self.server.parts, self.server.ports
        assert isinstance(ports, RegistrationPorts)
        endpoints = {
            **parts.endpoints,
            "authorization": with_login_first(parts.endpoints["authorization"]),
        }
        self.server = AuthorizationServer(
            replace(parts, endpoints=endpoints, metadata=(*parts.metadata, document_metadata)),
            self.server.settings,
            replace(ports, clients=DocumentClients(ports, STRANGER)),
        )
        self.publish()

    def handle_later(self, seconds: int) -> None:
        """Each request has ports of its own; the time of these is that of the next request."""
        self.clock.advance(seconds)
        ports = self.server.ports
        assert isinstance(ports, RegistrationPorts)
        plain = replace(ports, clients=self.store)
        ports = replace(plain, clients=DocumentClients(plain, STRANGER))
        self.server = AuthorizationServer(self.server.parts, self.server.settings, ports)

    def publish(
        self, address: str = ADDRESS, *, freshness: int | None = None, **members: Any
    ) -> None:
        """Members that are Ellipsis are left out."""
        content = {
            "client_id": address,
            "client_name": "Agent",
            "redirect_uris": [CALLBACK],
            "grant_types": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_method": "none",
            **members,
        }
        text = json.dumps({name: value for name, value in content.items() if value is not ...})
        self.internet.publish(address, text, freshness=freshness)
