"""How the authorization server of this database is put together.

Sibling add-ons inherit this model to add parts, so the set of parts belongs to the database, never to the process.
"""

import logging
import secrets
from functools import lru_cache
from typing import NamedTuple

from odoo import api, models, tools
from odoo.tools.lru import LRU

from ..adapters.odoo_clock import SystemClock, SystemRandomness
from ..adapters.odoo_end_users import ClaimsPolicy, OdooEndUsers
from ..adapters.odoo_languages import installed_locales
from ..adapters.odoo_server_secret import OdooServerSecret
from ..adapters.odoo_sessions import OdooSessions
from ..adapters.odoo_signing_keys import OdooSigningKeys
from ..adapters.outbound_http import DEADLINE, GuardedOutbound
from ..adapters.sql_store.attempts import SqlAttemptLog
from ..adapters.sql_store.authorization_requests import SqlAuthorizationRequestStore
from ..adapters.sql_store.authorizations import SqlAuthorizationStore
from ..adapters.sql_store.clients import ClientCache, SqlClientStore
from ..adapters.sql_store.consents import SqlConsentStore
from ..adapters.sql_store.device_codes import SqlDeviceCodeStore
from ..adapters.sql_store.events import SqlEventLog
from ..adapters.sql_store.fetched_documents import SqlFetchedDocumentStore
from ..adapters.sql_store.logout_requests import SqlLogoutRequestStore
from ..adapters.sql_store.places import SqlPlaces
from ..adapters.sql_store.replays import SqlReplayStore
from ..adapters.sql_store.resources import SqlResourceStore
from ..adapters.sql_store.tokens import SqlTokenStore
from ..adapters.sql_store.trusted_issuers import SqlTrustedIssuerStore
from ..protocol.outbound_policy import OutboundPolicy
from ..protocol.server import AuthorizationServer, Parts, Ports
from ..protocol.settings import Settings
from ..protocol.standard_parts import STANDARD_PARTS

PAIRWISE_SALT_PARAMETER = "oauth2_provider.pairwise_salt"
_logger = logging.getLogger(__name__)

OUTBOUND_HOSTS_PARAMETER = "oauth2_provider.outbound_allowed_hosts"
OUTBOUND_CA_BUNDLE_PARAMETER = "oauth2_provider.outbound_ca_bundle"


@lru_cache
def _outbound_policy(entries: str) -> OutboundPolicy:
    try:
        return OutboundPolicy.of(entries.split())
    except ValueError as error:
        # The settings page takes nothing else, but a system parameter can be written anywhere.
        _logger.error("%s is ignored: %s", OUTBOUND_HOSTS_PARAMETER, error)
        return OutboundPolicy()


class Memory(NamedTuple):
    """What a process keeps of a database until Odoo's caches are emptied: together, as each look into them costs.

    ``claims_policy``: what is told about people.
    """

    clients: ClientCache
    shared_authorizations: LRU
    claims_policy: ClaimsPolicy
    outbound: GuardedOutbound


class OAuth2ProviderServer(models.AbstractModel):
    _name = "oauth2.provider.server"
    _description = "OAuth 2 Authorization Server"

    @api.model
    def _parts(self) -> Parts:
        """The installed standards. An add-on returns ``dataclasses.replace(super()._parts(), ...)``."""
        disabled = self._parameter("oauth2_provider.disabled_grants") or ""
        return STANDARD_PARTS.without_grants(frozenset(disabled.split()))

    @api.model
    def _settings(self) -> Settings:
        """:raises ValueError: if the configured issuer must not be used"""
        settings = Settings(**self._setting_options())
        settings.validate()
        return settings

    @api.model
    def _setting_options(self):
        """What this database says about the options of the protocol, by their names."""
        return {
            "issuer": self._parameter("oauth2_provider.issuer") or "",
            "ui_locales": installed_locales(self.env),
            "pairwise_salt": self._parameter(PAIRWISE_SALT_PARAMETER) or "",
            **self.env["oauth2.provider.resource"]._setting_options(),
            "acr_levels": self.env["oauth2.provider.authentication.level"]._levels(),
        }

    @api.model
    def _ensure_pairwise_salt(self):
        """Not database.secret: that changes when a database is restored, and with it everybody's subject would."""
        if not self._parameter(PAIRWISE_SALT_PARAMETER):
            parameters = self.env["ir.config_parameter"].sudo()
            parameters.set_param(PAIRWISE_SALT_PARAMETER, secrets.token_urlsafe(32))

    @api.model
    def _ports(self) -> Ports:
        cr = self.env.cr
        memory = self._memory()
        policy = memory.claims_policy
        return Ports(
            clock=SystemClock(self.env),
            randomness=SystemRandomness(),
            clients=SqlClientStore(cr, memory.clients),
            requests=SqlAuthorizationRequestStore(cr),
            authorizations=SqlAuthorizationStore(cr, policy, memory.shared_authorizations),
            tokens=SqlTokenStore(cr, policy),
            consents=SqlConsentStore(cr),
            device_codes=SqlDeviceCodeStore(cr, policy),
            attempts=SqlAttemptLog(cr),
            places=SqlPlaces(cr),
            trusted_issuers=SqlTrustedIssuerStore(cr),
            resources=SqlResourceStore(cr),
            end_users=OdooEndUsers(self.env, policy),
            sessions=OdooSessions(cr, policy),
            logout_requests=SqlLogoutRequestStore(cr),
            events=SqlEventLog(cr),
            signing_keys=OdooSigningKeys(self.env),
            server_secret=OdooServerSecret(self.env),
            outbound=memory.outbound,
            replays=SqlReplayStore(cr),
            documents=SqlFetchedDocumentStore(cr),
        )

    @api.model
    @tools.ormcache()
    def _memory(self) -> Memory:
        return Memory(
            clients=ClientCache(),
            shared_authorizations=LRU(1000),
            claims_policy=ClaimsPolicy(
                withhold_unverified_email=self._parameter(
                    "oauth2_provider.withhold_unverified_email"
                )
                != "0",
                issuer=self._parameter("oauth2_provider.issuer") or "",
            ),
            outbound=self._outbound(),
        )

    @api.model
    @tools.ormcache("deadline")
    def _outbound(self, deadline=DEADLINE):
        """The door for requests to other servers.

        :param deadline: seconds that one of them may take
        """
        return GuardedOutbound(
            _outbound_policy(self._parameter(OUTBOUND_HOSTS_PARAMETER) or ""),
            self._parameter(OUTBOUND_CA_BUNDLE_PARAMETER) or None,
            deadline,
        )

    @api.model
    @tools.ormcache()
    def _configuration(self) -> tuple[Parts, Settings]:
        """All of it comes from system parameters and a few small tables, whose changes empty Odoo's caches. To look
        for it at each request would cost more than the statement that finds a token.

        :raises ValueError: if the configured issuer must not be used
        """
        return self._parts(), self._settings()

    @api.model
    def _authorization_server(self) -> AuthorizationServer:
        return AuthorizationServer(*self._configuration(), self._ports())

    @api.model
    def _parameter(self, key):
        return self.env["ir.config_parameter"].sudo().get_param(key)
