"""Waiting devices and failed attempts, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from fakes.memory_store import MemoryStore
from protocol.device_code import PENDING, DeviceCode, NewDeviceCode


class MemoryDeviceCodes:
    """``contended``: hashes of device codes that a parallel request holds at the moment."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.new: dict[int, NewDeviceCode] = {}
        self.codes: dict[int, DeviceCode] = {}
        self.authorizations: dict[int, int] = {}
        self.contended: set[str] = set()

    def add_device_code(self, code: NewDeviceCode) -> bool:
        if any(other.user_code_hash == code.user_code_hash for other in self.new.values()):
            return False
        number = len(self.new) + 1
        self.new[number] = code
        self.codes[number] = DeviceCode(
            id=number,
            client_id=code.client_id,
            client_identifier=self._store.clients[code.client_id].client_identifier,
            scope=code.scope,
            expires_at=code.expires_at,
            interval=code.interval,
            audience=code.audience,
            authorization_details=code.authorization_details,
        )
        return True

    def find_by_user_code(self, user_code_hash: str) -> DeviceCode | None:
        found = [n for n, new in self.new.items() if new.user_code_hash == user_code_hash]
        return self.codes[found[0]] if found else None

    def take_device_code(self, device_code_hash: str) -> DeviceCode | None:
        found = [n for n, new in self.new.items() if new.device_code_hash == device_code_hash]
        if not found:
            return None
        code = self.codes[found[0]]
        if code.id in self.authorizations:
            authorization = self._store.authorization(self.authorizations[code.id])
            code = replace(code, authorization=authorization)
        return replace(code, is_contended=device_code_hash in self.contended)

    def decide_device_code(self, code: DeviceCode, status: str) -> bool:
        if self.codes[code.id].status != PENDING:
            return False
        self._change(code, status=status)
        return True

    def authorize_device_code(self, code: DeviceCode, authorization_id: int) -> None:
        self.authorizations[code.id] = authorization_id

    def note_poll(self, code: DeviceCode, now: int, interval: int) -> None:
        self._change(code, polled_at=now, interval=interval)

    def mark_device_code_used(self, code: DeviceCode, now: int) -> None:
        self._change(code, used_at=now)

    def _change(self, code: DeviceCode, **changes: object) -> None:
        self.codes[code.id] = replace(self.codes[code.id], **changes)  # type: ignore[arg-type]


class MemoryAttempts:
    def __init__(self) -> None:
        self.attempts: list[tuple[str, str, int]] = []

    def record_attempt(self, kind: str, keys: Sequence[str], now: int) -> None:
        self.attempts += [(kind, key, now) for key in keys]

    def count_attempts(self, kind: str, keys: Sequence[str], since: int) -> Mapping[str, int]:
        return Counter(
            key for of, key, when in self.attempts if of == kind and key in keys and when > since
        )
