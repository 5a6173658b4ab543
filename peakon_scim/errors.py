"""What is answered to a request that no view could serve."""

from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader

from scim.protocol.errors import Forbidden, NotFound, ScimError

from .middleware import SCIM_TYPE, speaks_scim


class ServerFault(ScimError):
    """The fault is in this site."""

    status = 500


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer 400."""
    if isinstance(exception, DisallowedHost):
        return _answer(request, ScimError("This site does not answer to that host name. "
            "Use the address in its SITE_URL setting, or add the name to ALLOWED_HOSTS."))  # fmt: skip
    return _answer(request, ScimError("The request is malformed."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer 403."""
    return _answer(request, Forbidden("You are not allowed to do this."))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer 404."""
    return _answer(request, NotFound("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer 500."""
    return _answer(request, ServerFault("Something went wrong on our side; the log says what."))


def _answer(request: HttpRequest, error: ScimError) -> HttpResponse:
    if speaks_scim(request):
        return JsonResponse(error.document(), status=error.status, content_type=SCIM_TYPE)
    context: dict[str, Any] = {"status": error.status, "detail": error.detail}
    # Rendered without the request: context processors read the session, and the database may be what failed.
    page = loader.get_template("error.html").render(context)
    return HttpResponse(page, status=error.status)
