"""Translation between the protocol and Odoo: the only files that know both."""

from . import database_outage, log_masking, odoo_dispatcher

database_outage.install()
log_masking.install()
