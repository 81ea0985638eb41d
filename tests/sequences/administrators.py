"""Time, and what people and administrators take away or give back."""

from __future__ import annotations

from fakes.registrations import ALICE, ROBOT
from hypothesis import strategies
from hypothesis.stateful import rule
from protocol.entities.client import Client
from protocol.entities.end_user import EndUser

from .cast import BROWSED, MOSTLY, SERVICE, SOME_BROWSED
from .play import Play
from .things import Family

SOME_CLIENT = strategies.sampled_from((*BROWSED, SERVICE))


class Administrators(Play):
    @rule(seconds=strategies.sampled_from((1, 1, 1, 5, 11, 61, 3601, 31 * 86400)))
    def wait(self, seconds: int) -> None:
        self.provider.clock.advance(seconds)

    @rule(client=SOME_BROWSED, is_trusted=strategies.booleans())
    def trust(self, client: Client, is_trusted: bool) -> None:
        """Trust that is withdrawn asks again; what was issued meanwhile stays."""
        self.provider.change_client(client.id, is_trusted=is_trusted)
        self.truth.trusted -= {client.id}
        if is_trusted:
            self.truth.trusted |= {client.id}

    @rule(client=SOME_BROWSED)
    def look_different(self, client: Client) -> None:
        """Alice agreed to something that looked different. What is connected goes on."""
        known = self.provider.store.clients[client.id].consent_epoch
        self.provider.change_client(client.id, consent_epoch=known + 1)
        self.truth.remembered[client.id] = frozenset()

    @rule(client=SOME_CLIENT)
    def withdraw_consent(self, client: Client) -> None:
        """Alice is asked again, and nothing that the client got for her lives on."""
        self.provider.withdraw_consent(client.id)
        self.truth.remembered[client.id] = frozenset()
        families = self.truth.families
        self.end(*(f for f in families if f.client is client and f.user is ALICE))

    @rule(user=strategies.sampled_from((ALICE, ROBOT)), is_active=MOSTLY)
    def archive_a_user(self, user: EndUser, is_active: bool) -> None:
        self.provider.change_user(user.id, is_active=is_active)
        self._archive(user, is_active)
        self._look_at([f for f in self.truth.families if f.user is user])

    @rule(client=SOME_CLIENT, is_active=MOSTLY)
    def archive_a_client(self, client: Client, is_active: bool) -> None:
        archived = self.provider.store.archived_clients
        archived -= {client.id}
        if not is_active:
            archived |= {client.id}
        self._archive(client, is_active)
        self._look_at([f for f in self.truth.families if f.client is client])

    @rule(client=SOME_CLIENT, taken=strategies.sampled_from(("", "", "email", "openid email")))
    def change_scope(self, client: Client, taken: str) -> None:
        self.set_scope(client, client.scope - frozenset(taken.split()))

    def _archive(self, who: Client | EndUser, is_active: bool) -> None:
        self.truth.archived -= {(type(who), who.id)}
        if not is_active:
            self.truth.archived |= {(type(who), who.id)}

    def _look_at(self, families: list[Family]) -> None:
        for family in families:
            self.try_all_of(family)
