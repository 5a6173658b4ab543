"""The addresses of Integrations > Employee provisioning and Integrations > Attribute inbox."""

from django.urls import path

from . import connect_urls, console_urls, inbox_views, log_urls, steering_urls, undo_urls, views

app_name = "provisioning"
urlpatterns = [
    path("employee-provisioning/", views.overview, name="overview"),
    path("employee-provisioning/enable/", views.enable, name="enable"),
    path("employee-provisioning/disable/", views.disable, name="disable"),
    path("employee-provisioning/connect/", views.connect, name="connect"),
    path("employee-provisioning/identity-providers/<int:pk>/rotate/", views.rotate, name="rotate"),
    path("employee-provisioning/identity-providers/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("employee-provisioning/tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
    path("attribute-inbox/", inbox_views.inbox, name="inbox"),
    path("attribute-inbox/<int:pk>/create/", inbox_views.create, name="inbox_create"),
    path("attribute-inbox/<int:pk>/alias/", inbox_views.alias, name="inbox_alias"),
    path("attribute-inbox/<int:pk>/dismiss/", inbox_views.dismiss, name="inbox_dismiss"),
    path("attribute-inbox/<int:pk>/recall/", inbox_views.recall, name="inbox_recall"),
    *connect_urls.urlpatterns,
    *console_urls.urlpatterns,
    *log_urls.urlpatterns,
    *steering_urls.urlpatterns,
    *undo_urls.urlpatterns,
]
