"""The server's own secret: its row from Odoo's cache, decrypted once per process."""

import hmac
from functools import cached_property, lru_cache

from ..protocol.jose.algorithms import encode
from ..protocol.jose.key_encryption import decrypt
from .odoo_signing_keys import encryption_secret


@lru_cache(maxsize=256)
def _load(stored, secret):
    return decrypt(stored, secret).encode("ascii")


class OdooServerSecret:
    def __init__(self, env):
        self._env = env

    def derive(self, text):
        return encode(hmac.digest(self._secret, text.encode("utf-8"), "sha256"))

    @cached_property
    def _secret(self):
        stored = self._env["oauth2.provider.server.secret"]._stored_secret()
        return _load(stored, encryption_secret())
