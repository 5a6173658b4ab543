"""The addresses of the provisioning log."""

from django.urls import path

from . import log_pages

urlpatterns = [
    path("employee-provisioning/log/", log_pages.log, name="log"),
    path("employee-provisioning/log/export/", log_pages.log_export_file, name="log_export"),
    path("employee-provisioning/log/<int:pk>/", log_pages.log_entry, name="log_entry"),
]
