"""Other providers beside ours on the same PostgreSQL: django-oauth-toolkit and node-oidc-provider."""
