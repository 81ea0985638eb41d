"""Clients that register themselves, in memory."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from fakes.document_clients_store import MemoryDocumentClients
from fakes.memory_store import MemoryStore
from fakes.provider import Provider
from protocol.client_registration.policy import RegistrationPolicy
from protocol.client_registration.ports import (
    Registration,
    RegistrationChange,
    RegistrationCounts,
    RegistrationPorts,
)
from protocol.endpoints.client_configuration import CLIENT_CONFIGURATION
from protocol.endpoints.registration import REGISTRATION, registration_metadata
from protocol.entities.client import Client, ClientSecret
from protocol.messages import Request, Response
from protocol.secret_hashing import hash_secret
from protocol.server import AuthorizationServer
from protocol.standard_parts import STANDARD_PARTS

INITIAL = "o2i_initial"
_ids = itertools.count(100)


@dataclass
class MemoryRegistrations:
    store: MemoryStore
    chosen: RegistrationPolicy = field(default_factory=RegistrationPolicy)
    initial_tokens: dict[str, int] = field(default_factory=lambda: {hash_secret(INITIAL): 100})
    known: dict[str, tuple[Registration, RegistrationChange]] = field(default_factory=dict)
    counts: RegistrationCounts = field(default_factory=lambda: RegistrationCounts(0, 0, 0))
    impossible: bool = False

    def policy(self) -> RegistrationPolicy:
        return self.chosen

    def is_initial_access_token(self, token_hash: str, now: int) -> bool:
        return self.initial_tokens.get(token_hash, 0) > 0

    def use_initial_access_token(self, token_hash: str, now: int) -> bool:
        self.initial_tokens[token_hash] -= 1
        return self.initial_tokens[token_hash] >= 0

    def count(self, address: str, since: int) -> RegistrationCounts:
        return self.counts

    def add(
        self, client_identifier: str, change: RegistrationChange, now: int, *, is_anonymous: bool
    ) -> None:
        registration = Registration(
            client_identifier, change.metadata, now, change.secret_hash is not None, is_anonymous
        )
        self._save(registration, change, next(_ids))

    def find(
        self, client_identifier: str, token_hash: str, *, to_change: bool
    ) -> Registration | None:
        registration, change = self.known.get(client_identifier, (None, None))
        if change is None or change.registration_token_hash != token_hash:
            return None
        return registration

    def replace(self, client_identifier: str, change: RegistrationChange) -> None:
        before, _change = self.known[client_identifier]
        client = self.store.find_client(client_identifier)
        assert client is not None
        after = replace(
            before,
            metadata=change.metadata,
            has_secret=before.has_secret or change.secret_hash is not None,
        )
        self._save(after, change, client.id, client.secrets)

    def delete(self, client_identifier: str) -> None:
        del self.known[client_identifier]
        clients = self.store.clients
        del clients[
            next(id for id in clients if clients[id].client_identifier == client_identifier)
        ]

    def _save(
        self,
        registration: Registration,
        change: RegistrationChange,
        id: int,
        secrets: tuple[ClientSecret, ...] = (),
    ) -> None:
        if self.impossible:
            raise ValueError("impossible")
        self.known[registration.client_identifier] = (registration, change)
        if change.secret_hash is not None:
            secrets = (*secrets, ClientSecret(id, change.secret_hash))
        self.store.clients[id] = _client(registration, change, id, secrets)


def _client(
    registration: Registration,
    change: RegistrationChange,
    id: int,
    secrets: tuple[ClientSecret, ...],
) -> Client:
    metadata = registration.metadata
    return Client(
        id=id,
        client_identifier=registration.client_identifier,
        name=metadata.get("client_name", ""),
        security_profile=change.security_profile,
        application_type=metadata["application_type"],
        token_endpoint_auth_method=metadata["token_endpoint_auth_method"],
        secrets=secrets,
        redirect_uris=tuple(metadata["redirect_uris"]),
        response_types=frozenset(metadata["response_types"]),
        grant_types=frozenset(metadata["grant_types"]),
        scope=frozenset(metadata["scope"].split()),
    )


class OpenProvider(Provider):
    """A provider at which clients register."""

    def __init__(self, *clients: Client, **policy: Any) -> None:
        super().__init__(*clients)
        self.registrations = MemoryRegistrations(self.store, RegistrationPolicy(**policy))
        self.document_clients = MemoryDocumentClients(self.store)
        server = self.server
        ports = {entry.name: getattr(server.ports, entry.name) for entry in fields(server.ports)}
        self.server = AuthorizationServer(
            replace(
                STANDARD_PARTS,
                endpoints={
                    **STANDARD_PARTS.endpoints,
                    "registration": REGISTRATION,
                    "client_configuration": CLIENT_CONFIGURATION,
                },
                metadata=(*STANDARD_PARTS.metadata, registration_metadata),
            ),
            server.settings,
            RegistrationPorts(
                **ports,
                registrations=self.registrations,
                document_clients=self.document_clients,
            ),
        )

    def register(self, body: bytes, token: str | None = INITIAL, **parts: Any) -> Response:
        headers: Mapping[str, str] = {} if token is None else {"authorization": f"Bearer {token}"}
        request = Request("POST", headers=headers, mimetype="application/json", body=body)
        return self.server.handle("registration", replace(request, **parts))

    def configure(
        self, method: str, identifier: str, token: str, body: bytes = b"", **parts: Any
    ) -> Response:
        request = Request(
            method,
            headers={"authorization": f"Bearer {token}"},
            mimetype="application/json" if body else "",
            body=body,
            path_client_identifier=identifier,
        )
        return self.server.handle("client_configuration", replace(request, **parts))
