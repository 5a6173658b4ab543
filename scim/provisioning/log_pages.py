"""The provisioning log: its list, an entry with what to do about it, and the file of it."""

import json
from typing import Any
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from employees.keysets import key_in
from scim.protocol.urns import ERROR

from . import console_people, events, log_export
from .addresses import scim_base_url
from .console_curl import command
from .log_filters import LogForm, Search, search
from .models import Cycle, IdentityProvider, LogEntry, ProvisioningEvent
from .pages import actor_of, for_readers_of_the_log, page


@require_GET
@for_readers_of_the_log
def log(request: HttpRequest) -> HttpResponse:
    """The newest entries first, fifty on a page, narrowed by what the form asks."""
    people = console_people.sees_people(request)
    form = _form(request, people=people)
    found = _search(form)
    entries, older = found.page(key_in(request.GET.get("before")) or None)
    rows = console_people.rows(entries, form.providers, people=people)
    asked = form.asked
    return page(
        request,
        "log.html",
        "Provisioning log",
        form=form,
        rows=rows,
        people=people,
        entries_open=True,
        asked=asked,
        older=_query(request, before=str(older)) if older else "",
        newest=_query(request) if "before" in request.GET else "",
        exported=_query(request),
    )


@require_GET
@for_readers_of_the_log
def log_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked, what was answered, why, and what to do about it."""
    people = console_people.sees_people(request)
    entries = console_people.with_people(LogEntry.objects.all(), "request")
    entry = get_object_or_404(entries.select_related("employee", "identity_provider"), pk=pk)
    provider = entry.identity_provider
    [row] = console_people.rows([entry], {provider.pk: provider}, people=people)
    path, _, filter_ = entry.target.partition("?filter=")
    url = scim_base_url(request) + quote(path) + (f"?{urlencode({'filter': filter_})}" if filter_ else "")
    curl = command(entry.method, url, entry.request)
    return page(
        request,
        "log_entry.html",
        "Entry of the provisioning log",
        row=row,
        people=people,
        outline=_pretty(entry.request),
        answer=_pretty(_answer(entry)),
        curl=curl,
        lines=curl.count("\n") + 1,
        cycle=_cycle_of(entry),
    )


@require_GET
@for_readers_of_the_log
def log_export_file(request: HttpRequest) -> HttpResponseBase:
    """The same entries as the list, all of them, and a record of who took them."""
    format_ = request.GET.get("format", "")
    if format_ not in log_export.FORMATS:
        raise Http404("The log is exported as csv or json.")
    people = console_people.sees_people(request)
    form = _form(request, people=people)
    if not form.is_valid():
        return page(request, "log.html", "Provisioning log", status=400, form=form, rows=(), people=people)
    events.record(
        ProvisioningEvent.Action.EXPORTED, actor=actor_of(request), details=f"{format_}: {form.in_words}"
    )
    media_type, written = log_export.FORMATS[format_]
    records = log_export.records(_search(form, "request"), form.providers)
    name = f"provisioning-log-{timezone.localtime():%Y-%m-%d-%H%M}.{format_}"
    return StreamingHttpResponse(
        written(records, log_export.columns(people=people)),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _form(request: HttpRequest, *, people: bool) -> LogForm:
    providers = list(IdentityProvider.objects.all())
    return LogForm(request.GET, providers=providers, by_person=people, auto_id="log-%s")


def _search(form: LogForm, *beside: str) -> Search:
    found = search(form.asked)
    return Search(console_people.with_people(found.entries, *beside), found.by_moment)


def _query(request: HttpRequest, **further: str) -> str:
    """The question of this page again, in an address."""
    kept = {name: value for name, value in request.GET.items() if value and name not in ("before", "format")}
    return f"?{urlencode(kept | further)}"


def _cycle_of(entry: LogEntry) -> Cycle | None:
    """The cycle that an entry belongs to, once it has been observed."""
    cycles = Cycle.objects.filter(identity_provider=entry.identity_provider_id, started_at__lte=entry.at)
    latest = cycles.order_by("-started_at").first()
    return latest if latest and entry.at <= latest.ended_at else None


def _answer(entry: LogEntry) -> Any:
    """The body that was answered to a refusal; None for what was done, whose body is not kept."""
    if entry.outcome != LogEntry.Outcome.REFUSED:
        return None
    scim_type = {"scimType": entry.scim_type} if entry.scim_type else {}
    return {"schemas": [ERROR], "status": str(entry.status), **scim_type, "detail": entry.detail}


def _pretty(document: Any) -> str:
    return "" if document is None else json.dumps(document, indent=2, ensure_ascii=False)
