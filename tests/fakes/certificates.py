"""Client certificates, and the forms in which proxies pass them on."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fakes.clock import START
from fakes.signing_keys import signing_key
from protocol.jose.algorithms import encode

SUBJECT = (
    (NameOID.COUNTRY_NAME, "BE"),
    (NameOID.ORGANIZATION_NAME, "Bank, Trust & Co"),
    (NameOID.COMMON_NAME, "client"),
)
SUBJECT_TEXT = r"CN=client,O=Bank\, Trust & Co,C=BE"


def make_certificate(
    subject: Sequence[tuple[x509.ObjectIdentifier, str]] = SUBJECT,
    *,
    names: Sequence[x509.GeneralName] = (),
    key: ec.EllipticCurvePrivateKey | None = None,
    start: int = START - 86400,
    days: int = 365,
) -> x509.Certificate:
    """A certificate for the server's ES256 key, or for ``key``."""
    signer = key or signing_key("ES256").private
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in subject])
    begin = datetime.fromtimestamp(start, timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(signer.public_key())
        .serial_number(7)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=days))
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(signer, hashes.SHA256())


ALTERNATIVE_NAMES = (
    x509.DNSName("client.example.com"),
    x509.UniformResourceIdentifier("https://client.example.com/id"),
    x509.IPAddress(ip_address("192.0.2.7")),
    x509.RFC822Name("client@example.com"),
)


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def thumbprint(certificate: x509.Certificate) -> str:
    return encode(sha256(der(certificate)).digest())


def header_forms(certificate: x509.Certificate) -> dict[str, str]:
    """What each kind of proxy writes."""
    bare = b64encode(der(certificate)).decode()
    escaped = quote(pem(certificate), safe="")
    return {
        "nginx": escaped,
        "nginx, plus left alone": quote(pem(certificate), safe="+/="),
        "apache": pem(certificate).strip().replace("\n", " "),
        "tabs": pem(certificate).replace("\n", "\n\t"),
        "pem with its chain": pem(certificate) + pem(certificate),
        "haproxy": bare,
        "rfc9440": f":{bare}:",
        "envoy": f'By=spiffe://x;Hash=00ff;Cert="{escaped}";Subject="CN=a,O=b";URI=',
        "envoy, alone": f'Cert="{escaped}"',
    }
