"""The stores of the protocol in memory, faithful to ports.py: hashes only, and liveness read together with the row.

Clients and end-users are looked up when a code or token is read, as the SQL of a real store joins them: what a test
changes about them counts from then on for everything issued before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from protocol.entities.authorization import (
    Authorization,
    AuthorizationCode,
    AuthorizationReference,
    AuthorizationRequest,
    NewAuthorization,
    NewAuthorizationCode,
    about_client,
)
from protocol.entities.client import Client
from protocol.entities.end_user import EndUser
from protocol.entities.event import Event
from protocol.entities.logout_request import LogoutRequest
from protocol.entities.token import AccessToken, NewToken, RefreshToken
from protocol.ports import RefusalCounts


@dataclass
class StoredCode:
    id: int
    new: NewAuthorizationCode
    used_at: int | None = None


@dataclass
class StoredToken:
    id: int
    authorization_id: int
    new: NewToken
    used_at: int | None = None
    extended_to: int | None = None

    @property
    def expires_at(self) -> int:
        return self.extended_to or self.new.expires_at


@dataclass
class MemoryStore:
    """Every store of the protocol at once.

    ``contended``: hashes of codes, refresh tokens and requests that a parallel transaction holds at the moment.
    """

    clients: dict[int, Client] = field(default_factory=dict)
    archived_clients: set[int] = field(default_factory=set)
    users: dict[int, EndUser] = field(default_factory=dict)
    requests: dict[str, AuthorizationRequest] = field(default_factory=dict)
    logout_requests: dict[str, LogoutRequest] = field(default_factory=dict)
    authorizations: dict[int, NewAuthorization] = field(default_factory=dict)
    revocations: list[tuple[int, str, int]] = field(default_factory=list)
    access_ended: dict[int, int] = field(default_factory=dict)
    codes: dict[str, StoredCode] = field(default_factory=dict)
    tokens: dict[str, StoredToken] = field(default_factory=dict)
    consents: dict[tuple[int, int], frozenset[str]] = field(default_factory=dict)
    consents_about: dict[tuple[int, int], str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    unrecorded: dict[str, int] = field(default_factory=dict)
    contended: set[str] = field(default_factory=set)

    # ClientStore

    def find_client(self, client_identifier: str) -> Client | None:
        for client in self.clients.values():
            if client.client_identifier == client_identifier:
                return None if client.id in self.archived_clients else client
        return None

    def note_secret_use(self, secret_id: int, now: int) -> None:
        for client in self.clients.values():
            secrets = tuple(
                replace(secret, last_used_at=now) if secret.id == secret_id else secret
                for secret in client.secrets
            )
            self.clients[client.id] = replace(client, secrets=secrets)

    # AuthorizationRequestStore

    def save_request(self, request: AuthorizationRequest) -> None:
        assert request.handle_hash not in self.requests
        self.requests[request.handle_hash] = request

    def find_request(self, handle_hash: str) -> AuthorizationRequest | None:
        return self.requests.get(handle_hash)

    def complete_request(self, handle_hash: str, now: int) -> bool:
        request = self.requests[handle_hash]
        if request.completed_at is not None or handle_hash in self.contended:
            return False
        self.requests[handle_hash] = replace(request, completed_at=now)
        return True

    # LogoutRequestStore

    def save_logout_request(self, request: LogoutRequest) -> None:
        assert request.handle_hash not in self.logout_requests
        self.logout_requests[request.handle_hash] = request

    def find_logout_request(self, handle_hash: str) -> LogoutRequest | None:
        return self.logout_requests.get(handle_hash)

    # AuthorizationStore

    def add_authorization(self, authorization: NewAuthorization) -> int:
        authorization_id = len(self.authorizations) + 1
        self.authorizations[authorization_id] = authorization
        return authorization_id

    def find_authorization(self, identifier: str) -> Authorization | None:
        for authorization_id, new in self.authorizations.items():
            if new.identifier == identifier:
                return self.authorization(authorization_id)
        return None

    def find_shared_authorization(self, sharing_key: str, client: Client) -> Authorization | None:
        assert client.id in self.clients
        for authorization_id, new in reversed(self.authorizations.items()):
            if new.sharing_key == sharing_key:
                return self.authorization(authorization_id)
        return None

    def add_code(self, code: NewAuthorizationCode) -> None:
        assert code.code_hash not in self.codes
        self.codes[code.code_hash] = StoredCode(len(self.codes) + 1, code)

    def take_code(self, code_hash: str, client: Client) -> AuthorizationCode | None:
        assert client.id in self.clients
        stored = self.codes.get(code_hash)
        if stored is None:
            return None
        return AuthorizationCode(
            id=stored.id,
            authorization=self.authorization(stored.new.authorization_id),
            redirect_uri=stored.new.redirect_uri,
            redirect_uri_was_sent=stored.new.redirect_uri_was_sent,
            code_challenge=stored.new.code_challenge,
            expires_at=stored.new.expires_at,
            used_at=stored.used_at,
            is_contended=code_hash in self.contended,
            dpop_jkt=stored.new.dpop_jkt,
        )

    def mark_code_used(self, code: AuthorizationCode, now: int) -> None:
        (stored,) = [stored for stored in self.codes.values() if stored.id == code.id]
        stored.used_at = now

    def revoke_authorization(self, authorization_id: int, reason: str, event: Event) -> None:
        assert authorization_id in self.authorizations
        self.revocations.append((authorization_id, reason, event.occurred_at))
        self.record(event)

    # TokenStore

    def add_tokens(self, authorization_id: int, tokens: Sequence[NewToken]) -> None:
        assert authorization_id in self.authorizations
        for token in tokens:
            stored = StoredToken(len(self.tokens) + 1, authorization_id, token)
            self.tokens.setdefault(token.token_hash, stored)

    def find_access_token(self, token_hash: str) -> AccessToken | None:
        stored = self._token(token_hash, "access")
        return (
            None
            if stored is None
            else AccessToken(
                authorization=self.authorization(stored.authorization_id),
                scope=stored.new.scope,
                issued_at=stored.new.issued_at,
                expires_at=stored.new.expires_at,
                audience=stored.new.audience,
                confirmation=stored.new.confirmation,
                authorization_details=stored.new.authorization_details,
            )
        )

    def find_token(self, token_hash: str, client: Client) -> AccessToken | RefreshToken | None:
        assert client.id in self.clients
        return self._find_token(token_hash)

    def _find_token(self, token_hash: str) -> AccessToken | RefreshToken | None:
        return self.find_access_token(token_hash) or self._find_refresh_token(token_hash)

    def find_reference(self, token_hash: str) -> AuthorizationReference | None:
        token = self._find_token(token_hash)
        return None if token is None else token.authorization.reference

    def take_refresh_token(
        self, token_hash: str, client: Client, *, waits_at: int | None
    ) -> RefreshToken | None:
        assert client.id in self.clients
        token = self._find_refresh_token(token_hash)
        is_contended = token_hash in self.contended and waits_at is None
        return None if token is None else replace(token, is_contended=is_contended)

    def _find_refresh_token(self, token_hash: str) -> RefreshToken | None:
        stored = self._token(token_hash, "refresh")
        return (
            None
            if stored is None
            else RefreshToken(
                id=stored.id,
                authorization=self.authorization(stored.authorization_id),
                scope=stored.new.scope,
                expires_at=stored.expires_at,
                used_at=stored.used_at,
                confirmation=stored.new.confirmation,
            )
        )

    def mark_refresh_token_used(self, token: RefreshToken, now: int) -> None:
        (stored,) = [stored for stored in self.tokens.values() if stored.id == token.id]
        stored.used_at = now

    def extend_refresh_token(self, token: RefreshToken, expires_at: int) -> None:
        (stored,) = [stored for stored in self.tokens.values() if stored.id == token.id]
        stored.extended_to = expires_at

    # ConsentStore

    def find_consented_scope(self, user_id: int, client_id: int, about: str) -> frozenset[str]:
        if self.consents_about.get((user_id, client_id)) != about:
            return frozenset()
        return self.consents.get((user_id, client_id), frozenset())

    def remember_consent(
        self, user_id: int, client_id: int, about: str, scope: frozenset[str], now: int
    ) -> None:
        known = self.find_consented_scope(user_id, client_id, about)
        self.consents[user_id, client_id] = scope | known
        self.consents_about[user_id, client_id] = about

    # EventLog

    def record(self, event: Event, *, unless_since: int | None = None) -> None:
        if unless_since is not None:
            same = ("event_type", "client_id", "user_id", "detail")
            for old in self.events:
                if old.occurred_at >= unless_since and all(
                    getattr(old, name) == getattr(event, name) for name in same
                ):
                    return
        self.events.append(event)

    def count_refusals(self, event_type: str, client_id: int | None, since: int) -> RefusalCounts:
        same = [e for e in self.events if e.event_type == event_type and e.occurred_at > since]
        of_client = sum(event.client_id == client_id for event in same)
        return RefusalCounts(len(same), of_client, self.unrecorded.get(event_type, 0))

    def count_unrecorded(self, event_type: str) -> None:
        self.unrecorded[event_type] = self.unrecorded.get(event_type, 0) + 1

    def forget_unrecorded(self, event_type: str) -> None:
        del self.unrecorded[event_type]

    def _token(self, token_hash: str, kind: str) -> StoredToken | None:
        stored = self.tokens.get(token_hash)
        return stored if stored is not None and stored.new.kind == kind else None

    def authorization(self, authorization_id: int) -> Authorization:
        stored = self.authorizations[authorization_id]
        client = self.clients[stored.client_id]
        revoked = {number for number, _reason, _now in self.revocations}
        return Authorization(
            id=authorization_id,
            client_id=client.id,
            user=self.users[stored.user_id],
            scope=stored.scope,
            created_at=stored.created_at,
            expires_at=stored.expires_at,
            identifier=stored.identifier,
            is_offline=stored.is_offline,
            audience=stored.audience,
            authorization_details=stored.authorization_details,
            act=stored.act,
            origins=tuple(self.authorization(origin).grounds[-1] for origin in stored.origins),
            is_revoked=authorization_id in revoked,
            auth_time=stored.auth_time,
            nonce=stored.nonce,
            acr=stored.acr,
            amr=stored.amr,
            session_hash=stored.session_hash or "",
            claims=stored.claims,
            epoch=stored.epoch,
            access_ended_at=self.access_ended.get(authorization_id),
            **about_client(client) | {"client_is_active": client.id not in self.archived_clients},
        )
