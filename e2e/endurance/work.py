"""What people and their applications do all day: log in, connect, renew, look, ask, log out. All of it is checked."""

import random
from dataclasses import dataclass, field
from typing import Any

from e2e.harness.people import Person
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.relying_party import RelyingParty
from e2e.harness.systems import System


@dataclass
class Connection:
    """What an application holds of a person."""

    party: RelyingParty
    tokens: dict[str, Any]


@dataclass
class Worker:
    """A person at work; used by one thread at a time."""

    system: System
    person: Person
    parties: list[RelyingParty]
    browser: HttpBrowser | None = None
    connections: dict[str, Connection] = field(default_factory=dict)

    def choose(self) -> str:
        """What to do next: mostly what costs little, as in life."""
        if self.browser is None:
            return "login"
        if not self.connections:
            return "connect"
        return random.choices(list(SHARES), list(SHARES.values()))[0]

    def do(self, action: str) -> None:
        """Do it; raises AssertionError if an answer is not the right one."""
        getattr(self, action)()

    def forget(self) -> None:
        """Begin anew."""
        self.browser, self.connections = None, {}

    def login(self) -> None:
        """Type the password at the provider."""
        browser = HttpBrowser(self.system)
        page = browser.log_in(self.person)
        assert page.ok, page.status_code
        assert "/web/login" not in page.url, "the password was refused"
        self.browser = browser

    def connect(self) -> None:
        """Log in to an application with the session of the provider; agree if asked."""
        assert self.browser is not None
        party = random.choice(self.parties)
        response = party.redeem(party.code(self.browser.copy()))
        assert response.status_code == 200, response.text
        self.connections[party.identifier] = Connection(party, response.json())

    def refresh(self) -> None:
        connection = self._any_connection()
        response = connection.party.refresh(connection.tokens["refresh_token"])
        assert response.status_code == 200, response.text
        connection.tokens |= response.json()

    def userinfo(self) -> None:
        connection = self._any_connection()
        response = connection.party.userinfo(connection.tokens["access_token"])
        assert response.status_code == 200, response.text
        assert response.json()["email"] == self.person.login

    def introspect(self) -> None:
        connection = self._any_connection()
        form = {"token": connection.tokens["access_token"]}
        response = connection.party.token_request(form, "/oauth2/introspect")
        assert response.status_code == 200, response.text
        assert response.json()["active"] is True

    def logout(self) -> None:
        """End the session by the hint of an application; whatever hung on the session is dead then."""
        assert self.browser is not None
        connection = self._any_connection()
        hint = {"id_token_hint": connection.tokens["id_token"]}
        page = self.browser.open("/oauth2/end_session", hint)
        assert page.status_code == 200, page.status_code
        assert not connection.party.accepts(connection.tokens["access_token"])
        self.forget()

    def _any_connection(self) -> Connection:
        return random.choice(list(self.connections.values()))


SHARES = {"userinfo": 45, "introspect": 25, "refresh": 18, "connect": 10, "logout": 2}
ACTIONS = ("login", *SHARES)
