"""Refusals in the audit trail: every one as long as they are few, so that nobody fills it with garbage.

Anybody can have a request refused, so the rows of a minute have an end. What comes after it is only counted, and the
next row tells the count. A client that is named has a share of its own: garbage without a client cannot hide its
refusals.
"""

from __future__ import annotations

from dataclasses import replace

from .entities.event import Event
from .ports import EventLog

PERIOD = 60
# Within the period, over all workers, for each type of event.
LIMIT = 300
CLIENT_LIMIT = 60


def record_refusal(events: EventLog, event: Event) -> None:
    """Add the event, or count it."""
    since = event.occurred_at - PERIOD
    counts = events.count_refusals(event.event_type, event.client_id, since)
    if counts.of_type >= LIMIT or counts.of_client >= CLIENT_LIMIT:
        events.count_unrecorded(event.event_type)
        return
    remarks = [event.detail]
    if counts.unrecorded:
        events.forget_unrecorded(event.event_type)
        remarks.append(f"({counts.unrecorded} refusals before this one were only counted)")
    if counts.of_type == LIMIT - 1 or counts.of_client == CLIENT_LIMIT - 1:
        remarks.append("(what follows within a minute is only counted)")
    events.record(replace(event, detail=" ".join(remarks)))
