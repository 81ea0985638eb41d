"""Makes a certificate authority of our own and a server certificate for this machine's names.

Runs in the tools' environment (trustme); the folder to fill is its argument.
"""

import hashlib
import sys
from base64 import b64encode
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

NAMES = ("localhost", "127.0.0.1", "*.localhost")


def main(folder: Path) -> None:
    """Write the files that `tls_authority.Authority` names."""
    authority = trustme.CA(organization_name="OAuth2 Provider for Odoo, this machine only")
    server = authority.issue_cert(*NAMES, common_name="localhost")
    key = server.private_key_pem.bytes()
    public = load_pem_private_key(key, None).public_key()
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    authority.private_key_pem.write_to_path(folder / "ca.key")
    (folder / "server.pem").write_bytes(b"".join(pem.bytes() for pem in server.cert_chain_pems))
    (folder / "server.key").write_bytes(key)
    (folder / "server.spki").write_text(b64encode(hashlib.sha256(spki).digest()).decode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
