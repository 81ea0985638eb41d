"""Whether a form comes from a page of this server: asked beside the token that the form holds (RFC 6819 §5.3.5)."""

from __future__ import annotations

from collections.abc import Mapping


def is_sent_by_another_site(headers: Mapping[str, str], *, host: str, issuer: str) -> bool:
    """Browsers tell by ``Sec-Fetch-Site`` (W3C Fetch Metadata) wherever a connection is safe, the others by ``Origin``
    (RFC 6454 §7).

    That is ``null`` for pages that say nothing of themselves, and ours do not: then only the token tells.

    :param host: that the request is for; a proxy may have another one than the browser
    """
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("Origin", "null")
    return origin != "null" and _place(origin) not in (host.lower(), _place(issuer))


def _place(address: str) -> str:
    """Host and port, without the scheme: that, too, a proxy may change."""
    return address.partition("://")[2].partition("/")[0].lower()
