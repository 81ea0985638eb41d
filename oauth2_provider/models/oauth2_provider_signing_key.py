"""Signing keys: one that signs and one that waits for each algorithm, and old ones whose tokens still live.

The public half of a key is published before it signs, so that applications know it by then; and after it has ceased to
sign, so that its last tokens can still be checked. Keys that many libraries cannot read are published once an
application is set to their algorithm: until then they sign nothing, and those libraries would only complain of them.
"""

from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..adapters.odoo_signing_keys import encryption_secret
from ..protocol.jose.algorithms import ALGORITHMS
from ..protocol.jose.key_encryption import encrypt
from ..protocol.jose.keys import generate_pem, load_signing_key, public_pem

ROTATION_PARAMETER = "oauth2_provider.key_rotation_days"
DEFAULT_ROTATION_DAYS = 90
# ID tokens end after an hour, but come back as id_token_hint as long as a login lasts.
RETIRED_DAYS = 30
# OpenID Connect asks everybody to know RSA; curves of this type came ten years later.
PUBLISHED_ON_DEMAND = frozenset(
    name for name, algorithm in ALGORITHMS.items() if algorithm.key_type == "OKP"
)


class StoredKeys(NamedTuple):
    """``active``: the stored private key of each algorithm; ``published``: algorithm and public PEM of each."""

    active: dict
    published: tuple


class OAuth2ProviderSigningKey(models.Model):
    _name = "oauth2.provider.signing.key"
    _description = "OAuth 2 Signing Key"
    _order = "algorithm, id desc"
    _rec_name = "kid"
    _log_access = False
    _allow_sudo_commands = False

    algorithm = fields.Selection(
        [(name, name) for name in ALGORITHMS], required=True, readonly=True
    )
    kid = fields.Char(string="Key ID", required=True, readonly=True, copy=False)
    state = fields.Selection(
        [
            ("next", "Waiting"),
            ("active", "Signing"),
            ("retired", "Old, for checking only"),
        ],
        required=True,
        readonly=True,
    )
    is_published = fields.Boolean(
        string="Published",
        readonly=True,
        help="Whether applications find it among the keys of this server. Keys for EdDSA are not published before an "
        "application is set to EdDSA, because many libraries cannot read them.",
    )
    private_pem = fields.Text(groups=fields.NO_ACCESS, copy=False, prefetch=False)
    public_pem = fields.Text(string="Public key", required=True, readonly=True, copy=False)
    created_at = fields.Datetime(string="Created on", required=True, readonly=True)
    activated_at = fields.Datetime(string="Signing since", readonly=True)
    retired_at = fields.Datetime(string="Signed until", readonly=True)

    _kid_unique = models.UniqueIndex("(kid)")
    _one_active = models.UniqueIndex("(algorithm) WHERE state = 'active'")
    _one_next = models.UniqueIndex("(algorithm) WHERE state = 'next'")

    @api.model_create_multi
    def create(self, vals_list):
        keys = super().create(vals_list)
        self._forget_stored_keys()
        return keys

    def write(self, vals):
        result = super().write(vals)
        self._forget_stored_keys()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_stored_keys()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        if any(key.state != "retired" for key in self):
            raise UserError(self.env._("Only old keys can be deleted. Replace this one first."))

    def action_rotate(self):
        """Let the waiting keys sign from now on, and make new ones to wait."""
        # Nobody may write a key; who may delete old ones may make them old.
        self.check_access("unlink")
        self.sudo()._rotate(list(ALGORITHMS))
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _ensure_keys(self):
        """Make the keys that are missing: all of them at install."""
        present = {(key.algorithm, key.state) for key in self.sudo().search([])}
        for algorithm in ALGORITHMS:
            for state in ("active", "next"):
                if (algorithm, state) not in present:
                    self.sudo()._generate(algorithm, state)

    @api.model
    def _publish(self, algorithms):
        """From now on something may be signed with these algorithms."""
        hidden = self.sudo().search(
            [("algorithm", "in", list(algorithms)), ("is_published", "=", False)]
        )
        if hidden:
            hidden.is_published = True

    @api.model
    def _rotate(self, algorithms):
        now = fields.Datetime.now()
        keys = self.search([("algorithm", "in", algorithms), ("state", "!=", "retired")])
        keys.lock_for_update()
        keys.filtered(lambda key: key.state == "active").write(
            # It never signs again, so nobody can steal it any more.
            {"state": "retired", "retired_at": now, "private_pem": False}
        )
        self.flush_model()
        keys.filtered(lambda key: key.state == "next").write(
            {"state": "active", "activated_at": now}
        )
        self.flush_model()
        self._ensure_keys()

    @api.model
    def _cron_rotate(self):
        """Replace keys that have signed long enough, and drop old ones that nobody needs any more."""
        days = self.env["ir.config_parameter"].sudo().get_param(ROTATION_PARAMETER)
        days = int(days or DEFAULT_ROTATION_DAYS)
        now = fields.Datetime.now()
        due = self.search(
            [("state", "=", "active"), ("activated_at", "<=", now - timedelta(days=days))]
        )
        self._rotate(due.mapped("algorithm"))
        self.search(
            [("state", "=", "retired"), ("retired_at", "<", now - timedelta(days=RETIRED_DAYS))]
        ).unlink()

    @api.model
    def _generate(self, algorithm, state):
        pem, secret = generate_pem(algorithm), encryption_secret()
        now = fields.Datetime.now()
        return self.create(
            {
                "algorithm": algorithm,
                "kid": load_signing_key(pem, algorithm).public.kid,
                "state": state,
                "is_published": algorithm not in PUBLISHED_ON_DEMAND
                or self.env["oauth2.provider.client"]._signs_with(algorithm),
                "private_pem": encrypt(pem, secret) if secret else pem,
                "public_pem": public_pem(pem, algorithm),
                "created_at": now,
                "activated_at": now if state == "active" else False,
            }
        )

    @api.model
    @tools.ormcache()
    def _stored_keys(self):
        keys = self.sudo().search([])  # pylint: disable=no-search-all
        active = keys.filtered(lambda key: key.state == "active")
        return StoredKeys(
            active={key.algorithm: key.private_pem for key in active},
            published=tuple((key.algorithm, key.public_pem) for key in keys if key.is_published),
        )

    @api.model
    def _forget_stored_keys(self):
        # Whoever reads between now and the commit caches the old state again, hence the second time after it.
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)
