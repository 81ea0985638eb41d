"""People: the groups they belong to, who is logged in at the browser, and where that login was used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from protocol.entities.client import Client
from protocol.entities.end_user import EndUser, EndUserSession, Factor
from protocol.own_claims import OwnClaim


class MemoryDirectory:
    def __init__(self, users: Mapping[int, EndUser]) -> None:
        self.users = users
        self.groups: dict[int, set[int]] = defaultdict(set)
        self.claims: list[OwnClaim] = []
        self.asked_for_claims = 0
        self.is_open = False
        self.managers: set[int] = set()

    def strangers_may_sign_up(self) -> bool:
        return self.is_open

    def find_user(self, user_id: int) -> EndUser | None:
        return self.users.get(user_id)

    def may_serve(self, user_id: int) -> bool:
        return user_id not in self.managers

    def find_user_by(self, kind: str, value: str) -> EndUser | None:
        assert "\0" not in value, "PostgreSQL takes no such text"
        for user in self.users.values():
            if value == (user.login if kind == "login" else user.public_subject):
                return user
        return None

    def own_claims(self, user: EndUser, client_id: int) -> list[OwnClaim]:
        self.asked_for_claims += 1
        return self.claims

    def is_member(self, user: EndUser, group_ids: frozenset[int]) -> bool:
        return not group_ids.isdisjoint(self.groups[user.id])


class BrowserSession:
    """The login state of the one browser; ``session`` is None while nobody is logged in.

    ``factors``: what the person has set up.
    """

    def __init__(self, users: Mapping[int, EndUser]) -> None:
        self._users = users
        self.session: EndUserSession | None = None
        self.factors: tuple[Factor, ...] = ()
        self.clients: dict[str, list[Client]] = defaultdict(list)
        self.ended: list[str] = []

    def further_factors(self, session: EndUserSession) -> tuple[Factor, ...]:
        assert session == self.current()
        return tuple(factor for factor in self.factors if not factor.amr <= set(session.amr))

    def current(self) -> EndUserSession | None:
        """Of the person as they are now, if they still may."""
        if self.session is None:
            return None
        user = self._users.get(self.session.user.id, self.session.user)
        return replace(self.session, user=user) if user.is_active else None

    def end(self) -> None:
        assert self.session is not None
        self.ended.append(self.session.session_hash)
        self.session = None

    def clients_of(self, session_hash: str) -> Sequence[Client]:
        return [client for client in self.clients[session_hash] if client.frontchannel_logout_uri]
