"""Doors that belong to no other room: is this visitor real, and a stale form. Sign-in pages are allauth's."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from onboarding.accounts.areas import help_line
from onboarding.accounts.models import FIELD_ROLES, User
from onboarding.text import tidy


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a form that was open for too long, with what to do; 403."""
    return render(request, "403_csrf.html", status=403)


@require_safe
def ask_visitor(request: HttpRequest) -> HttpResponse:
    """Take a badge number typed by a householder; show where to look, or the form."""
    asked = tidy(request.GET.get("the", ""))[:20].upper().replace("/", "")
    if asked:
        return HttpResponseRedirect(reverse("visitor-badge", args=[asked]))
    return _visitor_page("", None)


@require_safe
def visitor(request: HttpRequest, badge: str) -> HttpResponse:
    """Say whether the bearer of a badge works here today: name, role and ward, nothing else.

    A badge nobody has and one that is no longer good look the same, so that nobody can collect former members.
    """
    return _visitor_page(badge, User.objects.filter(badge__iexact=badge, is_active=True).first())


def _visitor_page(badge: str, person: User | None) -> HttpResponse:
    posts = list(person.memberships.current().filter(role__in=FIELD_ROLES).select_related("area")) if person else []
    context = {
        "asked": badge,
        "visitor": person if posts else None,
        "posts": posts,
        "help": help_line(),
        "today": timezone.localdate(),
    }
    # Drawn without the request: no session is read and no cookie is set for somebody who only asks.
    page = render_to_string("accounts/visitor.html", context)
    return HttpResponse(page, status=404 if badge and not posts else 200)
