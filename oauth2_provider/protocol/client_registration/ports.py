"""What dynamic registration needs from the outside, besides the ports of every request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..ports import Document
from ..server import Ports
from .policy import DocumentPolicy, RegistrationPolicy


@dataclass(frozen=True)
class Registration:
    """A client that registered itself, with all metadata that it is registered with.

    ``is_anonymous``: it came without an initial access token.
    """

    client_identifier: str
    metadata: Mapping[str, Any]
    issued_at: int
    has_secret: bool
    is_anonymous: bool = True


@dataclass(frozen=True)
class RegistrationChange:
    """What is to be stored: hashes, never secrets.

    ``secret_hash``: of a new secret; None keeps what there is.
    ``logo``: a picture as it was fetched; the store keeps it only if it can be drawn without running anything.
    """

    metadata: Mapping[str, Any]
    security_profile: str
    registration_token_hash: str
    secret_hash: str | None = None
    logo: Document | None = None


@dataclass(frozen=True)
class RegistrationCounts:
    """``clients``: registered ones that exist; the others: registrations since a moment, of all and of one address."""

    clients: int
    recent: int
    recent_of_address: int


class RegistrationStore(Protocol):
    def policy(self) -> RegistrationPolicy: ...

    def is_initial_access_token(self, token_hash: str, now: int) -> bool:
        """Whether it may be used for a registration."""

    def use_initial_access_token(self, token_hash: str, now: int) -> bool:
        """Count a use of it. False if a parallel request has used it up."""

    def count(self, address: str, since: int) -> RegistrationCounts: ...

    def add(
        self, client_identifier: str, change: RegistrationChange, now: int, *, is_anonymous: bool
    ) -> None:
        """:raises ValueError: with a sentence for the client, if this server cannot have such a client"""

    def find(
        self, client_identifier: str, token_hash: str, *, to_change: bool
    ) -> Registration | None:
        """The registration that the token is for; to change it, only if no parallel request does so now."""

    def replace(self, client_identifier: str, change: RegistrationChange) -> None:
        """:raises ValueError: as ``add`` does"""

    def delete(self, client_identifier: str) -> None:
        """Remove the client with everything issued to it."""


@dataclass(frozen=True)
class DocumentClient:
    """A client that came with the address of its metadata, as far as the document goes.

    ``is_active``: an administrator can switch it off, and it stays off.
    ``metadata``: what was read when it was fetched last, at ``fetched_at``; good until ``expires_at``.
    """

    is_active: bool
    metadata: Mapping[str, Any]
    fetched_at: int
    expires_at: int


@dataclass(frozen=True)
class DocumentChange:
    """What a document says now.

    ``logo``: a picture as it was fetched; None keeps what there is, unless ``drops_logo``.
    ``forgets_consents``: people are asked again. ``ends_connections``: and what was issued ends.
    """

    host: str
    metadata: Mapping[str, Any]
    fetched_at: int
    expires_at: int
    logo: Document | None = None
    drops_logo: bool = False
    forgets_consents: bool = False
    ends_connections: bool = False


@dataclass(frozen=True)
class DocumentClientCounts:
    """How many such clients there are altogether, and of one host."""

    clients: int
    clients_of_host: int


class DocumentClientStore(Protocol):
    def policy(self) -> DocumentPolicy: ...

    def find(self, address: str) -> DocumentClient | None: ...

    def count(self, host: str) -> DocumentClientCounts: ...

    def save(self, address: str, change: DocumentChange) -> None:
        """Add the client, or change the one of that address.

        :raises ValueError: with a sentence for the client, if this server cannot have such a client
        """

    def renew(self, address: str, fetched_at: int, expires_at: int) -> None:
        """The document has not changed."""


@dataclass(frozen=True)
class RegistrationPorts(Ports):
    """The outside world of a request to a server with dynamic registration."""

    registrations: RegistrationStore
    document_clients: DocumentClientStore
