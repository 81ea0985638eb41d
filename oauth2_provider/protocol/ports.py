"""What the protocol needs from the outside, as interfaces. Adapters fulfil them; tests use memory.

Stores receive hashes, never secrets. A store that cannot answer raises its own error and the protocol lets it pass, so
that the surroundings can repeat the whole request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from .device_code import DeviceCode, NewDeviceCode
from .entities.authorization import (
    Authorization,
    AuthorizationCode,
    AuthorizationReference,
    AuthorizationRequest,
    NewAuthorization,
    NewAuthorizationCode,
)
from .entities.client import Client
from .entities.end_user import EndUser, EndUserSession, Factor, TrustedIssuer
from .entities.event import Event
from .entities.logout_request import LogoutRequest
from .entities.resource import AuthorizationDetailsType, Resource
from .entities.token import AccessToken, NewToken, RefreshToken
from .jose.keys import SigningKey, VerificationKey
from .own_claims import OwnClaim


class Clock(Protocol):
    def now(self) -> int:
        """Seconds since 1970 UTC."""

    def moment(self) -> float:
        """The same with its fraction, to know which of two things of one second came first."""


class Randomness(Protocol):
    def token(self) -> str:
        """256 fresh random bits, base64url without padding."""


class ServerSecret(Protocol):
    """A secret of this server that is as long as its hash, that nothing shows and that a copy of it does not have."""

    def derive(self, text: str) -> str:
        """HMAC-SHA-256 of the text with the secret, base64url without padding: the same 256 bits each time, and random
        to everybody else."""


class ClientStore(Protocol):
    def find_client(self, client_identifier: str) -> Client | None:
        """The active client of that identifier."""

    def note_secret_use(self, secret_id: int, now: int) -> None:
        """Remember when the secret was used last."""


class AuthorizationRequestStore(Protocol):
    def save_request(self, request: AuthorizationRequest) -> None: ...

    def find_request(self, handle_hash: str) -> AuthorizationRequest | None: ...

    def complete_request(self, handle_hash: str, now: int) -> bool:
        """Use the request up. False if it was used up before or a parallel request does so now."""


class AuthorizationStore(Protocol):
    def add_authorization(self, authorization: NewAuthorization) -> int:
        """Store it and return its id."""

    def find_authorization(self, identifier: str) -> Authorization | None:
        """The one of that random name, together with all that decides whether it lives, as of one moment."""

    def find_shared_authorization(self, sharing_key: str, client: Client) -> Authorization | None:
        """The newest one with that key, likewise.

        :param client: of the request. Here and below it saves reading the same once more; what is found may be another
            one's nevertheless
        """

    def add_code(self, code: NewAuthorizationCode) -> None: ...

    def take_code(self, code_hash: str, client: Client) -> AuthorizationCode | None:
        """Find a code and hold it against parallel redemption until the transaction ends."""

    def mark_code_used(self, code: AuthorizationCode, now: int) -> None: ...

    def revoke_authorization(self, authorization_id: int, reason: str, event: Event) -> None:
        """Kill everything issued under it when the event occurred, and record that. Insert-only: waits for nobody."""


class TokenStore(Protocol):
    def add_tokens(self, authorization_id: int, tokens: Sequence[NewToken]) -> None:
        """Store them. One that is there already stays as it is: it was made twice from the same refresh token."""

    def find_access_token(self, token_hash: str) -> AccessToken | None:
        """The token together with all that decides whether it lives, as of one moment."""

    def find_token(self, token_hash: str, client: Client) -> AccessToken | RefreshToken | None:
        """A token of either kind, likewise."""

    def find_reference(self, token_hash: str) -> AuthorizationReference | None:
        """The authorization that a token of either kind hangs on."""

    def take_refresh_token(
        self, token_hash: str, client: Client, *, waits_at: int | None
    ) -> RefreshToken | None:
        """Find a refresh token and hold it against parallel rotation until the transaction ends.

        :param waits_at: the time, to let a parallel rotation end first instead of calling the token contended; one that
            has expired by then is not waited for
        """

    def mark_refresh_token_used(self, token: RefreshToken, now: int) -> None: ...

    def extend_refresh_token(self, token: RefreshToken, expires_at: int) -> None:
        """Move its end; if a parallel request does so at this moment, that is enough."""


class ConsentStore(Protocol):
    """``about``: what the consent is about (``consented_client.digest_of``); one about something else is none."""

    def find_consented_scope(self, user_id: int, client_id: int, about: str) -> frozenset[str]: ...

    def remember_consent(
        self, user_id: int, client_id: int, about: str, scope: frozenset[str], now: int
    ) -> None:
        """Add to what was agreed before: asking for less once must not forget more."""


class ResourceStore(Protocol):
    def find_resources(self, identifiers: Sequence[str]) -> Sequence[Resource]:
        """The active ones among these; ``identifiers`` are canonical (``resource_indicators.canonical``)."""

    def find_authorization_details_types(
        self, names: Sequence[str]
    ) -> Sequence[AuthorizationDetailsType]:
        """Those among these names whose resource is active."""


class EndUserDirectory(Protocol):
    def own_claims(self, user: EndUser, client_id: int) -> Sequence[OwnClaim]:
        """The claims that an administrator made for this client, with their values for this end-user."""

    def is_member(self, user: EndUser, group_ids: frozenset[int]) -> bool:
        """Whether the end-user belongs to one of these groups, implied ones included."""

    def find_user(self, user_id: int) -> EndUser | None:
        """The account of that id, active or not."""

    def may_serve(self, user_id: int) -> bool:
        """Whether applications may act as that account without a person: none that manages rights."""

    def find_user_by(self, kind: str, value: str) -> EndUser | None:
        """The only account of a person with that "login", or that public "subject"."""

    def strangers_may_sign_up(self) -> bool:
        """Whether people can make an account for themselves, so that prompt=create is of use."""


class TrustedIssuerStore(Protocol):
    def find_issuer(self, issuer: str, client_id: int) -> TrustedIssuer | None:
        """The issuer of exactly that name, if the client may come with its assertions."""


class EndUserSessions(Protocol):
    def current(self) -> EndUserSession | None:
        """The complete login of the requesting browser; a half-done one (second factor pending) is none."""

    def further_factors(self, session: EndUserSession) -> Sequence[Factor]:
        """What the end-user of this session has set up and could still use, the strongest first."""

    def end(self) -> None:
        """Log the requesting browser out, with all that a logout brings: tokens that were bound to the session end,
        clients are told in the back channel, and the browser state of session management is forgotten."""

    def clients_of(self, session_hash: str) -> Sequence[Client]:
        """The clients that a session has logged in to and that have a front-channel address."""


class LogoutRequestStore(Protocol):
    def save_logout_request(self, request: LogoutRequest) -> None: ...

    def find_logout_request(self, handle_hash: str) -> LogoutRequest | None: ...


class DeviceCodeStore(Protocol):
    def add_device_code(self, code: NewDeviceCode) -> bool:
        """Store it. False if its user code is taken."""

    def find_by_user_code(self, user_code_hash: str) -> DeviceCode | None: ...

    def take_device_code(self, device_code_hash: str) -> DeviceCode | None:
        """Find it and hold it against parallel requests until the transaction ends."""

    def decide_device_code(self, code: DeviceCode, status: str) -> bool:
        """Write down what the person decided. False if it was decided before."""

    def authorize_device_code(self, code: DeviceCode, authorization_id: int) -> None:
        """Let it hang on the authorization that its person gave."""

    def note_poll(self, code: DeviceCode, now: int, interval: int) -> None:
        """Remember when the device asked, and how many seconds it has to wait until it may ask again."""

    def mark_device_code_used(self, code: DeviceCode, now: int) -> None: ...


class AttemptLog(Protocol):
    """Failed attempts, shared by all workers."""

    def record_attempt(self, kind: str, keys: Sequence[str], now: int) -> None:
        """Count one failure for each of the keys, such as the person and the address that it came from."""

    def count_attempts(self, kind: str, keys: Sequence[str], since: int) -> Mapping[str, int]:
        """How many failures each of the keys has had; a key without any is left out."""


class Places(Protocol):
    """Rooms with so many places in each, shared by all workers."""

    def take_place(self, room: str, places: int) -> bool:
        """Hold one place in the room until the request ends. False if all are taken now; nobody waits."""


@dataclass(frozen=True)
class RefusalCounts:
    """``of_type``, ``of_client``: events of a type since a moment, all of them and those of one client (or of none).

    ``unrecorded``: how many came since the last one that should have told so; parallel requests may blur it.
    """

    of_type: int
    of_client: int
    unrecorded: int


class EventLog(Protocol):
    def record(self, event: Event, *, unless_since: int | None = None) -> None:
        """Add a line; none, if there is one that is the same in type, client, user and detail and not older than
        ``unless_since``. Parallel requests may add theirs nonetheless."""

    def count_refusals(
        self, event_type: str, client_id: int | None, since: int
    ) -> RefusalCounts: ...

    def count_unrecorded(self, event_type: str) -> None:
        """Count one that gets no line. It waits for nobody and leaves no row."""

    def forget_unrecorded(self, event_type: str) -> None:
        """A line has told how many there were."""


class SigningKeys(Protocol):
    """The server's own keys, from memory."""

    def signing_key(self, algorithm: str) -> SigningKey:
        """The key that signs at the moment."""

    def published_keys(self) -> Sequence[VerificationKey]:
        """All keys that others must know: the next ones, the signing ones, and old ones whose tokens still live."""


class ReplayStore(Protocol):
    def use_once(self, kind: str, value: str, expires_at: int) -> bool:
        """Use the value up. False if it was used before or a parallel request does so now, on whichever worker.

        :param kind: values of different kinds have nothing to do with each other
        :param expires_at: until when the value would be accepted, so until when its use must be remembered
        """


@dataclass(frozen=True)
class StoredDocument:
    """A document of another server, as it was when it was last fetched."""

    text: str
    fetched_at: int


class FetchedDocumentStore(Protocol):
    """Documents of other servers, shared by all workers. The store also sees to it that nobody is asked too often."""

    def find_document(self, url: str) -> StoredDocument | None: ...

    def claim_fetch(self, url: str, now: int, *, interval: int) -> bool:
        """Whether it is this request's turn to fetch the document: not if one tried within ``interval`` seconds."""

    def claim_renewal(self, url: str, now: int, *, interval: int) -> bool:
        """Likewise, to fetch a document before its time; these turns are counted by themselves."""

    def save_document(self, url: str, text: str, now: int) -> None:
        """Keep what was fetched. The document was claimed before."""


class OutboundError(Exception):
    """A request to another server was not made, or not answered in time and in size.

    The text is for the log alone: told to a stranger, it would describe the network that the server stands in.
    """


class OutboundForbidden(OutboundError):
    """The address is one that the server does not connect to."""


@dataclass(frozen=True)
class Document:
    """What another server answered. Redirects are not followed, and only an answer with status 200 has a body.

    ``content_type``: in small letters, without parameters.
    ``freshness``: seconds for which it stays good by the word of that server; None if it did not say.
    """

    status: int
    content_type: str
    body: bytes
    freshness: int | None = None


class Outbound(Protocol):
    """The one door for requests to other servers: https to public addresses, within one deadline.

    Addresses come from registrations, so from strangers. A fragment of an address is not sent.
    """

    def check_destination(self, url: str) -> None:
        """Tell beforehand what would never be connected to. A name that has no address now may have one later.

        :raises OutboundForbidden: if the address is not https, or leads where the server does not connect to
        """

    def fetch(self, url: str, *, maximum_bytes: int) -> Document:
        """GET the document.

        :raises OutboundError: also if the document is larger
        """

    def post_form(self, url: str, fields: Mapping[str, str]) -> int:
        """POST the form and return the status; what else is answered is not read.

        :raises OutboundError: if there is no answer
        """
