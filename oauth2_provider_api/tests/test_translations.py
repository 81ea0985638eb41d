"""What people agree to, in other languages."""

from odoo.addons.oauth2_provider.tests import translations
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestTranslations(translations.TranslationCase):
    module = "oauth2_provider_api"
    known_texts = {"Read all data here that you can see"}
