"""`make faults`: the end-to-end tests in which something breaks; docs/proof.md keeps what came of them."""

from . import end_to_end_tests
from .console import say
from .measured_page import PROOF, write_result
from .results import Results
from .settings import Settings

# The files of e2e/operations/.
FILES = ("crashes", "faults", "database_away", "restart", "clock_put_back", "restored_backup")


def run(chosen: Settings) -> Results:
    """Play them, one after another."""
    expression = " or ".join(f"test_{file}.py" for file in FILES)
    results = end_to_end_tests.run(chosen, expression)
    say(f"  in {write_result(PROOF, 'faults', f'{results}.')}")
    return results
