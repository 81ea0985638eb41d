"""Client certificates, of the authority that the proxy trusts or of nobody, as files for a TLS client."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dev.tls_authority import Authority

SUBJECT = "CN=client,O=Example Bank"
_PEM = serialization.Encoding.PEM


def write_certificate(
    path: Path,
    key: ec.EllipticCurvePrivateKey,
    authority: Authority | None = None,
    *,
    common_name: str = "client",
) -> Path:
    """A certificate for the key, in one file with it; self-signed without an authority."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example Bank"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
    issuer, signer = subject, key
    if authority is not None:
        issuer = x509.load_pem_x509_certificate(authority.certificate.read_bytes()).subject
        signer = serialization.load_pem_private_key(authority.key.read_bytes(), None)
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(signer, hashes.SHA256())
    )
    private = key.private_bytes(
        _PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(_PEM))
    return path


def header_of(path: Path) -> str:
    """What nginx writes into the header for this certificate."""
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    return quote(certificate.public_bytes(_PEM).decode(), safe="")
