"""Between Odoo's requests and the protocol's admission to resources."""

from . import admission, closed_models, read_only
