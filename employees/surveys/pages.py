"""What every page of Administration > Surveys shares: who may see it, and how it asks before it acts."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from employees import confirmation, pages

from .models import MANAGE_SURVEYS

for_administrators = pages.only_for(
    MANAGE_SURVEYS, home="surveys:schedules", refusal="Surveys need the permission to manage them."
)
form_page = require_http_methods(["GET", "POST"])


def page(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page inside the administration's frame."""
    return pages.page(request, f"surveys/{template}", title, status=status, **context)


def confirm(
    request: HttpRequest,
    title: str,
    *,
    verb: str,
    consequences: Sequence[str],
    cancel_url: str,
    hidden: Sequence[tuple[str, object]] = (),
    danger: bool = False,
    error: str = "",
) -> HttpResponse:
    """The page that says what will happen; its form posts to the same address (see `confirmation`)."""
    context: dict[str, Any] = {"verb": verb, "consequences": consequences, "cancel_url": cancel_url}
    context |= {"hidden": hidden, "danger": danger, "error": error}
    return pages.page(request, confirmation.TEMPLATE, title, **context)
