"""What participants read about a round."""

from datetime import timedelta

from django.utils import dateformat

from .models import Invitation
from .zones import zone_of_employee


def until(invitation: Invitation) -> str:
    """The last minute of the round where the participant is: "Friday 6 March 2026, 23:59 (Europe/Oslo)".

    Most rounds close at midnight, and few know to which of two days a midnight belongs.
    """
    round_, employee = invitation.round, invitation.employee
    if employee is None:
        raise ValueError("Nobody is invited any more.")
    zone = zone_of_employee(employee, round_.schedule)
    last_minute = (round_.closes_at - timedelta(minutes=1)).astimezone(zone)
    return f"{dateformat.format(last_minute, 'l j F Y, H:i')} ({zone})"
