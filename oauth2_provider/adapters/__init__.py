"""Translation between the protocol and Odoo: the only files that know both."""

from . import log_masking, odoo_dispatcher

log_masking.install()
