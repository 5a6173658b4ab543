"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from employees.surveys import answering
from scim.urls import urlpatterns as scim_service

from .front_door import front_door
from .health import healthz

urlpatterns = [
    path("healthz", healthz),
    path("admin/integrations/", include("scim.provisioning.urls")),
    path("admin/surveys/", include("employees.surveys.urls")),
    path("admin/", admin.site.urls),
    path("s/<str:token>/", answering.answer, name="survey-answer"),
    path("", front_door),
    *scim_service,
]

handler400 = "peakon_scim.errors.bad_request"
handler403 = "peakon_scim.errors.permission_denied"
handler404 = "peakon_scim.errors.page_not_found"
handler500 = "peakon_scim.errors.server_error"
