"""The client certificate of the TLS connection, out of a header, believed only from the proxy that ends TLS for us.

Anybody can send a header. So what counts is the address at the other end of the connection to this process, not the one
that Odoo makes of X-Forwarded-For.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from ..protocol.messages import ClientCertificate

DEFAULT_CERTIFICATE_HEADER = "X-SSL-Client-Cert"
DEFAULT_VERIFY_HEADER = "X-SSL-Client-Verify"
# What proxies write where there is no certificate.
_NONE = ("", "(null)", "-")
# What nginx and Apache write when an authority that they trust stands behind the certificate.
_VERIFIED = "SUCCESS"
_HEADER = re.compile(r"[A-Za-z0-9-]+")


@dataclass(frozen=True)
class TrustedProxies:
    """``networks``: from where the headers are believed; nowhere by default."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    certificate_header: str = DEFAULT_CERTIFICATE_HEADER
    verify_header: str = DEFAULT_VERIFY_HEADER

    @classmethod
    def of(cls, addresses, certificate_header="", verify_header=""):
        """:raises ValueError: if one of them is no address, network or name of a header"""
        headers = (
            certificate_header or DEFAULT_CERTIFICATE_HEADER,
            verify_header or DEFAULT_VERIFY_HEADER,
        )
        for header in headers:
            if not _HEADER.fullmatch(header):
                raise ValueError(f"{header} is no name of a header.")
        networks = tuple(ip_network(address) for address in addresses.replace(",", " ").split())
        return cls(networks, *headers)

    def certificate(self, environ):
        """:param environ: of WSGI, after Odoo's changes to it"""
        if not self.networks or not self._is_from_proxy(environ):
            return None
        text = environ.get(_key(self.certificate_header), "")
        if text in _NONE:
            return None
        verdict = environ.get(_key(self.verify_header), "")
        return ClientCertificate(text=text, is_verified=verdict == _VERIFIED)

    def _is_from_proxy(self, environ):
        # In proxy mode Odoo replaces the address; Werkzeug keeps the old one here, where no header can write.
        original = environ.get("werkzeug.proxy_fix.orig", {})
        try:
            peer = ip_address(original.get("REMOTE_ADDR") or environ.get("REMOTE_ADDR", ""))
        except ValueError:
            return False
        peer = getattr(peer, "ipv4_mapped", None) or peer
        return any(peer in network for network in self.networks)


def _key(header):
    return "HTTP_" + header.upper().replace("-", "_")
