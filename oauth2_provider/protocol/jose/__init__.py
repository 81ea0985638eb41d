"""JSON Web Signatures, keys and tokens (RFC 7515 to 7519, RFC 8725): the only importer of jwt and cryptography."""
