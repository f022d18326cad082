"""Addresses of sign-in (allauth's views under Vietnamese paths; nobody signs up) and of the check on a visitor."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from onboarding.accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("dang-nhap/", account.login, name="account_login"),
    path("dang-xuat/", account.logout, name="account_logout"),
    path("to-ho-tro/", views.ask_visitor, name="visitor"),
    path("to-ho-tro/<str:badge>/", views.visitor, name="visitor-badge"),
    path("tai-khoan/", include("allauth.urls")),
]
