"""What every page of employee provisioning shares: who may see it, and the administration around it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from employees import pages
from employees.confirmation import actor_of as actor_of

MANAGE_PROVISIONING = "provisioning.manage_provisioning"
VIEW_LOG = "provisioning.view_logentry"
VIEW_CYCLES = "provisioning.view_cycle"
VIEW_EVENTS = "provisioning.view_provisioningevent"


def only_for(*permissions: str) -> Callable[[pages.View], pages.View]:
    """Refuses who has none of the permissions (see `employees.pages`)."""
    refusal = "Employee provisioning needs the permission to see or to manage it."
    return pages.only_for(*permissions, home="provisioning:overview", refusal=refusal)


for_administrators = only_for(MANAGE_PROVISIONING)
for_readers = only_for(MANAGE_PROVISIONING, VIEW_CYCLES, VIEW_LOG)
for_readers_of_cycles = only_for(MANAGE_PROVISIONING, VIEW_CYCLES)
for_readers_of_the_log = only_for(MANAGE_PROVISIONING, VIEW_LOG)


def may_read_log(request: HttpRequest) -> bool:
    return any(map(request.user.has_perm, (MANAGE_PROVISIONING, VIEW_LOG)))


def page(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page inside the administration's frame."""
    return pages.page(request, f"provisioning/{template}", title, status=status, **context)
