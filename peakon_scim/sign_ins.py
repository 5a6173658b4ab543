"""Writes down who signs in to the pages, who fails to, and who signs out."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.forms import AuthenticationForm

from employees.audit import Actor

from .models import SignIn

KEPT: Final = timedelta(days=400)
NOBODY: Final = Actor("", "", "")


def listen() -> None:
    """Has Django tell of every sign-in from now on."""
    user_logged_in.connect(_signed_in)
    user_login_failed.connect(_failed)
    user_logged_out.connect(_signed_out)


class SignInForm(AuthenticationForm):
    """Tells of those who have the right password and may not sign in here, which Django keeps to itself."""

    def confirm_login_allowed(self, user: Any) -> None:
        try:
            super().confirm_login_allowed(user)
        except forms.ValidationError:
            name = {"username": user.get_username()}
            user_login_failed.send(sender=__name__, credentials=name, request=self.request)
            raise


def address_of(request: HttpRequest | None) -> str | None:
    """The address of the client, None when there is none to be known.

    Behind a trusted proxy it is the last one in X-Forwarded-For, which that proxy has added itself: those
    before it are what the client says.
    """
    text: str = request.META.get("REMOTE_ADDR", "") if request else ""
    if request and settings.TRUST_PROXY_HEADERS:
        text = request.META.get("HTTP_X_FORWARDED_FOR", text).rpartition(",")[2].strip()
    # Some proxies add the port: 192.0.2.1:443, [2001:db8::1]:443.
    host = text[1:].partition("]")[0] if text.startswith("[") else text
    host = host.partition(":")[0] if host.count(":") == 1 else host
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        return None


def prune(now: datetime) -> str:
    """Deletes what has been kept for long enough: a task of `maintenance`, and the only way out.

    A query set of Django's own does it, since that of the model refuses.
    """
    deleted, _ = QuerySet(SignIn).filter(at__lt=now - KEPT).delete()
    return f"{deleted:,} deleted" if deleted else ""


def _signed_in(user: User, request: HttpRequest | None, **kwargs: Any) -> None:
    _write(SignIn.Event.SIGNED_IN, user, request)


def _failed(credentials: Mapping[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    typed = credentials.get(User.USERNAME_FIELD)
    _write(SignIn.Event.FAILED, User.objects.filter(username=typed).first(), request)


def _signed_out(user: User | None, request: HttpRequest | None, **kwargs: Any) -> None:
    if user is not None:
        _write(SignIn.Event.SIGNED_OUT, user, request)


def _write(event: SignIn.Event, user: User | None, request: HttpRequest | None) -> None:
    who = Actor.administrator(user) if user else NOBODY
    SignIn.objects.create(event=event, user_key=who.key, user_name=who.name, address=address_of(request))
