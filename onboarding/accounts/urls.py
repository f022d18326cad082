"""Addresses of sign-in (allauth's views; nobody signs up here, so that page has none) and of the check on a visitor."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from onboarding.accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("dang-nhap/", account.login, name="account_login"),
    path("dang-xuat/", account.logout, name="account_logout"),
    path("to-ho-tro/", views.ask_visitor, name="visitor"),
    path("to-ho-tro/<str:badge>/", views.visitor, name="visitor-badge"),
    path("tai-khoan/mat-khau/", account.password_change, name="account_change_password"),
    path("tai-khoan/xac-nhan/", account.reauthenticate, name="account_reauthenticate"),
    path("tai-khoan/ngung/", account.account_inactive, name="account_inactive"),
    path("tai-khoan/hai-lop/", include("allauth.mfa.urls")),
    path("tai-khoan/phien/", include("allauth.usersessions.urls")),
]
