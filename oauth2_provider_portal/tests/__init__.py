from . import test_portal_pages, test_translations
