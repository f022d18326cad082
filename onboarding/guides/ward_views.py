"""The editors' door to the procedures: which fact says what since when, who says so, and what must be looked up again.

Not for: citizens' pages (views.py). It only reads; the words are files under content/procedures/.
"""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from onboarding.accounts.gates import WardRequest, for_roles
from onboarding.accounts.models import Role
from onboarding.guides import ledger

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
