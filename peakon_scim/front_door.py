"""The bare address of the site, where people and identity providers both arrive."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import RedirectView

from scim.endpoints import BaseEndpoint

administration = RedirectView.as_view(pattern_name="admin:index")
scim_service = BaseEndpoint.as_view()


def front_door(request: HttpRequest) -> HttpResponseBase:
    """The base of the SCIM service for a client that sends a bearer token, the administration otherwise."""
    sends_token = request.headers.get("Authorization", "").lower().startswith("bearer ")
    return scim_service(request) if sends_token else administration(request)
