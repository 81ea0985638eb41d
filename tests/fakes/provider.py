"""A whole provider in memory, with the browser of an end-user and the clients that talk to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from fakes.clock import FixedClock
from fakes.devices import MemoryAttempts, MemoryDeviceCodes
from fakes.documents import MemoryDocuments
from fakes.end_users import BrowserSession, MemoryDirectory
from fakes.issuers import MemoryIssuers
from fakes.memory_store import MemoryStore
from fakes.outbound import MemoryInternet
from fakes.places import MemoryPlaces
from fakes.randomness import CountedRandomness
from fakes.registrations import ALICE, CLIENT, ROBOT
from fakes.replays import MemoryReplays
from fakes.resources import MemoryResources
from fakes.server_secret import FixedServerSecret
from fakes.signing_keys import MemorySigningKeys
from fakes.wire import Pairs, basic, bearer, code_exchange, code_request, pairs, query_of, tokens_of
from protocol.consented_client import digest_of
from protocol.entities.client import Client
from protocol.entities.end_user import EndUser, EndUserSession
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM
from protocol.secret_hashing import hash_secret
from protocol.server import AuthorizationServer, Ports
from protocol.settings import Settings
from protocol.standard_parts import STANDARD_PARTS

ISSUER = "https://id.example.com"


class Provider:
    """One server, and one browser with its cookies and login."""

    def __init__(self, *clients: Client, settings: Settings | None = None) -> None:
        self.clock = FixedClock()
        self.randomness = CountedRandomness()
        self.resources = MemoryResources()
        self.internet = MemoryInternet()
        self.replays = MemoryReplays()
        self.documents = MemoryDocuments()
        self.cookies: dict[str, str] = {}
        self.store = MemoryStore(
            clients={client.id: client for client in clients or (CLIENT,)},
            users={ALICE.id: ALICE, ROBOT.id: ROBOT},
        )
        self.browser = BrowserSession(self.store.users)
        self.directory = MemoryDirectory(self.store.users)
        self.device_codes = MemoryDeviceCodes(self.store)
        self.attempts = MemoryAttempts()
        self.places = MemoryPlaces()
        self.issuers = MemoryIssuers()
        self.server = AuthorizationServer(
            STANDARD_PARTS,
            settings or Settings(issuer=ISSUER),
            Ports(
                clock=self.clock,
                randomness=self.randomness,
                clients=self.store,
                requests=self.store,
                authorizations=self.store,
                tokens=self.store,
                consents=self.store,
                device_codes=self.device_codes,
                attempts=self.attempts,
                places=self.places,
                trusted_issuers=self.issuers,
                resources=self.resources,
                end_users=self.directory,
                sessions=self.browser,
                logout_requests=self.store,
                events=self.store,
                signing_keys=MemorySigningKeys(),
                outbound=self.internet,
                replays=self.replays,
                documents=self.documents,
                server_secret=FixedServerSecret(),
            ),
        )

    # What a person does

    def log_in(self, user: EndUser = ALICE, **session: Any) -> None:
        session.setdefault("auth_moment", session.pop("auth_time", None))
        self.browser.session = EndUserSession(user, session_hash="s" * 64, **session)

    def change_client(self, client_id: int = CLIENT.id, **changes: Any) -> None:
        self.store.clients[client_id] = replace(self.store.clients[client_id], **changes)

    def change_user(self, user_id: int = ALICE.id, **changes: Any) -> None:
        self.store.users[user_id] = replace(self.store.users[user_id], **changes)

    def withdraw_consent(self, client_id: int = CLIENT.id) -> None:
        """As the models do it: without the consent nothing that was issued under it lives on."""
        self.store.consents.pop((ALICE.id, client_id), None)
        for number, authorization in self.store.authorizations.items():
            if (authorization.user_id, authorization.client_id) == (ALICE.id, client_id):
                self.store.revocations.append((number, "consent", self.clock.now()))

    # What the browser sends

    def ask(self, parameters: Pairs, method: str = "GET") -> Response:
        """An authorization request."""
        sent = Parameters(pairs(parameters))
        if method == "POST":
            return self._browse("authorization", method, form=sent)
        return self._browse("authorization", method, query=sent)

    def go_on(self, rid: str) -> Response:
        return self._browse("continue", "GET", query=Parameters((("rid", rid),)))

    def decide(self, rid: str, decision: str = "allow", *, shown: str | None = None) -> Response:
        """A button of the consent page; without ``shown``, of one that has been opened just now."""
        shown = self._shown(rid) if shown is None else shown
        form = Parameters((("rid", rid), ("shown", shown), ("consent", decision)))
        return self._browse("consent", "POST", form=form)

    def _shown(self, rid: str) -> str:
        stored = self.store.find_request(hash_secret(rid))
        client = stored and self.store.find_client(stored.client_identifier)
        return digest_of(client) if client else ""

    def start(self, parameters: Pairs, method: str = "GET") -> str:
        """An accepted authorization request: its handle."""
        response = self.ask(parameters, method)
        assert response.location is not None, response
        assert urlsplit(response.location).path.endswith("/oauth2/authorize/continue")
        return query_of(response)["rid"]

    def agree(self, parameters: Pairs) -> Response:
        """The answer to a request that a logged-in person agrees to."""
        if self.browser.session is None:
            self.log_in()
        return self.decide(self.start(parameters))

    def _browse(self, endpoint: str, method: str, **parts: Any) -> Response:
        response = self.server.handle(
            endpoint,
            Request(method, cookies=dict(self.cookies), remote_address="192.0.2.1", **parts),
        )
        for name, value in response.headers:
            if name == "Set-Cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        return response

    # What a client sends

    def post_token(
        self, form: Pairs, headers: Mapping[str, str] | None = None, **parts: Any
    ) -> Response:
        """A token request, by default of ``CLIENT`` with client_secret_basic."""
        request = Request(
            "POST",
            form=Parameters(pairs(form)),
            headers=basic() if headers is None else headers,
            mimetype=FORM,
        )
        return self.server.handle("token", replace(request, **parts))

    def push(
        self, form: Pairs, headers: Mapping[str, str] | None = None, method: str = "POST"
    ) -> Response:
        """A pushed authorization request, by default of ``CLIENT`` with client_secret_basic."""
        request = Request(
            method,
            path="/oauth2/par",
            form=Parameters(pairs(form)),
            headers=basic() if headers is None else headers,
            mimetype=FORM,
        )
        return self.server.handle("pushed_authorization_request", request)

    def get_code(self, parameters: Pairs | None = None) -> str:
        return query_of(self.agree(parameters or code_request()))["code"]

    def get_tokens(self) -> dict[str, Any]:
        """The tokens of a whole code flow of ``CLIENT``."""
        return tokens_of(self.post_token(code_exchange(self.get_code())))

    def refresh(self, refresh_token: str, **more: str) -> Response:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, **more}
        return self.post_token(form)

    def get(self, endpoint: str, token: str, **parts: Any) -> Response:
        """A request to a protected resource with the token in the header."""
        return self.server.handle(endpoint, Request("GET", headers=bearer(token), **parts))

    def event_types(self) -> list[str]:
        return [event.event_type for event in self.store.events]
