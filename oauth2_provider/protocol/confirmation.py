"""The key that the sender of a token must prove to hold (RFC 7800 §3, RFC 9449 §6, RFC 8705 §3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Confirmation:
    """``jkt``: thumbprint of a DPoP key; ``x5t_s256``: that of a client certificate. Without either, whoever holds the
    token may use it."""

    jkt: str | None = None
    x5t_s256: str | None = None

    @property
    def is_bound(self) -> bool:
        return self.jkt is not None or self.x5t_s256 is not None

    @property
    def token_type(self) -> str:
        """RFC 9449 §5; a token that is bound to a certificate alone stays a bearer token (RFC 8705 §3)."""
        return "Bearer" if self.jkt is None else "DPoP"

    def is_met_by(self, proven: Confirmation) -> bool:
        """Whether a sender has proven each of the keys named here."""
        return self.jkt in (None, proven.jkt) and self.x5t_s256 in (None, proven.x5t_s256)

    def members(self) -> dict[str, str]:
        """The content of ``cnf``."""
        named = {"jkt": self.jkt, "x5t#S256": self.x5t_s256}
        return {name: value for name, value in named.items() if value is not None}


NO_CONFIRMATION = Confirmation()
