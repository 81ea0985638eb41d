"""The signing keys of a database: its rows from Odoo's cache, parsed once per process."""

import os
from functools import lru_cache

from odoo.tools import config

from ..protocol.jose.key_encryption import decrypt
from ..protocol.jose.keys import load_signing_key, load_verification_key

ENCRYPTION_OPTION = "oauth2_provider_key_encryption_key"


def encryption_secret():
    """The secret of the server's configuration or environment that encrypts private keys, or None."""
    return config.get(ENCRYPTION_OPTION) or os.environ.get(ENCRYPTION_OPTION.upper()) or None


@lru_cache(maxsize=256)
def _load_private(stored_pem, algorithm, secret):
    return load_signing_key(decrypt(stored_pem, secret), algorithm)


class OdooSigningKeys:
    def __init__(self, env):
        self._env = env

    def signing_key(self, algorithm):
        stored = self._rows().active[algorithm]
        return _load_private(stored, algorithm, encryption_secret())

    def published_keys(self):
        return [load_verification_key(pem, algorithm) for algorithm, pem in self._rows().published]

    def _rows(self):
        keys = self._env["oauth2.provider.signing.key"]
        rows = keys._stored_keys()
        if not rows.active:
            # A neutralized copy has lost its keys with all else that would speak for the original.
            keys._ensure_keys()
            rows = keys._stored_keys()
        return rows
