"""What every page of employee provisioning shares: who may see it, and the administration around it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from employees.audit import Actor

MANAGE_PROVISIONING = "provisioning.manage_provisioning"

View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    """Asks visitors to sign in, refuses everyone without the permission, keeps the page out of caches."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            onward = request.get_full_path() if request.method == "GET" else reverse("provisioning:overview")
            return redirect_to_login(onward, reverse("admin:login"))
        if not (request.user.is_staff and request.user.has_perm(MANAGE_PROVISIONING)):
            raise PermissionDenied("Employee provisioning needs the permission to manage it.")
        return view(request, *args, **kwargs)

    return guarded


def page(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page inside the administration's frame."""
    frame = admin.site.each_context(request)
    return render(request, f"provisioning/{template}", {**frame, "title": title, **context}, status=status)


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in administrator, as the audit rows name them."""
    if not request.user.is_authenticated:
        raise PermissionDenied("Nobody is signed in.")
    return Actor.administrator(request.user)
