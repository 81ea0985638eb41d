"""Clients that come with the address of their metadata, in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from fakes.memory_store import MemoryStore
from protocol.client_registration.policy import DocumentPolicy
from protocol.client_registration.ports import (
    DocumentChange,
    DocumentClient,
    DocumentClientCounts,
)
from protocol.entities.client import Client


@dataclass
class MemoryDocumentClients:
    store: MemoryStore
    chosen: DocumentPolicy = field(default_factory=DocumentPolicy)
    changes: list[tuple[str, DocumentChange]] = field(default_factory=list)
    renewed: list[tuple[str, int, int]] = field(default_factory=list)
    counts: DocumentClientCounts = field(default_factory=lambda: DocumentClientCounts(0, 0))
    impossible: bool = False

    def policy(self) -> DocumentPolicy:
        return self.chosen

    def find(self, address: str) -> DocumentClient | None:
        own = [change for of, change in self.changes if of == address]
        if not own:
            return None
        times = [(own[-1].fetched_at, own[-1].expires_at)]
        times += [(fetched, end) for of, fetched, end in self.renewed if of == address]
        fetched_at, expires_at = max(times)
        active = self.store.find_client(address) is not None
        return DocumentClient(active, own[-1].metadata, fetched_at, expires_at)

    def count(self, host: str) -> DocumentClientCounts:
        return self.counts

    def save(self, address: str, change: DocumentChange) -> None:
        if self.impossible:
            raise ValueError("impossible")
        before = self.store.find_client(address)
        id = before.id if before else 500 + len(self.changes)
        self.changes.append((address, change))
        metadata = change.metadata
        self.store.clients[id] = Client(
            id=id,
            client_identifier=address,
            name=metadata.get("client_name", ""),
            application_type=metadata["application_type"],
            token_endpoint_auth_method=metadata["token_endpoint_auth_method"],
            redirect_uris=tuple(metadata["redirect_uris"]),
            grant_types=frozenset(metadata["grant_types"]),
            scope=frozenset(metadata["scope"].split()),
            jwks=json.dumps(metadata["jwks"]) if "jwks" in metadata else None,
            jwks_uri=metadata.get("jwks_uri"),
        )

    def renew(self, address: str, fetched_at: int, expires_at: int) -> None:
        self.renewed.append((address, fetched_at, expires_at))
