{
    "name": "OAuth2 Provider: API",
    "summary": "Applications use Odoo's JSON-2 API as the person who allowed it, without API keys",
    "version": "19.0.1.0.0",
    "category": "Administration",
    "author": "OAuth2 Provider for Odoo maintainers",
    "license": "LGPL-3",
    "depends": ["oauth2_provider", "rpc"],
    "data": [
        "security/rules.xml",
        "data/oauth2_provider_api_data.xml",
        "views/oauth2_provider_client_views.xml",
    ],
}
