"""People: the groups they belong to, and who is logged in at the browser."""

from __future__ import annotations

from collections import defaultdict

from protocol.entities import EndUser, EndUserSession


class MemoryDirectory:
    def __init__(self) -> None:
        self.groups: dict[int, set[int]] = defaultdict(set)

    def is_member(self, user: EndUser, group_ids: frozenset[int]) -> bool:
        return not group_ids.isdisjoint(self.groups[user.id])


class BrowserSession:
    """The login state of the one browser; ``session`` is None while nobody is logged in."""

    def __init__(self) -> None:
        self.session: EndUserSession | None = None

    def current(self) -> EndUserSession | None:
        return self.session
