"""The audit trail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """One line of the audit trail. ``detail`` is for administrators and holds no secret."""

    event_type: str
    occurred_at: int
    client_identifier: str | None = None
    client_id: int | None = None
    user_id: int | None = None
    ip_address: str = ""
    user_agent: str = ""
    detail: str = ""
