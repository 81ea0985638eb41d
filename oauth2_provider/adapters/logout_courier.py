"""Has the notices of a logout leave right after its transaction, without anybody waiting for it.

In a thread of the process that committed: the scheduled jobs may run elsewhere, later, or not at all. One thread for
each database is enough; one that is cut off, as a worker may be at any moment, leaves its notices to the scheduled job.
"""

import logging
import threading

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

_logger = logging.getLogger(__name__)
_lock = threading.Lock()
# Databases with a thread under way, and whether there is something new for it.
_under_way = {}
_MARK = "oauth2_provider.logout_courier"


def leave_after_commit(cr):
    """Once the transaction has succeeded, and once for however many notices it holds."""
    if _MARK not in cr.postcommit.data:
        cr.postcommit.data[_MARK] = True
        cr.postcommit.add(lambda: _leave(cr.dbname))


def _leave(dbname):
    with _lock:
        if dbname in _under_way:
            _under_way[dbname] = True
            return
        _under_way[dbname] = False
    threading.Thread(
        target=_deliver, args=(dbname,), name="oauth2_provider.logout", daemon=True
    ).start()


def _deliver(dbname):
    threading.current_thread().dbname = dbname
    is_done = False
    while not is_done:
        try:
            _deliver_once(dbname)
        except BaseException:
            # A defect: the next logout starts a thread again.
            _finish(dbname)
            raise
        is_done = _finish_unless_wanted(dbname)


def _finish_unless_wanted(dbname):
    with _lock:
        if _under_way[dbname]:
            _under_way[dbname] = False
            return False
        del _under_way[dbname]
        return True


def _finish(dbname):
    with _lock:
        del _under_way[dbname]


def _deliver_once(dbname):
    try:
        with Registry(dbname).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["oauth2.provider.logout.notice"]._deliver_due()
    except (psycopg2.Error, ValueError) as error:
        # The database is busy or gone, or this server has no address. The notices are still there.
        _logger.info("Log-out notices wait for the scheduled job: %s", error)
