"""Dynamic client registration (RFC 7591, RFC 7592, OpenID Connect Registration 1.0): an open door, so off by default.

Nothing here is reachable until an add-on lists the endpoints of ``endpoints/registration.py`` in ``Parts`` and brings a
``RegistrationStore``.
"""
