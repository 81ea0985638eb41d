"""Randomness that counts: no two values are equal, and every run of a test draws the same ones."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256


class CountedRandomness:
    def __init__(self) -> None:
        self.drawn = 0

    def token(self) -> str:
        self.drawn += 1
        digest = sha256(str(self.drawn).encode()).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()
