"""The ward's doors to procedures and guides: what must be looked up again, how guides are read and where they misfit.

Not for: citizens' pages (views.py). It only reads; the words are files under content/.
"""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from onboarding.accounts.access import has_role
from onboarding.accounts.gates import WardRequest, for_roles
from onboarding.accounts.models import Role
from onboarding.guides import ledger, readership

A_PAGE = 10


@require_safe
@for_roles(Role.EDITOR)
def procedures(request: WardRequest) -> HttpResponse:
    """List procedures with their facts: ?dau= unverified, expired or soon; ?trang= page."""
    today, mark = timezone.localdate(), request.GET.get("dau", "")
    mark = mark if mark in ledger.MARKS else ""
    found = ledger.pages(today, mark)
    context = {
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("trang")),
        "mark": mark,
        "counts": ledger.counts(today),
    }
    return render(request, "guides/ward_procedures.html", context)


@require_safe
@for_roles(Role.EDITOR, Role.SUPERVISOR)
def guides(request: WardRequest) -> HttpResponse:
    """List the published guides: how they were read in the last 30 days, and what rises."""
    return _shown(request, "guides/ward_guides.html", {"lines": readership.board(timezone.localdate())})


@require_safe
@for_roles(Role.EDITOR, Role.SUPERVISOR)
def guide(request: WardRequest, slug: str) -> HttpResponse:
    """Show one guide's counts, step by step, for each version that is read."""
    versions = readership.versions_of(slug, timezone.localdate())
    if not versions:
        raise Http404("No such guide")
    return _shown(request, "guides/ward_guide.html", {"versions": versions, "title": versions[0].version.title})


def _shown(request: WardRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Draw a page with the ward's rail only for somebody who may open what it leads to."""
    return render(request, template, {**context, "supervises": has_role(request.user, Role.SUPERVISOR)})
