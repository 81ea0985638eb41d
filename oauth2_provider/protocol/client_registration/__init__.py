"""Dynamic client registration (RFC 7591, RFC 7592, OpenID Connect Registration 1.0): an open door, so off by default.

Nothing here is reachable until an add-on lists ``endpoints/registration.py`` and ``endpoints/client_configuration.py``
in ``Parts`` and brings a ``RegistrationStore``.
"""
