"""Documents of other servers: fetched when needed, kept for a while, never a failure in place of a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .ports import OutboundError
from .server import Context

LIFETIME = 3600
# While its server does not answer, a document stays good for this long.
MAXIMUM_AGE = 86400
RENEWAL_INTERVAL = 60
RETRY_INTERVAL = 10
# Documents for which a worker may be waiting at one moment, be it for the other server or for a parallel request.
ROOM, PLACES = "outbound documents", 4

Content = TypeVar("Content")


class DocumentUnavailable(Exception):
    """The document cannot be had now. The text is for the log alone."""


def load_document(
    context: Context, url: str, *, parse: Callable[[str], Content], maximum_bytes: int
) -> Content:
    """What ``parse`` makes of the document, which may have been fetched a while ago.

    :param parse: raises ValueError for a document that is not what was expected; such a one is never kept
    :raises DocumentUnavailable: if there is none
    """
    store, now = context.ports.documents, context.now
    stored = store.find_document(url)
    if stored is not None and now < stored.fetched_at + LIFETIME:
        return parse(stored.text)
    try:
        _take_place(context, url)
        if not store.claim_fetch(url, now, interval=RETRY_INTERVAL):
            raise DocumentUnavailable(f"{url} is being fetched or failed a moment ago")
        return _fetch(context, url, parse, maximum_bytes)
    except DocumentUnavailable:
        if stored is not None and now < stored.fetched_at + MAXIMUM_AGE:
            return parse(stored.text)
        raise


def renew_document(
    context: Context, url: str, *, parse: Callable[[str], Content], maximum_bytes: int
) -> Content | None:
    """The document as it is now, or None if it was fetched or renewed a moment ago.

    :raises DocumentUnavailable: if it cannot be fetched
    """
    store, now = context.ports.documents, context.now
    stored = store.find_document(url)
    if stored is not None and stored.fetched_at >= now:
        return None
    _take_place(context, url)
    if not store.claim_renewal(url, now, interval=RENEWAL_INTERVAL):
        return None
    return _fetch(context, url, parse, maximum_bytes)


def _take_place(context: Context, url: str) -> None:
    """Anybody can name a client whose keys stand at a slow server."""
    if not context.ports.places.take_place(ROOM, PLACES):
        raise DocumentUnavailable(f"{url}: too many documents are being fetched")


def _fetch(
    context: Context, url: str, parse: Callable[[str], Content], maximum_bytes: int
) -> Content:
    try:
        document = context.ports.outbound.fetch(url, maximum_bytes=maximum_bytes)
        if document.status != 200:
            raise DocumentUnavailable(f"{url} answered with status {document.status}")
        text = document.body.decode("utf-8")
        content = parse(text)
    except (OutboundError, ValueError) as error:
        raise DocumentUnavailable(f"{url}: {error}") from error
    context.ports.documents.save_document(url, text, context.now)
    return content
