"""Bearer authentication (RFC 6750): a token opens the SCIM service and nothing else, a session never does."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError, connection
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from . import watching
from .protocol.errors import Forbidden, Unauthorized
from .provisioning import tokens
from .provisioning.tokens import Credential, Standing

WHERE = "An administrator finds it under Integrations > Employee provisioning."


class BearerAuthentication(BaseAuthentication):
    """Finds the `Credential` behind the token."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Credential]:
        """Raises Unauthorized without a living token, and Forbidden while provisioning is disabled."""
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthorized(f"Send the OAuth bearer token as “Authorization: Bearer <token>”. {WHERE}")
        credential = _look_up(token.strip())
        watching.know(request, credential)
        if credential is None:
            raise Unauthorized(f"This bearer token is not known here. {WHERE}", "invalid_token")
        if credential.standing is not Standing.LIVING:
            raise Unauthorized(f"This bearer token is {credential.standing}. {WHERE}", "invalid_token")
        if not credential.provisioning_enabled:
            raise Forbidden(
                "Employee provisioning is disabled. An administrator can enable it under "
                "Integrations > Employee provisioning; nothing is lost, send the request again then."
            )
        return AnonymousUser(), credential

    def authenticate_header(self, request: Request) -> str:
        return Unauthorized("").challenge


def _look_up(token: str) -> Any:
    """The first query of a request, tried again on a new connection: the old one may have died while idle."""
    # That makes it the check of the connection, which Django would otherwise do with a query of its own.
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return tokens.authenticate(token)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        return tokens.authenticate(token)
