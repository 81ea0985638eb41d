{
    "name": "OAuth2 Provider: Sample",
    "summary": "Routes that take access tokens, as docs/how-to/protect-a-route.md has them, for the tests",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "OAuth2 Provider for Odoo maintainers",
    "license": "LGPL-3",
    "depends": ["oauth2_provider_api"],
    "data": ["data/oauth2_provider_scope.xml"],
}
