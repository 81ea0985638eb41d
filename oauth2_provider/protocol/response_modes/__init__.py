"""How the answer of the authorization endpoint travels back (OAuth 2.0 Multiple Response Types §2.1)."""
