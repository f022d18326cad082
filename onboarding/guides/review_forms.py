"""The forms of a reviewer: a day on which readers get a version or lose it, and a note why it goes back.

Times are those of Hà Nội. A form keeps what was typed; what a verb refuses is said at its field. Not for: the verbs
(timetable.py, reviewing.py).
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.refusal import Refused

TYPED = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y"]
UNREADABLE = {"invalid": _("Chưa đọc được ngày giờ này. Ghi như 25/11/2026 8:00.")}


def _time_field(label: Any, help_text: Any, *, missing: Any = "") -> forms.DateTimeField:
    """Return a field for a day and an hour; missing: what to say when it is empty, nothing where it may be."""
    picker = forms.DateTimeInput(attrs={"class": "in", "type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(
        label=label, required=bool(missing), help_text=help_text, input_formats=TYPED, widget=picker,
        error_messages={**UNREADABLE, "required": missing},
    )  # fmt: skip


class KindForm(forms.Form):
    """A form that says at the field what a verb refuses."""

    places: dict[str, str] = {}

    def refuse(self, no: Refused) -> None:
        """Put a verb's sentence at the field it is about."""
        self.add_error(self.places.get(no.code), no.message)


class ScheduleForm(KindForm):
    """From when, and until when."""

    places = {"past": "at", "too_far": "at", "ends_first": "until"}
    at = _time_field(
        _("Người dân thấy bài từ"), _("Giờ Hà Nội."),
        missing=_("Chưa chọn ngày giờ. Chọn lúc người dân bắt đầu thấy bài."),
    )  # fmt: skip
    until = _time_field(_("Đến"), _("Để trống nếu bài không có ngày hết."))


class EndForm(KindForm):
    """Until when readers have a version that they have now."""

    places = {"past": "until", "own_version": "until"}
    until = _time_field(
        _("Người dân thấy bài đến"), _("Giờ Hà Nội."), missing=_("Chưa chọn ngày giờ. Chọn lúc bài hết hạn.")
    )


class NoteForm(KindForm):
    """Why."""

    places = {"no_reason": "why", "too_large": "why"}
    why = forms.CharField(
        label=_("Vì sao"), error_messages={"required": _("Chưa ghi vì sao. Ghi một câu cho đồng nghiệp.")},
        help_text=_("Một câu cho đồng nghiệp. Không ghi tên người dân."),
        widget=forms.Textarea(attrs={"class": "in", "rows": 2}),
    )  # fmt: skip


class WithdrawForm(NoteForm):
    """Why, and whether what came before goes, too."""

    earlier = forms.BooleanField(label=_("Rút cả các bản trước của bài này"), required=False)
