"""The ward's doors to phones: which there are, inviting a member by QR, ending an enrolment, who is silent.

Not for: the phones' own doors (views.py). Every row comes through visible_to: another ward's phone is a 404.
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from onboarding.accounts.gates import WardRequest, supervisor_only
from onboarding.accounts.models import Membership, Role, User
from onboarding.qr import qr_svg
from onboarding.sync import devices, enrolments
from onboarding.sync.models import Device
from onboarding.sync.silence import on_phones, silent_devices


@require_GET
@supervisor_only
def device_list(request: WardRequest) -> HttpResponse:
    """List the members of the ward's teams with their phones."""
    phones = Device.objects.visible_to(request.user).select_related("user", "team").order_by("revoked_at", "user__name")
    context = {"members": _members(request), "devices": phones, "now": timezone.now()}
    return render(request, "sync/devices.html", context)


@require_POST
@supervisor_only
def invite(request: WardRequest) -> HttpResponse:
    """Make a one-time invitation for one member and show its QR once; the token is never stored in clear."""
    member = get_object_or_404(User, pk__in=[m.user_id for m in _members(request)], pk=request.POST.get("member"))
    token, enrolment = enrolments.invite(user=request.user, member=member)
    address = request.build_absolute_uri(reverse("sync:shell")) + f"#/ghi-danh/{token}"
    context = {"member": member, "enrolment": enrolment, "address": address, "qr": qr_svg(address)}
    return render(request, "sync/invitation.html", context)


@require_POST
@supervisor_only
def end_device(request: WardRequest, pk: str) -> HttpResponse:
    """End a phone's enrolment; "lost" also asks it to wipe what it may no longer hold."""
    device = get_object_or_404(Device.objects.visible_to(request.user), pk=pk)
    devices.revoke(user=request.user, device=device, lost=request.POST.get("lost") == "1")
    messages.success(
        request,
        _("Đã dừng máy của %(name)s. Mục còn trên máy vẫn được giữ để phường xem.") % {"name": device.user.name},
    )
    return redirect("sync:devices")


@require_POST
@supervisor_only
def renew_device(request: WardRequest, pk: str) -> HttpResponse:
    """Let a phone work on for another term."""
    device = get_object_or_404(Device.objects.visible_to(request.user), pk=pk, revoked_at__isnull=True)
    devices.renew(user=request.user, device=device)
    messages.success(request, _("Đã gia hạn máy của %(name)s.") % {"name": device.user.name})
    return redirect("sync:devices")


@require_GET
@supervisor_only
def silent_banner(request: WardRequest) -> HttpResponse:
    """Answer the banner above the ward's figures; empty when nobody is silent."""
    found = silent_devices(request.user, now=timezone.now())
    return render(request, "sync/silent.html#banner", {"silences": found, "left": on_phones(found)})


@require_GET
@supervisor_only
def silent_list(request: WardRequest) -> HttpResponse:
    """Answer the list of silent phones with the hours and a way to call."""
    found = silent_devices(request.user, now=timezone.now())
    return render(request, "sync/silent.html#list", {"silences": found})


def _members(request: WardRequest) -> list[Membership]:
    rows = Membership.objects.current().filter(role=Role.MEMBER, area=request.ward, user__is_active=True)
    return list(rows.select_related("user", "team").order_by("team__name", "user__name"))
