"""The OAuth 2 and OpenID Connect rules: plain Python that knows neither Odoo nor HTTP servers.

Start reading at ``server.py``, then open the endpoint you came for in ``endpoints/``.
"""
