"""A request as a command for a shell."""

import json
import shlex
from typing import Any


def command(method: str, url: str, body: Any) -> str:
    """The command that sends a request again, for bash and its relatives; the token is in `$TOKEN` there.

    Args:
        body: as JSON's types; None for none.
    """
    parts = [
        f"curl -X {shlex.quote(method)} {shlex.quote(url)}",
        '-H "Authorization: Bearer $TOKEN"',
        "-H 'Accept: application/scim+json'",
    ]
    if body is not None:
        parts.append("-H 'Content-Type: application/scim+json'")
        parts.append(f"--data-raw {shlex.quote(json.dumps(body, indent=2, ensure_ascii=False))}")
    return " \\\n  ".join(parts)
