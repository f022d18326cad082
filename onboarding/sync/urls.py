"""Addresses of the room sync."""

from django.urls import URLPattern, URLResolver, path, re_path

from onboarding.sync import views, ward_views

app_name = "sync"

urlpatterns: list[URLPattern | URLResolver] = [
    path("doi/", views.shell, name="shell"),
    path("sync/enrol/", views.enrol_view, name="enrol"),
    path("sync/hello/", views.hello_view, name="hello"),
    path("sync/push/", views.push_view, name="push"),
    path("sync/pull/", views.pull_view, name="pull"),
    path("sync/files/", views.files_view, name="files"),
    path("sync/files/<str:sha256>/", views.file_view, name="file"),
    path("phuong/may/", ward_views.device_list, name="devices"),
    path("phuong/may/ghi-danh/", ward_views.invite, name="invite"),
    path("phuong/may/<uuid:pk>/dung/", ward_views.end_device, name="end-device"),
    path("phuong/may/<uuid:pk>/gia-han/", ward_views.renew_device, name="renew-device"),
    path("phuong/may/im-lang/bao/", ward_views.silent_banner, name="silent-banner"),
    path("phuong/may/im-lang/", ward_views.silent_list, name="silent-list"),
    # Whatever a phone of another age asks for: a 404 that it can tell from a captive portal's.
    re_path(r"^sync/.*$", views.unknown_view),
]
