"""What must be so, told from what people, clients and administrators did; the provider is never asked.

Everything issued belongs to a family: what one "yes" of a person, or one request of a service, created.
"""

from __future__ import annotations

from collections.abc import Iterator

from fakes.clock import FixedClock
from protocol.entities.client import Client
from protocol.entities.end_user import EndUser

from .cast import OF_A_LOGIN
from .things import AccessToken, Assertion, Code, Device, Family, Pushed, Question, RefreshToken

DAY = 86400
GRACE = 10
MAXIMUM_ACTORS = 5


class Truth:
    """``allowed``: the scope that each client may have now. ``remembered``: what Alice agreed to and did not withdraw.
    ``archived``: clients and people, by what they were at the start."""

    def __init__(self, clients: tuple[Client, ...], clock: FixedClock) -> None:
        self._clock = clock
        self.allowed = {client.id: client.scope for client in clients}
        self.remembered: dict[int, frozenset[str]] = {client.id: frozenset() for client in clients}
        self.trusted: set[int] = set()
        self.archived: set[tuple[type, int]] = set()
        self.families: list[Family] = []
        self.access_tokens: list[AccessToken] = []
        self.refresh_tokens: list[RefreshToken] = []
        self.codes: list[Code] = []
        self.pushed: list[Pushed] = []
        self.questions: list[Question] = []
        self.devices: list[Device] = []
        self.assertions: list[Assertion] = []

    @property
    def now(self) -> int:
        return self._clock.now()

    @property
    def used_codes(self) -> list[Code]:
        """Of families that have not ended."""
        return [code for code in self.codes if code.is_used and not code.family.has_ended]

    @property
    def used_refresh_tokens(self) -> list[RefreshToken]:
        return [token for token in self.refresh_tokens if token.used_at is not None]

    # What may be

    def is_active(self, who: Client | EndUser) -> bool:
        return (type(who), who.id) not in self.archived

    def may_have(self, client: Client) -> frozenset[str]:
        offline = {"offline_access"} if "refresh_token" in client.grant_types else set()
        return self.allowed[client.id] | offline

    def is_settled(self, client: Client, scope: frozenset[str]) -> bool:
        """Whether Alice need not be asked: she or an administrator said yes before, to who cannot be somebody else."""
        is_agreed = client.id in self.trusted or scope <= self.remembered[client.id]
        return is_agreed and not client.is_public

    def of_service(
        self, client: Client, wanted: str, within: frozenset[str] | None = None
    ) -> frozenset[str]:
        """The scope that a client gets where nobody logs in; empty if it is refused."""
        most = self.allowed[client.id] - OF_A_LOGIN
        if within is not None:
            most &= within
        scope = frozenset(wanted.split()) or most
        return scope if scope <= most else frozenset()

    # What lives

    def stands(self, family: Family) -> bool:
        return not family.has_ended and all(
            self.is_active(one.client) and self.is_active(one.user) for one in family.line
        )

    def lives(self, token: AccessToken | RefreshToken) -> bool:
        is_used = isinstance(token, RefreshToken) and token.used_at is not None
        return not is_used and self.now < token.expires_at and self.stands(token.family)

    def redeems(self, code: Code, client: Client, verifier: str | None) -> bool:
        return (
            client is code.family.client
            and verifier == code.verifier
            and not code.is_used
            and self.now < code.expires_at
            and self.stands(code.family)
            and bool(code.family.scope & self.may_have(client))
        )

    def repeats(self, token: RefreshToken) -> bool:
        """Whether a used refresh token gets its answer once more."""
        return (
            token.used_at is not None
            and token.successor is not None
            and token.successor.used_at is None
            and self.now - token.used_at < GRACE
        )

    def refreshes(self, token: RefreshToken, client: Client, wanted: str) -> bool:
        is_current = token.used_at is None and self.now < token.expires_at
        granted = token.family.scope & self.may_have(client)
        return (
            client is token.family.client
            and (is_current or self.repeats(token))
            and self.stands(token.family)
            and bool(granted)
            and frozenset(wanted.split()) <= granted
        )

    def exchanges(self, token: AccessToken, client: Client, wanted: str) -> bool:
        issued_to = token.family.client
        return (
            self.is_active(client)
            and (issued_to is client or issued_to.id in client.exchange_client_ids)
            and self.lives(token)
            and token.family.actors < MAXIMUM_ACTORS
            and bool(self.of_service(client, wanted, token.scope))
        )

    def connects(self, device: Device, client: Client) -> bool:
        return (
            client is device.client
            and device.family is not None
            and self.stands(device.family)
            and not device.is_used
            and self.now < device.expires_at
            and bool(device.family.scope & self.may_have(client))
        )

    # What comes into being

    def begin(
        self, client: Client, user: EndUser, scope: frozenset[str], *, waits: int = 0
    ) -> Family:
        """:param waits: seconds until it must have been called for"""
        lifetime = (180 if "offline_access" in scope else 7) * DAY
        family = Family(client, user, scope, self.now + waits + lifetime)
        self.families.append(family)
        return family

    def add_access_token(self, token: AccessToken) -> AccessToken:
        """The same one where it is known: a repeated refresh gets it again."""
        known = [old for old in self.access_tokens if old.secret == token.secret]
        if known:
            return known[0]
        self.access_tokens.append(token)
        return token

    def add_refresh_token(self, secret: str, family: Family) -> RefreshToken:
        token = RefreshToken(secret, family, min(self.now + 30 * DAY, family.expires_at))
        self.refresh_tokens.append(token)
        return token

    # What hangs together

    def under(self, family: Family) -> Iterator[Family]:
        """The family, and what was exchanged from it."""
        yield from (other for other in self.families if family in other.line)
