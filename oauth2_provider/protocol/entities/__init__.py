"""The nouns of OAuth 2 (RFC 6749 §1): immutable, all times in whole seconds since 1970 UTC."""
