{
    "name": "OAuth 2 Provider: held requests",
    "summary": "Holds a request between two of its steps, so that something can be killed there",
    "version": "19.0.1.0.0",
    "author": "OAuth2 Provider for Odoo maintainers",
    "license": "LGPL-3",
    "category": "Hidden",
    "depends": ["oauth2_provider"],
}
