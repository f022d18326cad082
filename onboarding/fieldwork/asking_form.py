"""What somebody may say when asking for a visit: the fields, how each is cleaned, what to mend in which words.

For: the form that a page without a script posts and the same fields sealed by a phone. The script checks by the same
sentences before it seals (static/src/js/components/ask-form.js). Not for: keeping (asking.py).
"""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding import text
from onboarding.accounts.models import Area
from onboarding.fieldwork import numbers
from onboarding.fieldwork.models import VisitRequest
from onboarding.guides import arranging
from onboarding.guides.content import bound
from onboarding.guides.models import GuideVersion
from onboarding.refusal import Refused

# Which words are agreed to. New words are a new name beside the old one: a phone may keep a request for days.
CONSENT = "goi-to-2"
CONSENTS = ("goi-to-1", CONSENT)
OTHER = "khac"
SLUG = re.compile(r"[-\w]{1,60}", re.ASCII)
# Whom else to call is no secret, even beside the words "quên mật khẩu".
_PHONE = re.compile(r"(?<!\d)0\d(?:[ .-]?\d){8,9}(?!\d)")
_TWELVE = re.compile(r"(?<!\d)\d(?:[ .-]?\d){11}(?!\d)")

SENTENCES: dict[str, str | Promise] = {
    "name": _("Chưa có họ tên. Ghi để tổ biết hỏi ai."),
    "phone": _("Chưa có số điện thoại. Ghi số để tổ gọi lại."),
    "short": _("Số này mới có {have} chữ số. Nhập đủ 10 số, bắt đầu bằng 0."),
    "wrong": _("Số này chưa đúng. Nhập đủ 10 số, bắt đầu bằng 0."),
    "what": _("Chưa chọn việc. Chọn một việc, hoặc chọn Việc khác."),
    "area": _("Chưa chọn phường. Chọn phường nơi ông/bà ở."),
    "consent": _("Chưa đánh dấu đồng ý. Đánh dấu thì phường mới được gọi lại."),
    "secret": _("Chỗ này có mật khẩu hoặc mã OTP. Xóa đi. Tổ không bao giờ hỏi."),
    "number": _("Chỗ này có số 12 chữ số như số căn cước. Xóa đi. Tổ xem thẻ khi đến nhà."),
    "long": _("Chỗ này dài quá {max} chữ cái. Rút ngắn lại."),
}
LIMITS = {"name": 120, "address": 200, "note": 300, "time_note": 100}


def sentence(key: str, **values: object) -> str:
    """Return one of SENTENCES with its holes filled."""
    return str(SENTENCES[key]).format(**values)


class WhatField(forms.ChoiceField):
    """A choice from a list that grows and shrinks: what a phone kept for days may no longer be on it."""

    def valid_value(self, value: str) -> bool:
        """Take whatever could ever have been on the list."""
        return bool(SLUG.fullmatch(value))


class AskForm(forms.Form):
    """One request as typed. `guide` is what was being read, offered as the first thing to need help with."""

    use_required_attribute = False

    name = forms.CharField(label=_("Họ và tên"), required=False)
    phone = forms.CharField(label=_("Số điện thoại"), required=False)
    note = forms.CharField(
        label=_("Nói thêm"),
        required=False,
        help_text=_("Thí dụ: điện thoại cũ, nặng tai. Đừng ghi mật khẩu, mã OTP, số căn cước."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    address = forms.CharField(
        label=_("Nhà ở đâu"), required=False, help_text=_("Số nhà, ngõ, phố. Có địa chỉ thì tổ xếp được đường đi.")
    )
    times = forms.MultipleChoiceField(
        label=_("Lúc nào tiện"),
        required=False,
        choices=VisitRequest.Time.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    time_note = forms.CharField(label=_("Ngày giờ khác"), required=False)
    consent = forms.BooleanField(label=_("Tôi đồng ý để phường dùng những điều trên để gọi lại và đến giúp"))
    words = forms.ChoiceField(choices=[(name, name) for name in CONSENTS], widget=forms.HiddenInput)

    def __init__(self, said: Any = None, *, wards: list[Area], guides: Iterable[GuideVersion], guide: str = ""):
        """Take the wards to choose from, the published guides, and the slug of the one that was being read, or ""."""
        super().__init__(said, auto_id="hen_%s")
        self.wards = {str(ward.pk): ward for ward in wards}
        self.titles = {version.guide.slug: version.title for version in guides}
        self.guide = guide if guide in self.titles else ""
        self.fields["what"] = self._whats()
        if len(self.wards) > 1:
            self.fields["area"] = self._places()
        self.initial = {"words": CONSENT, "what": self.guide}
        self._dress()

    def clean_name(self) -> str:
        """Return the name as one clean line."""
        return self._line("name") or self._missing("name")

    def clean_phone(self) -> str:
        """Return the number as ten or eleven digits."""
        typed = self.cleaned_data["phone"]
        if not typed.strip():
            self._missing("phone")
        if _TWELVE.search(typed):
            self._missing("number")
        try:
            return numbers.clean_phone(typed)
        except Refused as refused:
            raise forms.ValidationError(refused.message) from refused

    def clean_note(self) -> str:
        """Return the free words as one clean line."""
        return self._line("note")

    def clean_address(self) -> str:
        """Return the address as one clean line."""
        return self._line("address")

    def clean_time_note(self) -> str:
        """Return the other times as one clean line."""
        return self._line("time_note")

    def clean_what(self) -> str:
        """Return what help is needed for: a topic, a guide, or "khac" for what we no longer have."""
        said = self.cleaned_data["what"] or self._missing("what")
        return said if said in self.titles or said in dict(topics()) else OTHER

    def place(self) -> Area:
        """Return the ward that is asked, once the form is valid."""
        return self.wards[self.cleaned_data["area"]] if "area" in self.fields else next(iter(self.wards.values()))

    def _line(self, name: str) -> str:
        line = text.tidy(self.cleaned_data[name])
        if text.looks_like_a_secret(_PHONE.sub(" ", line)):
            self._missing("secret")
        if _TWELVE.search(line):
            self._missing("number")
        if len(line) > LIMITS[name]:
            raise forms.ValidationError(sentence("long", max=LIMITS[name]))
        return line

    def _missing(self, key: str) -> Any:
        raise forms.ValidationError(sentence(key))

    def _whats(self) -> WhatField:
        first = [(self.guide, self.titles[self.guide])] if self.guide else []
        choices = [("", _("Chọn một việc")), *first, *topics(), (OTHER, _("Việc khác"))]
        return WhatField(label=_("Cần giúp việc gì"), required=False, choices=choices)

    def _places(self) -> forms.ChoiceField:
        choices = [(pk, ward.name) for pk, ward in self.wards.items()]
        return forms.ChoiceField(label=_("Ông/bà ở phường nào"), choices=choices, widget=forms.RadioSelect)

    def _dress(self) -> None:
        """Say what the templates and phones' keyboards need to know of each field."""
        for name, field in self.fields.items():
            if not isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect):
                field.widget.attrs |= {"class": "in", "autocomplete": "off"}
            if name in LIMITS:
                field.widget.attrs["maxlength"] = LIMITS[name]
            for error in ("required", "invalid", "invalid_choice"):
                field.error_messages[error] = sentence(name if name in SENTENCES else "what")
        self.fields["name"].widget.attrs |= {"autocomplete": "name"}
        self.fields["phone"].widget.attrs |= {"autocomplete": "tel", "inputmode": "tel", "type": "tel", "maxlength": 20}
        self.fields["words"].widget.attrs = {}


def topics() -> list[tuple[str, str]]:
    """Return what help may be needed for in general: (code, words) of each topic."""
    return [(row["code"], bound(row["title"])) for row in arranging.SHELF.topics]


def title_of(what: str, titles: dict[str, str]) -> str:
    """Return in words what help is needed for; titles: of guides, by slug."""
    return titles.get(what) or dict(topics()).get(what) or gettext("Việc khác")
