"""Other servers whose word is believed, each with the clients that may come with it."""

from __future__ import annotations

from protocol.entities.end_user import TrustedIssuer


class MemoryIssuers:
    def __init__(self) -> None:
        self.trusted: dict[TrustedIssuer, set[int]] = {}

    def find_issuer(self, issuer: str, client_id: int) -> TrustedIssuer | None:
        for trusted, client_ids in self.trusted.items():
            if trusted.issuer == issuer and client_id in client_ids:
                return trusted
        return None
