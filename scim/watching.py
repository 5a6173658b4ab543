"""What is noticed of requests for the provisioning log, whether they are let in or not."""

import re
import threading
import time
from http import HTTPStatus
from typing import Any, Final

from .protocol.errors import ScimError, TooManyRequests, Unavailable
from .provisioning import log
from .provisioning.activity import DOUBLED_PATH, RATE_LIMITED, UNKNOWN_TOKEN, tally
from .provisioning.log import Asked
from .provisioning.tokens import Credential

KNOWN: Final = "scim_credential"
"""Where a request keeps the credential behind its token, be it one that opens nothing any more."""

SECONDS: Final = 10.0
"""How often at most one identity provider gets an entry for being kept out: it may knock all day."""

_DOUBLED: Final = re.compile(r"/scim/+v2/+(?:api/+)?(?:scim/+)?v2(?:/|$)|/scim/+v2/+scim(?:/|$)")
_BASE: Final = re.compile(r"^/*(?:(?:api/+)?scim(?=/|$)|v2(?=/|$)|/)*")
_kept_out: Final[dict[int, float]] = {}
_lock: Final = threading.Lock()


def know(request: Any, credential: Credential | None) -> None:
    """Notes whose token came, before it is decided whether it opens anything."""
    setattr(request, KNOWN, credential)
    if credential is None:
        tally.count(None, signs=[UNKNOWN_TOKEN])


def count(request: Any, credential: Credential, *, looked_up: bool) -> None:
    """Counts a request that was let in."""
    signs = [DOUBLED_PATH] if _DOUBLED.search(request.path) else ()
    tally.count(credential.identity_provider.pk, looked_up=looked_up, signs=signs)


def refused(request: Any, body: Any, error: ScimError, *, let_in: bool) -> None:
    """Writes a refusal to the log of the identity provider whose token came.

    Reading somebody who is not there is an answer, not a refusal; whoever is kept out, or sends too much, is
    told so each time and noted now and then. A database that cannot be reached takes no entry either.

    Args:
        let_in: the token opened the service.
    """
    credential: Credential | None = getattr(request, KNOWN, None)
    if credential is None or isinstance(error, Unavailable):
        return
    provider_id = credential.identity_provider.pk
    if isinstance(error, TooManyRequests):
        tally.count(provider_id, signs=[RATE_LIMITED])
        return
    target = "/" + _BASE.sub("", request.path)
    if error.status == HTTPStatus.NOT_FOUND and request.method == "GET" and target.startswith("/Users/"):
        return
    if not let_in and not _is_due(provider_id):
        return
    query = request.META.get("QUERY_STRING", "") and request.GET.get("filter", "")
    log.refuse(provider_id, Asked(request.method, target, body, query=query), error)


def forget() -> None:
    """Forgets who was kept out and when."""
    with _lock:
        _kept_out.clear()


def _is_due(provider_id: int) -> bool:
    now = time.monotonic()
    with _lock:
        if now - _kept_out.get(provider_id, -SECONDS) < SECONDS:
            return False
        _kept_out[provider_id] = now
    return True
