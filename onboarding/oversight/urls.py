"""Addresses of the room oversight."""

from django.urls import path

from onboarding.oversight import views

app_name = "oversight"
urlpatterns = [path("phuong/", views.dashboard, name="dashboard")]
