"""Commands that this add-on adds to Odoo's own; each file is loaded by its name, without the rest of the add-on."""
