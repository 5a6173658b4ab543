"""The addresses of the site and the bearer token before them."""

from collections.abc import Callable
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

urlpatterns = [path("scim/v2/", include("django_scim.urls", namespace="scim"))]


class BearerMiddleware:
    """Looks the token up; django-scim2 turns away whoever is not `request.user`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        from .models import Token

        self.get_response, self.tokens = get_response, Token.objects

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        found = self.tokens.filter(digest=sha256(token.encode()).hexdigest()).first()
        if found is not None:
            request.user = found
        return self.get_response(request)


def base_location(request: HttpRequest) -> str:
    """Where this site is."""
    return f"http://{request.get_host()}"
