"""Creates the first administrator when there is none."""

import os
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import transaction

DEFAULT_EMAIL = "admin@localhost"


class Command(BaseCommand):
    """Prints the sign-in address, the e-mail and, once, a password it had to generate."""

    help = "Creates the first administrator, from ADMIN_EMAIL and ADMIN_PASSWORD, when there is none."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model().objects
        if users.filter(is_superuser=True, is_active=True).exists():
            return
        email = os.environ.get("ADMIN_EMAIL") or DEFAULT_EMAIL
        given = os.environ.get("ADMIN_PASSWORD") or ""
        password = given or secrets.token_urlsafe(15)
        user, _ = users.get_or_create(username=email, defaults={"email": email})
        user.is_staff = user.is_superuser = user.is_active = True
        user.set_password(password)
        user.save()
        self.stdout.write("The first administrator:")
        self.stdout.write(f"  address   {sign_in_address()}")
        self.stdout.write(f"  e-mail    {email}")
        self.stdout.write(
            f"  password  {'as in ADMIN_PASSWORD' if given else password + '  (shown only now)'}"
        )
        self.warn_if_weak(given)

    def warn_if_weak(self, password: str) -> None:
        """Says on standard error what is wrong with a password that was given; it is taken all the same."""
        try:
            validate_password(password) if password else None
        except ValidationError as error:
            self.stderr.write(f"ADMIN_PASSWORD is weak: {' '.join(error.messages)}")


def sign_in_address() -> str:
    """Where the administrators' pages are."""
    host = "localhost" if settings.HOST in ("0.0.0.0", "::") else settings.HOST  # noqa: S104
    host = f"[{host}]" if ":" in host else host
    return f"{settings.SITE_URL or f'http://{host}:{settings.PORT}'}/admin/"
