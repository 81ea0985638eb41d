{
    "name": "OAuth2 Provider: Portal",
    "summary": "Portal users see and end their connections, and say what applications may learn about them",
    "version": "19.0.1.0.0",
    "category": "Administration",
    "author": "OAuth2 Provider for Odoo maintainers",
    "license": "LGPL-3",
    "depends": ["oauth2_provider", "portal"],
    "auto_install": True,
    "data": ["views/portal_pages.xml"],
}
