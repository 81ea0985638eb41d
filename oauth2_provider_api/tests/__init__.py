from . import (
    test_accounts,
    test_closed_models,
    test_json2,
    test_links,
    test_translations,
    test_trust,
)
