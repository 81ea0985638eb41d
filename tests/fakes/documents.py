"""Documents of other servers, kept in memory."""

from __future__ import annotations

from protocol.ports import StoredDocument


class MemoryDocuments:
    def __init__(self) -> None:
        self.stored: dict[str, StoredDocument] = {}
        self.turns: dict[tuple[str, str], int] = {}

    def find_document(self, url: str) -> StoredDocument | None:
        return self.stored.get(url)

    def claim_fetch(self, url: str, now: int, *, interval: int) -> bool:
        return self._claim("fetch", url, now, interval)

    def claim_renewal(self, url: str, now: int, *, interval: int) -> bool:
        return self._claim("renewal", url, now, interval)

    def save_document(self, url: str, text: str, now: int) -> None:
        self.stored[url] = StoredDocument(text, now)

    def _claim(self, kind: str, url: str, now: int, interval: int) -> bool:
        last = self.turns.get((kind, url))
        if last is not None and now < last + interval:
            return False
        self.turns[kind, url] = now
        return True
