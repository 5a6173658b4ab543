"""The address that administrators copy into their identity provider."""

from django.conf import settings
from django.http import HttpRequest

SCIM_PATH = "/scim/v2"


def scim_base_url(request: HttpRequest) -> str:
    """The canonical SCIM URL: on `SITE_URL` when that is set, on the host of the request otherwise."""
    site_url = getattr(settings, "SITE_URL", "")
    if site_url:
        return f"{site_url.rstrip('/')}{SCIM_PATH}"
    return request.build_absolute_uri(SCIM_PATH)
