"""Addresses of the stand-in portal."""

from django.urls import path

from onboarding.portal_sandbox import control, views

urlpatterns = [
    path("dang-nhap", views.log_in),
    path("dich-vu", views.service),
    path("tep", views.upload),
    path("tep/<str:file_id>", views.read_back),
    path("so-cai", control.ledger_json),
    path("dieu-khien/che-do", control.switch),
    path("dieu-khien/tien", control.advance),
    path("dieu-khien/quen", control.forget),
    path("dieu-khien/het-phien", control.expire_sessions),
    path("dieu-khien/xoa-het", control.reset),
    path("dieu-khien/nhat-ky", control.calls),
    path("suc-khoe", control.health),
    path("trang.css", control.stylesheet),
    path("", control.page, name="page"),
    path("ho-so/<str:code>/tien", control.advance_from_page, name="advance"),
]
