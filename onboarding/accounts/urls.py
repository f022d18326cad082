"""Addresses of sign-in: allauth's views under Vietnamese paths. Nobody signs up here."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("dang-nhap/", account.login, name="account_login"),
    path("dang-xuat/", account.logout, name="account_logout"),
    path("tai-khoan/", include("allauth.urls")),
]
