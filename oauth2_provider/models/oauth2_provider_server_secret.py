"""The secret from which the server derives what it does not keep; a copy of the database gets one of its own.

By itself it opens nothing: whoever has read it out of a dump would still need a refresh token of a person. Encrypted,
as the signing keys are, with the secret of the server's configuration, it cannot even be read there.
"""

import secrets

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..adapters.odoo_signing_keys import encryption_secret
from ..protocol.jose.key_encryption import encrypt


class OAuth2ProviderServerSecret(models.Model):
    _name = "oauth2.provider.server.secret"
    _description = "OAuth 2 Server Secret"
    _log_access = False
    _allow_sudo_commands = False

    # There is one row, and this is its name: a second one cannot be made.
    purpose = fields.Char(required=True)
    secret = fields.Char(groups=fields.NO_ACCESS, copy=False, prefetch=False)

    _purpose_unique = models.UniqueIndex("(purpose)")

    @api.model
    @tools.ormcache()
    def _stored_secret(self):
        return self._read_secret() or self._make_secret()

    @api.model
    def _read_secret(self):
        self.env.cr.execute(SQL("SELECT secret FROM oauth2_provider_server_secret"))
        row = self.env.cr.fetchone()
        return row and row[0]

    @api.model
    def _make_secret(self):
        """At install, and where a neutralized copy has lost it. Whoever is second takes that of the first."""
        plain, key = secrets.token_urlsafe(32), encryption_secret()
        self.env.cr.execute(
            SQL(
                """INSERT INTO oauth2_provider_server_secret (purpose, secret)
                   VALUES ('succession', %s) ON CONFLICT (purpose) DO NOTHING""",
                encrypt(plain, key) if key else plain,
            ),
            # Two workers may do so at once. Odoo then repeats the request, and no log may have the secret.
            log_exceptions=False,
        )
        # This transaction may still fail, and its secret would live on in the cache.
        self.env.cr.postrollback.add(self.env.registry.clear_cache)
        return self._read_secret()
