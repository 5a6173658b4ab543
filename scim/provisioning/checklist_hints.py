"""What goes wrong while an identity provider is connected, recognised in its traffic, and what to click."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from . import group_sync
from .activity import DOUBLED_PATH, RATE_LIMITED
from .kinds import Guide
from .milestones import Step, Traffic
from .models import IdentityProvider, LogEntry

RECENT: Final = timedelta(hours=1)
"""How long a token that was never issued is worth a word."""

TOUCHED: Final = timedelta(seconds=10)
"""How exactly it is known when a token was last used (see `tokens.touch`)."""

IDENTITY: Final = frozenset({"schemas", "username", "active", "externalid", "id", "meta", "emails", "roles"})
"""Members of a document that say who somebody is and nothing else."""


@dataclass(frozen=True)
class Hint:
    """Something to put right.

    Args:
        paste: what to paste for it, "" for nothing.
        link: the name of the page where it is put right, "" when that is done in the identity provider.
        is_error: nothing works until then.
    """

    title: str
    text: str
    paste: str = ""
    link: str = ""
    action: str = ""
    is_error: bool = False


@dataclass(frozen=True)
class Case:
    """What the recognitions look at; `scim_url` is the SCIM URL as administrators should paste it."""

    traffic: Traffic
    guide: Guide
    now: datetime
    scim_url: str

    @property
    def provider(self) -> IdentityProvider:
        return self.traffic.provider

    @property
    def url_field(self) -> str:
        return self.guide.url_field or "the address"

    def latest(self, condition: Callable[[LogEntry], bool]) -> LogEntry | None:
        return next(filter(condition, self.traffic.entries), None)


def hints_of(traffic: Traffic, guide: Guide, now: datetime, scim_url: str) -> list[Hint]:
    """What is to be put right, what blocks everything first."""
    case = Case(traffic, guide, now, scim_url)
    return [hint for recognise in _RECOGNITIONS if (hint := recognise(case))]


def _disabled(case: Case) -> Hint | None:
    if case.traffic.enabled:
        return None
    return Hint(
        "Employee provisioning is disabled",
        "Every identity provider is answered with 403 until it is enabled; nothing is lost, they send again.",
        link="overview",
        action="Enable it on the overview",
        is_error=True,
    )


def _paused(case: Case) -> Hint | None:
    if not case.provider.paused_at:
        return None
    return Hint(
        f"{case.provider} is paused",
        "It can read, and its changes are answered with 403 until you resume it.",
        link="resume",
        action="Resume it",
        is_error=True,
    )


def _disconnected(case: Case) -> Hint | None:
    if case.traffic.connected:
        return None
    return Hint(
        "No token of it works any more",
        f"Issue a new one and paste it into {case.guide.token_field}.",
        link="rotate",
        action="New token",
        is_error=True,
    )


def _wrong_token(case: Case) -> Hint | None:
    """Somebody knocks with a token that was never issued, and nobody has used the newest one."""
    since, knocked = case.traffic.fresh_since, case.traffic.knocked
    if since is None or knocked is None or knocked <= since or case.now - knocked > RECENT:
        return None
    return Hint(
        "A wrong token arrived",
        "Requests reach the SCIM URL with a token that was never issued here; a character may be missing."
        f" Paste it into {case.guide.token_field} once more. If you do not have it any longer, rotate it:"
        " the next page shows a new one.",
        link="rotate",
        action="Rotate the token",
        is_error=True,
    )


def _ended_token(case: Case) -> Hint | None:
    refused = case.latest(lambda entry: entry.status == HTTPStatus.UNAUTHORIZED)
    used = case.traffic.last_used
    if refused is None or not case.traffic.connected or (used and used + TOUCHED > refused.at):
        return None
    state = "an expired" if "expired" in refused.detail else "a revoked"
    return Hint(
        f"It still uses {state} token",
        f"Paste the present one into {case.guide.token_field}. If you do not have it any longer, rotate it:"
        " the next page shows a new one.",
        link="rotate",
        action="Rotate the token",
        is_error=True,
    )


def _groups(case: Case) -> Hint | None:
    if not group_sync.is_on(case.provider, case.now):
        return None
    return Hint(
        "It sends groups, which are not supported",
        "Employees are not affected, but each attempt fails and shows as an error there."
        f" {case.guide.groups_off}",
    )


def _doubled_path(case: Case) -> Hint | None:
    if DOUBLED_PATH not in case.traffic.moments:
        return None
    return Hint(
        "The path is in the URL twice",
        f"It works all the same, but correct it: {case.url_field} is exactly",
        paste=case.scim_url,
    )


def _missing_flag(case: Case) -> Hint | None:
    """The latest PATCH is in the shapes that Entra ID sends without its compatibility flag."""
    if case.provider.kind != IdentityProvider.Kind.ENTRA:
        return None
    patch = case.latest(lambda entry: entry.method == "PATCH")
    if patch is None or not _is_old_shape(patch.request):
        return None
    return Hint(
        "A flag is missing from the Tenant URL",
        f"Entra ID sends changes in its older form. They are understood, but add {case.guide.url_suffix} for"
        " the form of the standard: under Admin Credentials, Tenant URL becomes",
        paste=case.scim_url,
    )


def _only_names(case: Case) -> Hint | None:
    """People are created, and none of the company's attributes has ever come."""
    if Step.CREATED not in case.traffic.moments or Step.ATTRIBUTE in case.traffic.moments:
        return None
    created = case.latest(lambda entry: entry.outcome == LogEntry.Outcome.CREATED)
    if created and isinstance(created.request, dict) and _names(created.request) <= IDENTITY:
        title = "Only user names arrive"
        text = "People are created with a user name and nothing else: neither names nor attributes."
    else:
        title, text = "None of your attributes arrives", "People are created, but without your attributes."
    return Hint(title, f"{text} Add them to the mapping: the table below has all names.")


def _rate_limited(case: Case) -> Hint | None:
    if RATE_LIMITED not in case.traffic.moments:
        return None
    return Hint(
        "It sends faster than it may",
        "Some requests were answered with 429 and the time to wait; it sends them again by itself. Whoever"
        " runs this site can raise SCIM_RATE_LIMIT.",
    )


_RECOGNITIONS: Final = (
    _disabled,
    _paused,
    _disconnected,
    _wrong_token,
    _ended_token,
    _groups,
    _doubled_path,
    _missing_flag,
    _only_names,
    _rate_limited,
)


def _is_old_shape(outline: Any) -> bool:
    """Whether an operation of a PATCH is written with a capital, or a boolean as text."""
    match outline:
        case {"Operations": list(operations)}:
            known = [operation for operation in operations if isinstance(operation, dict)]
            return any(str(each.get("op", ""))[:1].isupper() or each.get("value") in _TEXTS for each in known)
    return False


_TEXTS: Final = ("True", "False")


def _names(outline: dict[str, Any]) -> set[str]:
    return {name.casefold() for name in outline}
