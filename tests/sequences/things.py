"""What is handed out, and where it stands, as the truth knows it. Times in seconds since 1970 UTC."""

from __future__ import annotations

from dataclasses import dataclass, field

from protocol.entities.client import Client
from protocol.entities.end_user import EndUser


@dataclass(eq=False)
class Family:
    """``expires_at``: when its refresh tokens end at the latest. ``origin``: the one that it was exchanged from.
    ``actors``: how many act for the person, one after another."""

    client: Client
    user: EndUser
    scope: frozenset[str]
    expires_at: int
    origin: Family | None = None
    actors: int = 0
    is_revoked: bool = False

    @property
    def line(self) -> tuple[Family, ...]:
        """Itself and all that it goes back to."""
        return (self,) if self.origin is None else (self, *self.origin.line)

    @property
    def has_ended(self) -> bool:
        return any(family.is_revoked for family in self.line)


@dataclass(eq=False)
class AccessToken:
    secret: str = field(repr=False)
    family: Family
    scope: frozenset[str]
    expires_at: int


@dataclass(eq=False)
class RefreshToken:
    secret: str = field(repr=False)
    family: Family
    expires_at: int
    used_at: int | None = None
    successor: RefreshToken | None = None


@dataclass(eq=False)
class Code:
    secret: str = field(repr=False)
    family: Family
    verifier: str | None
    redirect_uri: str
    expires_at: int
    is_used: bool = False


@dataclass(eq=False)
class Pushed:
    """A pushed authorization request."""

    wanted: Wanted
    request_uri: str
    expires_at: int
    is_used: bool = False


@dataclass(eq=False)
class Wanted:
    """What a client asks for through the browser."""

    client: Client
    response_type: str
    scope: frozenset[str]
    verifier: str | None

    @property
    def redirect_uri(self) -> str:
        return self.client.redirect_uris[0]


@dataclass(eq=False)
class Question:
    """A page that asks the person. ``shown``: the scope on it."""

    wanted: Wanted
    rid: str
    shown: frozenset[str]
    pushed: Pushed | None
    is_answered: bool = False


@dataclass(eq=False)
class Device:
    """``family``: what the person's "yes" created; None before, and after a no."""

    client: Client
    device_code: str = field(repr=False)
    user_code: str = field(repr=False)
    expires_at: int
    family: Family | None = None
    is_used: bool = False


@dataclass(eq=False)
class Assertion:
    """The signed word of another server about Alice."""

    text: str = field(repr=False)
    expires_at: int
    is_used: bool = False
