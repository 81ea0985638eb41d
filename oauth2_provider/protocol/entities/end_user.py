"""A person with an account here, and how they logged in (OpenID Connect Core §2, §5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class EndUser:
    """A person with an account here. ``claims`` are the standard claims that have a value (OIDC Core §5.1).

    ``public_subject``: for ``subject.py`` alone, which says who they are for a client.
    ``epoch``: how often their access has been ended, see ``Authorization``.
    """

    id: int
    public_subject: str
    is_active: bool = True
    is_internal: bool = True
    name: str = ""
    login: str = ""
    epoch: int = 0
    claims: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ProvenLogin:
    """A login as it is remembered: who, when, how and how well (OpenID Connect Core §2)."""

    user: EndUser
    auth_time: int | None
    amr: tuple[str, ...]
    acr: str | None = None


@dataclass(frozen=True)
class EndUserSession:
    """The login state of the browser that sent the request.

    ``is_locked``: logged in, but behind a screen lock; the person must prove themselves before anything is issued.
    ``session_hash`` identifies the session without being able to open it; a secret all the same.
    ``session_reference``: how the surroundings find the session again; means nothing here.
    ``auth_moment``: when the person last proved themselves in this session, with its fraction; None if nobody knows.
    ``amr``: how they did it (RFC 8176).
    """

    user: EndUser
    session_hash: str
    auth_moment: float | None = None
    amr: tuple[str, ...] = ()
    is_locked: bool = False
    session_reference: str = ""

    @property
    def auth_time(self) -> int | None:
        """As clients are told (OpenID Connect Core §2)."""
        return None if self.auth_moment is None else int(self.auth_moment)


@dataclass(frozen=True)
class Factor:
    """A way in which the end-user could prove more in the session, and the methods that it would add (RFC 8176)."""

    name: str
    amr: frozenset[str]


@dataclass(frozen=True)
class TrustedIssuer:
    """Somebody else whose word about a person is believed (RFC 7523 §3).

    ``jwks``, ``jwks_uri``: its keys, as a client has them.
    ``subject_kind``: what its ``sub`` is: "login", or "subject" where it knows people as our clients do.
    """

    issuer: str
    jwks: str | None = None
    jwks_uri: str | None = None
    subject_kind: str = "login"
