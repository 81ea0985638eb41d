"""What comes in and what goes out: HTTP messages as the protocol sees them (RFC 6749 §3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Parameters:
    """Request parameters in the order they came, repeats included."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Parameters:
        return cls(tuple(pairs))

    def get(self, name: str) -> str | None:
        """The value of ``name``; an empty one counts as omitted (RFC 6749 §3.1)."""
        for key, value in self.pairs:
            if key == name and value:
                return value
        return None

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.pairs if key == name and value)

    def names(self) -> frozenset[str]:
        return frozenset(key for key, _value in self.pairs)

    def only(self, names: Collection[str]) -> Parameters:
        """Those of these names."""
        return Parameters(tuple(pair for pair in self.pairs if pair[0] in names))

    def repeated(self) -> frozenset[str]:
        return frozenset(name for name, n in Counter(k for k, _ in self.pairs).items() if n > 1)


@dataclass(frozen=True)
class ClientCertificate:
    """The certificate of the TLS connection that a trusted proxy ended (RFC 8705, RFC 9440).

    ``text``: as the proxy writes it. ``is_verified``: the proxy found an authority that it trusts behind it.
    """

    text: str
    is_verified: bool


@dataclass(frozen=True)
class Request:
    """One HTTP request. Headers are asked for by names in lower case; ``form`` is empty unless the body is a form,
    ``body`` unless it is JSON."""

    method: str
    path: str = ""
    query: Parameters = Parameters()
    form: Parameters = Parameters()
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    mimetype: str = ""
    body: bytes = b""
    remote_address: str = ""
    user_agent: str = ""
    path_client_identifier: str | None = None
    client_certificate: ClientCertificate | None = None


@dataclass(frozen=True)
class Page:
    """A page for a person. The adapter owns its looks and language; the protocol, what is on it."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


NO_STORE = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))


@dataclass(frozen=True)
class Response:
    """One HTTP answer: ``json`` or ``jwt`` for machines, ``page`` for people, or ``location``."""

    status: int = 200
    json: Mapping[str, Any] | None = None
    jwt: str | None = None
    jwt_type: str = "application/jwt"
    page: Page | None = None
    location: str | None = None
    headers: tuple[tuple[str, str], ...] = NO_STORE

    @classmethod
    def redirect(cls, location: str, headers: tuple[tuple[str, str], ...] = ()) -> Response:
        # 303: a browser must never repeat the body of a login form at the client (RFC 9700 §4.12).
        return cls(status=303, location=location, headers=NO_STORE + headers)
