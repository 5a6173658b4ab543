"""The addresses of Integrations > Employee provisioning."""

from django.urls import path

from . import views

app_name = "provisioning"
urlpatterns = [
    path("employee-provisioning/", views.overview, name="overview"),
    path("employee-provisioning/enable/", views.enable, name="enable"),
    path("employee-provisioning/disable/", views.disable, name="disable"),
    path("employee-provisioning/connect/", views.connect, name="connect"),
    path("employee-provisioning/identity-providers/<int:pk>/rotate/", views.rotate, name="rotate"),
    path("employee-provisioning/identity-providers/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("employee-provisioning/tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
]
