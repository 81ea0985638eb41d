"""Encrypting private keys at rest with a secret that lies outside the database (Fernet)."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken

MINIMUM_SECRET_LENGTH = 32
_MARK = "fernet:"


def encrypt(pem: str, secret: str) -> str:
    """:param secret: long and random; not a password, since it is not stretched
    :raises ValueError: if the secret is too short
    """
    return _MARK + _fernet(secret).encrypt(pem.encode("ascii")).decode("ascii")


def decrypt(stored: str, secret: str | None) -> str:
    """What ``encrypt`` was given, or ``stored`` itself if it was never encrypted.

    :raises ValueError: if the secret is missing or another one
    """
    if not stored.startswith(_MARK):
        return stored
    if secret is None:
        raise ValueError("The signing keys are encrypted, but no secret is configured.")
    try:
        return _fernet(secret).decrypt(stored[len(_MARK) :].encode("ascii")).decode("ascii")
    except InvalidToken as error:
        raise ValueError("The signing keys were encrypted with another secret.") from error


def _fernet(secret: str) -> Fernet:
    if len(secret) < MINIMUM_SECRET_LENGTH:
        raise ValueError(f"The secret must have {MINIMUM_SECRET_LENGTH} characters at least.")
    return Fernet(urlsafe_b64encode(sha256(secret.encode()).digest()))
