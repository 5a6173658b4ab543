"""Integrations > Employee provisioning: the overview, and a page for each thing an administrator can do."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import services, tokens
from .addresses import scim_base_url
from .forms import ConnectForm, RotateForm
from .inbox_listing import waiting
from .kinds import GUIDES
from .models import BearerToken, IdentityProvider
from .overview import provider_rows, recent_events
from .pages import MANAGE_PROVISIONING, VIEW_EVENTS, actor_of, for_administrators, for_readers, page

form_page = require_http_methods(["GET", "POST"])


@require_GET
@for_readers
def overview(request: HttpRequest) -> HttpResponse:
    """The status, the SCIM URL, the identity providers with their standing, and what happened last."""
    settings, providers = services.current_settings(), provider_rows(timezone.now())
    if settings.enabled is None and not providers and request.user.has_perm(MANAGE_PROVISIONING):
        return page(request, "welcome.html", "Employee provisioning")
    return page(
        request,
        "overview.html",
        "Employee provisioning",
        settings=settings,
        providers=providers,
        events=recent_events() if _sees_events(request) else (),
        unknown_names=waiting().count(),
        scim_url=scim_base_url(request),
    )


def _sees_events(request: HttpRequest) -> bool:
    return request.user.has_perm(MANAGE_PROVISIONING) or request.user.has_perm(VIEW_EVENTS)


@require_POST
@for_administrators
def enable(request: HttpRequest) -> HttpResponse:
    if services.switch(True, actor=actor_of(request)):
        messages.success(request, "Employee provisioning is enabled.")
    return redirect("provisioning:overview")


@form_page
@for_administrators
def disable(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return page(request, "disable.html", "Disable employee provisioning")
    if services.switch(False, actor=actor_of(request)):
        messages.success(request, "Employee provisioning is disabled. Nobody was removed.")
    return redirect("provisioning:overview")


@form_page
@for_administrators
@sensitive_variables("token")
def connect(request: HttpRequest) -> HttpResponse:
    """Asks for a name and a kind, then shows the first token; sent again, the name is taken."""
    form = ConnectForm(request.POST or None)
    if form.is_valid():
        try:
            provider, token = services.connect_with_token(
                form.cleaned_data["name"],
                IdentityProvider.Kind(form.cleaned_data["kind"]),
                actor=actor_of(request),
                expires_at=form.expires_at,
            )
        except services.AlreadyConnected as error:
            form.add_error("name", str(error))
        else:
            return _show_token(request, provider, token)
    return page(request, "connect.html", "Connect an identity provider", form=form)


@form_page
@for_administrators
@sensitive_variables("token")
@transaction.atomic
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks when the older tokens end, then shows the new one; a reload of that page does not rotate again."""
    # The lock makes two administrators who rotate at once see each other's token.
    provider = get_object_or_404(IdentityProvider.objects.select_for_update(), pk=pk)
    newest = provider.newest_token_id()
    form = RotateForm(request.POST or None, initial={"newest": newest}, identity_provider=provider)
    if form.is_valid():
        token = tokens.rotate(
            provider, actor=actor_of(request), overlap=form.overlap_time, expires_at=form.expires_at
        )
        return _show_token(request, provider, token)
    if form.is_bound and form.stale:
        messages.warning(
            request,
            f"{provider} received another token after that page was opened, so nothing was changed."
            " Rotate again if you need a new one.",
        )
        return redirect("provisioning:overview")
    living = list(provider.tokens.filter(BearerToken.living(timezone.now())))
    title = f"Rotate the token of {provider}" if living else f"New token for {provider}"
    return page(request, "rotate.html", title, form=form, provider=provider, living=living)


@form_page
@for_administrators
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends every token of an identity provider, once confirmed."""
    provider = get_object_or_404(IdentityProvider, pk=pk)
    if request.method != "POST":
        living = provider.tokens.filter(BearerToken.living(timezone.now()))
        return page(request, "revoke.html", f"Disconnect {provider}", provider=provider, living=living)
    if tokens.revoke(provider, actor=actor_of(request)):
        messages.success(request, f"{provider} is disconnected: its tokens no longer work.")
    return redirect("provisioning:overview")


@form_page
@for_administrators
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends one token, once confirmed."""
    token = get_object_or_404(BearerToken.objects.select_related("identity_provider"), pk=pk)
    provider = token.identity_provider
    if request.method != "POST":
        living = provider.tokens.filter(BearerToken.living(timezone.now()))
        return page(
            request, "revoke.html", f"Revoke token {token}", provider=provider, token=token, living=living
        )
    if tokens.revoke_token(token, actor=actor_of(request)):
        messages.success(request, f"Token {token} of {provider} no longer works.")
    return redirect("provisioning:overview")


@sensitive_variables("token")
def _show_token(request: HttpRequest, provider: IdentityProvider, token: str) -> HttpResponse:
    """The only page that ever holds the clear text: the direct answer to a POST, stored nowhere."""
    guide = GUIDES[IdentityProvider.Kind(provider.kind)]
    return page(
        request,
        "token.html",
        f"Token for {provider}",
        provider=provider,
        token=token,
        guide=guide,
        scim_url=scim_base_url(request) + guide.url_suffix,
    )
