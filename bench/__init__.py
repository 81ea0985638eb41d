"""What a request costs: our endpoints beside an empty JSON route of the same Odoo. Run by `make bench`."""
