"""The texts of the portal in other languages."""

from odoo.addons.oauth2_provider.tests import translations
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestTranslations(translations.TranslationCase):
    module = "oauth2_provider_portal"
    known_texts = {"Connected applications", "Saved.", "https://…"}
