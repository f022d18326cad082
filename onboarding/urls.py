"""The table of all addresses: each room brings its own. Not for: views."""

from django.contrib import admin
from django.urls import include, path
from django.views.decorators.cache import cache_control
from django.views.generic import TemplateView

from onboarding.health import health
from onboarding.worker import service_worker

# What search engines leave alone: whatever is for one person, or for people who sign in.
robots = TemplateView.as_view(template_name="robots.txt", content_type="text/plain; charset=utf-8")

urlpatterns = [
    path("robots.txt", cache_control(public=True, max_age=86_400)(robots)),
    path("suc-khoe/", health, name="health"),
    path("quan-tri/", admin.site.urls),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
    path("", include("onboarding.accounts.urls")),
    path("", include("onboarding.guides.urls")),
    path("", include("onboarding.fieldwork.urls")),
    path("", include("onboarding.submissions.urls")),
    path("", include("onboarding.sync.urls")),
    path("", include("onboarding.oversight.urls")),
    # Before django-pwa's own: that one may be kept by anything between, and breaks when nothing has been built.
    path("serviceworker.js", service_worker),
    path("", include("pwa.urls")),
]
