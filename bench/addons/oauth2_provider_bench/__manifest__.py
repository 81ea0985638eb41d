{
    "name": "OAuth 2 Provider: yardstick",
    "summary": "Empty routes, to measure what Odoo itself costs",
    "version": "19.0.1.0.0",
    "author": "OAuth2 Provider for Odoo maintainers",
    "license": "LGPL-3",
    "category": "Hidden",
    "depends": ["oauth2_provider"],
}
