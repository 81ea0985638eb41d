"""The internet: documents at addresses, and what was posted where."""

from __future__ import annotations

from collections.abc import Mapping

from protocol.outbound_policy import destination_of
from protocol.ports import Document, OutboundError, OutboundForbidden


class MemoryInternet:
    """An address without a document is a server that does not answer."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.private_hosts: set[str] = set()
        self.fetched: list[str] = []
        self.posted: list[tuple[str, dict[str, str]]] = []

    def publish(
        self,
        url: str,
        body: str | bytes,
        *,
        content_type: str = "application/json",
        status: int = 200,
        freshness: int | None = None,
    ) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.documents[url] = Document(status, content_type, content, freshness)

    def check_destination(self, url: str) -> None:
        _check(url)
        if destination_of(url).host in self.private_hosts:
            raise OutboundForbidden("private")

    def fetch(self, url: str, *, maximum_bytes: int) -> Document:
        _check(url)
        self.fetched.append(url)
        document = self.documents.get(url.partition("#")[0])
        if document is None or len(document.body) > maximum_bytes:
            raise OutboundError("no answer")
        return document

    def post_form(self, url: str, fields: Mapping[str, str]) -> int:
        _check(url)
        self.posted.append((url, dict(fields)))
        document = self.documents.get(url)
        if document is None:
            raise OutboundError("no answer")
        return document.status


def _check(url: str) -> None:
    try:
        destination_of(url)
    except ValueError as error:
        raise OutboundForbidden(str(error)) from error
