"""Doors that belong to no other room: the answer to a stale form. Sign-in pages are allauth's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a form that was open for too long, with what to do; 403."""
    return render(request, "403_csrf.html", status=403)
