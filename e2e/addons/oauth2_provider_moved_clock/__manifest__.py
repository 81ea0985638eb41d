{
    "name": "OAuth 2 Provider: moved clock",
    "summary": "Moves the clock of an Odoo while it runs; loaded for the whole server",
    "version": "19.0.1.0.0",
    "author": "OAuth2 Provider for Odoo maintainers",
    "license": "LGPL-3",
    "category": "Hidden",
    "depends": ["base"],
}
