"""The code that a device shows and a person types (RFC 8628 §6.1)."""

from __future__ import annotations

import re
from hashlib import sha256

from .ports import Randomness, ServerSecret

# No vowels, so no words; nothing that looks like something else; 20^8 codes.
USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
USER_CODE_LENGTH = 8


def new_user_code(randomness: Randomness) -> str:
    """A code to be typed, as a person reads it."""
    number = int.from_bytes(sha256(randomness.token().encode()).digest(), "big")
    letters = ""
    for _position in range(USER_CODE_LENGTH):
        number, index = divmod(number, len(USER_CODE_LETTERS))
        letters += USER_CODE_LETTERS[index]
    return f"{letters[:4]}-{letters[4:]}"


def read_user_code(typed: str) -> str | None:
    """The code as the device shows it, however a person wrote it (RFC 8628 §6.1); None if it cannot be one."""
    code = re.sub(r"[\s\-_.]", "", typed).upper()
    if len(code) != USER_CODE_LENGTH or not set(code) <= set(USER_CODE_LETTERS):
        return None
    return f"{code[:4]}-{code[4:]}"


def hash_user_code(secret: ServerSecret, typed: str) -> str | None:
    """What is stored of the code that a person typed; None if it cannot be one.

    Of a code this short a bare hash could be reversed by trying them all: it takes the server's secret to try one.
    """
    code = read_user_code(typed)
    return None if code is None else secret.derive(f"user code\n{code}")
