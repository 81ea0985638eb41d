"""The add-on beside each of Odoo's own add-ons, on old and new libraries, on each kind of server. `make matrix`."""
