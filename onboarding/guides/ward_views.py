"""The ward's doors to procedures and guides: what must be looked up again, how guides are read and where they misfit.

Not for: citizens' pages (views.py) or the way of a version to its readers (review_views.py). It only reads.
"""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from onboarding.accounts.access import has_role
from onboarding.accounts.gates import WardRequest, for_roles
from onboarding.accounts.models import Role
from onboarding.guides import drafts, following, ledger, readership, worklist
from onboarding.guides.models import Guide

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
    """List the guides with their states, how they were read in the last 30 days, and what rises: ?loc= one filter."""
    found, chosen = worklist.entries(timezone.localdate()), request.GET.get("loc", "")
    chosen = chosen if chosen in worklist.FILTERS else ""
    shown = [entry for entry in found if worklist.FILTERS[chosen](entry)]
    return show(
        request, "guides/ward_guides.html", {"entries": shown, "chosen": chosen, "counts": worklist.counts(found)}
    )


@require_safe
@for_roles(Role.EDITOR, Role.SUPERVISOR)
def guide(request: WardRequest, slug: str) -> HttpResponse:
    """Show one guide: its versions, and the counts of those that are read, step by step."""
    row = get_object_or_404(Guide, slug=slug)
    lines = worklist.versions_of(row)
    if not lines:
        raise Http404("No such guide")
    context = {
        "guide": row, "lines": lines, "open": drafts.open_draft(row), "title": (row.current or lines[0].version).title,
        "overdue": row.review_by is not None and row.review_by < timezone.localdate(),
        "read": readership.versions_of(slug, timezone.localdate()), "behind": following.of_guide(row),
    }  # fmt: skip
    return show(request, "guides/ward_guide.html", context)


def show(request: WardRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Draw a page with the ward's rail only for somebody who may open what it leads to."""
    supervises = has_role(request.user, Role.SUPERVISOR)
    return render(request, template, {**context, "supervises": supervises}, status=status)
