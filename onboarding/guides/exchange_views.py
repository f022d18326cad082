"""The editor's doors for guides that travel: a version as a zip, a zip as a draft.

Not for: the format (exchange.py) or what is taken in (incoming.py).
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onboarding.accounts.gates import WardRequest
from onboarding.guides import editing_views, exchange, incoming, unpacking
from onboarding.guides.editing_views import editors_only
from onboarding.guides.models import GuideVersion
from onboarding.refusal import Refused


@editors_only
@require_safe
def export(request: WardRequest, pk: str) -> HttpResponse:
    """Answer with a version as a zip."""
    version = get_object_or_404(GuideVersion.objects.select_related("guide__procedure"), pk=pk)
    try:
        packed = exchange.export(version)
    except Refused as no:
        messages.error(request, no.message)
        return redirect("guides:ward-guides")
    headers = {"Content-Disposition": f'attachment; filename="{version.guide.slug}-{version.number}.zip"'}
    return HttpResponse(packed, content_type="application/zip", headers=headers)


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: WardRequest) -> HttpResponse:
    """Make a draft of the zip that somebody brings, or say why it can't be."""
    refused = ""
    if request.method == "POST":
        try:
            packed = editing_views.brought(request, exchange.MOST_PACKED, unpacking.heavy)
            draft = incoming.take_in(user=request.user, packed=packed)
        except Refused as no:
            refused = no.message
        else:
            messages.success(request, _("Đã nhập thành bản nháp. Xem lại từng bước rồi gửi duyệt."))
            return redirect("guides:edit", draft.guide.slug)
    context = {"refused": refused, "most": exchange.MOST_PACKED, "heavy": unpacking.heavy()}
    return editing_views.page(request, "guides/import.html", context, 422 if refused else 200)
