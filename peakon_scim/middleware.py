"""Middleware that tells the pages for people from the services for programs."""

from collections.abc import Awaitable
from http import HTTPStatus
from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import Resolver404, resolve
from django.utils.deprecation import MiddlewareMixin

from scim.endpoints import ScimView

HEALTH_PATH = "/healthz"
PAGES_PATH = "/admin/"
SURVEYS_PATH = "/s/"
PAGE_TYPE, JSON_TYPE, SCIM_TYPE = "text/html", "application/json", "application/scim+json"
# Alpine, which the admin theme is built on, evaluates expressions in attributes and needs 'unsafe-eval'.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Anybody may come to the page of a personal link, and it needs no script.
SURVEY_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def speaks_scim(request: HttpRequest) -> bool:
    """True when an error belongs in a SCIM message rather than on a page.

    At the service's own addresses always, in the admin never; elsewhere when the client prefers JSON to HTML,
    which no browser does.
    """
    if request.path_info.startswith(PAGES_PATH):
        return False
    if _is_service(request.path_info):
        return True
    return request.get_preferred_type([SCIM_TYPE, JSON_TYPE, PAGE_TYPE]) != PAGE_TYPE


def _is_service(path: str) -> bool:
    try:
        view: Any = resolve(path).func
    except Resolver404:
        return False
    return issubclass(getattr(view, "cls", object), ScimView)


class HostMiddleware(CommonMiddleware):
    """`CommonMiddleware`, except for the Host of health probes and the length of answers without content."""

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        """Lets a health probe use any Host: load balancers probe by address."""
        return None if request.path_info == HEALTH_PATH else super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Leaves the length out of a 304, where it would be that of the answer left out (RFC 9110 §8.6)."""
        response = super().process_response(request, response)
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            del response.headers["Content-Length"]
        return response


class PagesOnly(MiddlewareMixin):
    """Mixed into a middleware, keeps it to the admin's pages.

    Identity providers send thousands of requests that have no session, no cookie and no form; their answers
    must not vary by cookie, and a session must not open the SCIM service.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if request.path_info.startswith(PAGES_PATH):
            return super().__call__(request)
        return self.get_response(request)


class ContentSecurityPolicyMiddleware(MiddlewareMixin):
    """Forbids pages to load, send to or be framed by anything but this site."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path_info.startswith(PAGES_PATH):
            response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        elif request.path_info.startswith(SURVEYS_PATH):
            response.headers.setdefault("Content-Security-Policy", SURVEY_CONTENT_SECURITY_POLICY)
        return response


class PageSessionMiddleware(PagesOnly, SessionMiddleware):
    """Sessions, on pages."""


class PageCsrfViewMiddleware(PagesOnly, CsrfViewMiddleware):
    """Cross-site request forgery protection, on pages."""


class PageAuthenticationMiddleware(PagesOnly, AuthenticationMiddleware):
    """Signed-in administrators, on pages."""


class PageMessageMiddleware(PagesOnly, MessageMiddleware):
    """One-time messages, on pages."""
