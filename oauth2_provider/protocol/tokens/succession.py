"""Tokens that follow from the refresh token that was presented (RFC 9700 §4.14.2).

An answer can get lost, and a client can refresh twice at a time. The successors are therefore a function of the token,
so that the same question gets the same answer for a short while, and nothing has to be kept in clear for that. To who
lacks the token or the server's secret they are random bits.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..ports import ServerSecret

REFRESH_TOKEN = "refresh_token"


@dataclass(frozen=True)
class Succession:
    """``presented``: the refresh token in clear, which is not kept anywhere."""

    secret: ServerSecret
    presented: str = field(repr=False)

    def of(self, what: str) -> Successor:
        """:param what: what is to be made of it; something else gets other bits"""
        return Successor(self.secret, f"succession\n{self.presented}\n{what}")


@dataclass(frozen=True)
class Successor:
    """Randomness that draws the same each time."""

    secret: ServerSecret
    text: str = field(repr=False)

    def token(self) -> str:
        return self.secret.derive(self.text)
