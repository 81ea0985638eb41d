"""The cleanup jobs of our add-ons, as Odoo's daily cleanup finds them."""

from .odoo_shell import OdooShell

Job = list[str]  # model and method

_FIND = """
import inspect
from odoo.addons.base.models.ir_autovacuum import is_autovacuum
result = sorted(
    [name, method]
    for name, model in env.items() if name.startswith("oauth2.provider.") and not model._transient
    for method, _function in inspect.getmembers(model.__class__, is_autovacuum)
)
"""


def find_jobs(shell: OdooShell) -> list[Job]:
    """All of them, by model and method; none at all is a mistake."""
    jobs = shell.run(_FIND)
    assert jobs, "no cleanup job was found"
    return jobs
