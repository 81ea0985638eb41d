"""Values that may be used once."""

from __future__ import annotations


class MemoryReplays:
    def __init__(self) -> None:
        self.used: dict[tuple[str, str], int] = {}

    def use_once(self, kind: str, value: str, expires_at: int) -> bool:
        assert kind
        if (kind, value) in self.used:
            return False
        self.used[kind, value] = expires_at
        return True
