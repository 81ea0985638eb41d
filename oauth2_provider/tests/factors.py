"""What people hold in their hands: an authenticator app and a passkey, computing as the real ones do."""

import base64
import hmac
import json
import struct
import time
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def one_time_code(secret=TOTP_SECRET, *, steps=0):
    """RFC 6238, as every authenticator app computes it.

    :param steps: half minutes from now
    """
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack_from('>I', digest, offset)[0] & 0x7FFFFFFF) % 10**6:06}"


class Passkey:
    """An authenticator with one P-256 key (Web Authentication Level 2)."""

    def __init__(self, identifier):
        self.identifier = _base64url(identifier.encode())
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._count = 1

    def register(self, user):
        """Put the public half into a person's account."""
        key = (
            user.env["auth.passkey.key"]
            .with_user(user)
            .sudo()
            .create({"name": "Key", "credential_identifier": self.identifier})
        )
        user.env.cr.execute(
            "UPDATE auth_passkey_key SET public_key = %s WHERE id = %s",
            [base64.urlsafe_b64encode(self._cose()).decode(), key.id],
        )

    def answer(self, challenge, origin, host, *, verified=True):
        """What the browser sends for a challenge of Odoo."""
        self._count += 1
        client = {"type": "webauthn.get", "challenge": challenge, "origin": origin}
        client_data = json.dumps(client).encode()
        flags = 0b101 if verified else 0b001
        data = sha256(host.encode()).digest() + bytes([flags]) + struct.pack(">I", self._count)
        signed = data + sha256(client_data).digest()
        signature = self._key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return json.dumps(
            {
                "id": self.identifier,
                "rawId": self.identifier,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {
                    "clientDataJSON": _base64url(client_data),
                    "authenticatorData": _base64url(data),
                    "signature": _base64url(signature),
                },
            }
        )

    def _cose(self):
        """COSE_Key (RFC 9053 §7.1.1) of a P-256 key: EC2, ES256, the curve, both coordinates."""
        numbers = self._key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        return bytes.fromhex("a5010203262001215820") + x + bytes.fromhex("225820") + y


def _base64url(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
