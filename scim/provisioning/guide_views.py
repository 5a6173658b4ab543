"""The guide to connecting an identity provider: what to paste where, what to map, and what has arrived."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from .addresses import scim_base_url
from .checklist import Checklist, checklist_of
from .mapping import table, targets
from .mapping_files import file_for, imports_a_file
from .models import IdentityProvider
from .pages import for_administrators, page

Kind = IdentityProvider.Kind


@require_GET
@for_administrators
def guide(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything it takes to connect, at any time; the token alone is not shown again."""
    checklist = _checklist(request, pk)
    kind = Kind(checklist.provider.kind)
    return page(
        request,
        "guide.html",
        f"Connect {checklist.provider}",
        provider=checklist.provider,
        guide=checklist.guide,
        scim_url=checklist.scim_url,
        checklist=checklist,
        table=table(kind),
        imports_a_file=imports_a_file(kind),
    )


@require_GET
@for_administrators
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the guide that changes by itself."""
    return render(request, "provisioning/checklist.html", {"checklist": _checklist(request, pk)})


@require_GET
@for_administrators
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """The mapping as a download, in the form that the identity provider imports where it has one."""
    provider = get_object_or_404(IdentityProvider, pk=pk)
    file = file_for(Kind(provider.kind), targets())
    disposition = f'attachment; filename="{file.name}"'
    return HttpResponse(file.content, file.content_type, headers={"Content-Disposition": disposition})


def _checklist(request: HttpRequest, pk: int) -> Checklist:
    try:
        return checklist_of(pk, timezone.now(), scim_base_url(request))
    except IdentityProvider.DoesNotExist as error:
        raise Http404 from error
