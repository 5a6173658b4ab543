"""What pages inside the administration's frame share: who may see them, and what is around them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponseBase]


def only_for(*permissions: str, home: str, refusal: str) -> Callable[[View], View]:
    """Asks visitors to sign in, refuses who has none of the permissions, keeps the page out of caches.

    Args:
        home: the name of the page to come to after signing in, when a form had been sent.
        refusal: what is said to who has none of them.
    """

    def guard(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                asked = request.method == "GET"
                onward = request.get_full_path() if asked else reverse(home)
                return redirect_to_login(onward, reverse("admin:login"))
            if not (request.user.is_staff and any(map(request.user.has_perm, permissions))):
                raise PermissionDenied(refusal)
            return view(request, *args, **kwargs)

        return guarded

    return guard


def page(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page inside the administration's frame."""
    frame = admin.site.each_context(request)
    return render(request, template, {**frame, "title": title, **context}, status=status)
