"""Serves the people of a file from memory with scim2-server."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.util import shift_path_info

from scim2_server.memory import InMemoryStorage
from scim2_server.testserver.application import BearerTokenApplication
from scim2_server.utils import load_default_provider

_provider = load_default_provider()
_storage = InMemoryStorage()
_scim = BearerTokenApplication(_storage, _provider, bearer_tokens=[os.environ["BEARER"]])


def _fill(people: list[dict[str, Any]]) -> None:
    kind = _scim.service.get_resource_type("User")
    _storage.resources = [_scim.service.get_model(kind).model_validate(person) for person in people]


_fill(json.loads(Path(os.environ["PEOPLE"]).read_text()))


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The WSGI application; scim2-server itself adds /v2 to where it is."""
    shift_path_info(environ)
    answer: Iterable[bytes] = _scim(environ, start_response)
    return answer
