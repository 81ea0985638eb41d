"""What dynamic registration needs from the outside, besides the ports of every request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..ports import Document
from ..server import Ports
from .policy import RegistrationPolicy


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
class RegistrationPorts(Ports):
    """The outside world of a request to a server with dynamic registration."""

    registrations: RegistrationStore
