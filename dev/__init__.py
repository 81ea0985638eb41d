"""Developer tooling, standard library only: gets Odoo and all it needs, runs the tests and the demo."""
