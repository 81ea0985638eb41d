"""Client certificates as a proxy passes them on, and what is compared about them (RFC 8705, RFC 9440)."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from ..distinguished_name import DistinguishedName
from .algorithms import encode
from .public_jwk import public_key_of

MAXIMUM_LENGTH = 32768
# Envoy's X-Forwarded-Client-Cert: one element, since a second one comes from a proxy further away.
_PROPERTY = r'(?!Cert=)[A-Za-z]+=(?:"(?:[^"\\]|\\.)*"|[^",;]*)'
_ENVOY = re.compile(rf'(?:{_PROPERTY};)*Cert="([^"]*)"(?:;{_PROPERTY})*')
_PEM = re.compile(r"\s*-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.S)
_GENERAL_NAMES = {
    "dns": x509.DNSName,
    "uri": x509.UniformResourceIdentifier,
    "ip": x509.IPAddress,
    "email": x509.RFC822Name,
}


@dataclass(frozen=True)
class Certificate:
    """``thumbprint``: x5t#S256 (RFC 8705 §3.1). ``alternative_names``: by kind, as ``dns``.

    ``public_key``: its DER encoding. The times are seconds since 1970 UTC.
    """

    thumbprint: str
    subject: DistinguishedName
    alternative_names: Mapping[str, frozenset[str]]
    public_key: bytes
    not_before: int
    not_after: int

    def is_valid_at(self, now: int) -> bool:
        return self.not_before <= now < self.not_after

    def has_key(self, jwk: Mapping[str, Any]) -> bool:
        """Whether a JWK shows this certificate or its key (RFC 7517 §4.7)."""
        chain = jwk.get("x5c")
        try:
            if isinstance(chain, list) and chain and isinstance(chain[0], str):
                shown = _thumbprint(b64decode(chain[0], validate=True))
                if shown == self.thumbprint:
                    return True
            return _encoded(public_key_of(jwk)) == self.public_key
        except ValueError:
            return False


@lru_cache(maxsize=256)
def load_certificate(text: str) -> Certificate:
    """The certificate in a header of a proxy.

    Known forms: PEM, escaped as in an address (nginx) or with other white space than line ends (Apache); base64 of
    the DER form, bare (HAProxy, Traefik) or between colons (RFC 9440); Envoy's list of properties.

    :raises ValueError: if it is none of them
    """
    return _parsed(_der_of(text))


def _der_of(text: str) -> bytes:
    if len(text) > MAXIMUM_LENGTH:
        raise ValueError("The certificate is too long.")
    envoy = _ENVOY.fullmatch(text)
    text = unquote(envoy[1] if envoy else text)
    pem = _PEM.match(text)
    encoded = re.sub(r"\s", "", pem[1] if pem else text)
    if len(encoded) > 1 and encoded[0] == encoded[-1] == ":":
        encoded = encoded[1:-1]
    try:
        return b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError("The certificate is in no known form.") from error


def _parsed(der: bytes) -> Certificate:
    certificate = x509.load_der_x509_certificate(der)
    return Certificate(
        thumbprint=_thumbprint(der),
        # RFC 4514 §2.1: the most specific part first, other than in the certificate.
        subject=tuple(
            frozenset((part.oid.dotted_string, str(part.value)) for part in group)
            for group in reversed(certificate.subject.rdns)
        ),
        alternative_names=_alternative_names(certificate),
        public_key=_encoded(certificate.public_key()),
        not_before=_time(certificate, "not_valid_before"),
        not_after=_time(certificate, "not_valid_after"),
    )


def _encoded(key: Any) -> bytes:
    encoded: bytes = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return encoded


def _thumbprint(der: bytes) -> str:
    return encode(sha256(der).digest())


def _alternative_names(certificate: x509.Certificate) -> Mapping[str, frozenset[str]]:
    try:
        names: Any = certificate.extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        ).value
    except x509.ExtensionNotFound:
        return {kind: frozenset() for kind in _GENERAL_NAMES}
    return {
        kind: frozenset(str(value) for value in names.get_values_for_type(type_))
        for kind, type_ in _GENERAL_NAMES.items()
    }


def _time(certificate: x509.Certificate, name: str) -> int:
    """Newer releases of the library have a second attribute with the time zone, and warn about the first."""
    aware: datetime | None = getattr(certificate, f"{name}_utc", None)
    value: datetime = aware or getattr(certificate, name).replace(tzinfo=timezone.utc)
    return int(value.timestamp())
