"""Clients that come with the address of their metadata, at every endpoint that asks for a client.

The store of clients is wrapped: an identifier that is an address is looked up, fetched when it is new or too old, and
registered. All other identifiers pass through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from ..client_metadata_document import (
    MAXIMUM_LENGTH,
    METHODS,
    check_address,
    is_document_address,
    lifetime_of,
    read_document,
)
from ..entities.client import Client
from ..entities.event import Event
from ..errors import OAuthError
from ..outbound_throttle import Caller, OutboundThrottled, throttled_fetch
from ..ports import Document, OutboundError
from ..server import AuthorizationServer
from .metadata import Offer, looks_different, to_ascii
from .policy import BASIC_GRANTS
from .ports import DocumentChange, DocumentClient, RegistrationPorts
from .remote_checks import MAXIMUM_LOGO_BYTES

# While its server does not answer, a document stays good for this long.
MAXIMUM_AGE = 86400
# Answers that say nothing about the document (RFC 9110 §15.6, RFC 6585 §4).
_FOR_NOW = frozenset({429, *range(500, 600)})
FAILED_KIND = "client_metadata_document"
# An address that failed is called again after 1, 2, 4 … seconds, as often as it failed within the period.
FAILURE_PERIOD = 600
MAXIMUM_INTERVAL = 300


class DocumentClients:
    """:param ports: of the request; their store of clients is the one to wrap
    :param caller: whose calls of other servers these are
    """

    def __init__(self, ports: RegistrationPorts, caller: Caller) -> None:
        self._ports = ports
        self._caller = caller
        self._now = ports.clock.now()

    def note_secret_use(self, secret_id: int, now: int) -> None:
        self._ports.clients.note_secret_use(secret_id, now)

    def find_client(self, client_identifier: str) -> Client | None:
        """:raises OAuthError: if the document cannot be had or used"""
        if is_document_address(client_identifier):
            if not self._ports.document_clients.policy().is_on:
                return None
            host = self._allowed_host(client_identifier)
            known = self._ports.document_clients.find(client_identifier)
            if known is None or (known.is_active and self._now >= known.expires_at):
                self._update(client_identifier, host, known)
        return self._ports.clients.find_client(client_identifier)

    def is_new(self, client_identifier: str) -> bool:
        """Whether another server would have to be called about somebody whom nobody here has ever met."""
        store = self._ports.document_clients
        if not is_document_address(client_identifier) or not store.policy().is_on:
            return False
        self._allowed_host(client_identifier)
        return store.find(client_identifier) is None

    def _allowed_host(self, address: str) -> str:
        try:
            host = check_address(address)
        except ValueError as error:
            raise _unusable(str(error)) from error
        if not self._ports.document_clients.policy().allows(host):
            raise _unusable("Clients of this host are not known here.")
        return host

    def _update(self, address: str, host: str, known: DocumentClient | None) -> None:
        if known is None:
            self._check_room(host)
        try:
            document = self._fetch(address)
        except OutboundError as error:
            if known is None or self._now >= known.fetched_at + MAXIMUM_AGE:
                raise _unavailable(error) from error
            return
        try:
            self._save(address, host, known, document)
        except (OAuthError, ValueError) as error:
            # It must count although the refusal is answered: the next one waits longer.
            self._note_failure(address)
            raise _refusal(error, document) from error

    def _check_room(self, host: str) -> None:
        """Half of it is kept for clients that people come with: whoever has many names in the DNS may fill the rest."""
        store = self._ports.document_clients
        policy, counts = store.policy(), store.count(host)
        share = 1 if self._caller.is_person else 2
        if (
            counts.clients >= policy.maximum_clients // share
            or counts.clients_of_host >= policy.maximum_clients_of_host // share
        ):
            raise OAuthError(
                "temporarily_unavailable",
                "No more clients can come with the address of their metadata.",
                detail=f"there are {counts.clients}, of {host} {counts.clients_of_host}",
            )

    def _fetch(self, address: str) -> Document:
        key = _key(address)
        since = self._now - FAILURE_PERIOD
        failures = self._ports.attempts.count_attempts(FAILED_KIND, [key], since).get(key, 0)
        interval = min(2**failures, MAXIMUM_INTERVAL)

        def claim() -> bool:
            return self._ports.documents.claim_fetch(address, self._now, interval=interval)

        try:
            document = self._call(address, MAXIMUM_LENGTH, claim)
            if document.status in _FOR_NOW:
                raise OutboundError(f"{address} answered with status {document.status}")
        except OutboundThrottled:
            raise
        except OutboundError:
            self._note_failure(address)
            raise
        return document

    def _call(
        self, url: str, maximum_bytes: int, claim: Callable[[], bool] = lambda: True
    ) -> Document:
        return throttled_fetch(
            self._ports,
            self._caller,
            url,
            maximum_bytes=maximum_bytes,
            now=self._now,
            claim=claim,
        )

    def _save(
        self, address: str, host: str, known: DocumentClient | None, document: Document
    ) -> None:
        store = self._ports.document_clients
        scope = store.policy().scope
        offer = Offer(METHODS, response_types={"code"}, grant_types=BASIC_GRANTS, scope=scope)
        metadata = read_document(address, document, offer)
        expires_at = self._now + lifetime_of(document)
        if known is not None and known.metadata == metadata:
            store.renew(address, self._now, expires_at)
            return
        change = DocumentChange(host, metadata, self._now, expires_at)
        before = known.metadata if known else {}
        if before.get("logo_uri") != metadata.get("logo_uri"):
            logo = self._logo(metadata.get("logo_uri"))
            change = replace(change, logo=logo, drops_logo=logo is None)
        if known is not None:
            method = "token_endpoint_auth_method"
            change = replace(
                change,
                forgets_consents=looks_different(before, metadata),
                ends_connections=before[method] != metadata[method],
            )
        store.save(address, change)
        if known is None:
            self._record(address)

    def _logo(self, logo_uri: str | None) -> Document | None:
        """As at registration, a logo that cannot be had now is no reason to refuse the client."""
        if logo_uri is None:
            return None
        try:
            document = self._call(logo_uri, MAXIMUM_LOGO_BYTES)
        except OutboundError:
            return None
        return document if document.status == 200 else None

    def _note_failure(self, address: str) -> None:
        self._ports.attempts.record_attempt(FAILED_KIND, [_key(address)], self._now)

    def _record(self, address: str) -> None:
        client = self._ports.clients.find_client(address)
        self._ports.events.record(
            Event(
                "client_registered",
                self._now,
                client_identifier=address,
                client_id=client.id if client else None,
                detail=self._caller.name,
            )
        )


def _key(address: str) -> str:
    return sha256(address.encode()).hexdigest()[:32]


def _unusable(reason: str, detail: str = "") -> OAuthError:
    """The same at every endpoint: none of them can go on without knowing the client."""
    description = to_ascii(f"The client_id cannot be used. {reason}")
    return OAuthError("invalid_client", description, detail=detail, status=400)


def _unavailable(error: OutboundError) -> OAuthError:
    """What went wrong between the servers is nothing for strangers."""
    return OAuthError(
        "temporarily_unavailable",
        "The metadata document of the client cannot be fetched now.",
        detail=str(error)[:500],
        headers=(("Retry-After", "5"),),
    )


def _refusal(error: OAuthError | ValueError, document: Document) -> OAuthError:
    reason = error.description if isinstance(error, OAuthError) else str(error)
    detail = f"{reason} (status {document.status}, {document.content_type[:100]})"
    return _unusable(f"Its metadata document is refused: {reason}", detail)


def document_metadata(_server: AuthorizationServer) -> Mapping[str, Any]:
    """For servers that read the metadata documents of clients."""
    return {"client_id_metadata_document_supported": True}
