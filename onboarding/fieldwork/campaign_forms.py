"""The forms of a campaign: what is known of it, and the words that spread it. Every refusal says what to do.

Words are for everybody, so nobody's number and no secret may stand in them (public_words.py), and what is read over the
loudspeaker fits into its time (spoken.py). Not for: keeping anything (campaigns.py).
"""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding import text
from onboarding.accounts.models import Area
from onboarding.fieldwork import public_words, spoken
from onboarding.guides import arranging

MOST = 1_000_000  # homes or people: more than any ward has
MESSAGE = 1000
TOLD = ("name", "place", "hours", "bring")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")


def _input(**attrs: object) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "in", **attrs})


class PublicField(forms.CharField):
    """Words that everybody will read: one clean line, or several. The form knows whose number may stand in them."""

    def __init__(self, *, most: int, lines: int = 1, **more: Any) -> None:
        self.most, self.lines = most, lines
        widget = forms.Textarea(attrs={"class": "in area", "rows": lines}) if lines > 1 else _input()
        super().__init__(strip=False, widget=widget, **more)

    def to_python(self, value: Any) -> str:
        """Return the kept form of the words: NFC, without controls."""
        return _tidy_lines(value or "") if self.lines > 1 else text.tidy(value or "")

    def validate(self, value: str) -> None:
        """Refuse what is missing or too long."""
        super().validate(value)
        if len(value) > self.most:
            raise _wrong(_("Dài %(have)d chữ cái. Bớt còn %(most)d."), have=len(value), most=self.most)


class CountField(forms.IntegerField):
    """A number of homes or people, with or without a dot between thousands, from none to a million."""

    def __init__(self, **more: Any) -> None:
        super().__init__(min_value=0, max_value=MOST, **more)

    def to_python(self, value: Any) -> int | None:
        """Return the number; 1.500 is one thousand five hundred here."""
        typed = text.tidy(str(value or ""))
        return super().to_python(typed.replace(".", "") if _THOUSANDS.fullmatch(typed) else typed)


class CampaignForm(forms.Form):
    """What there is to know of a campaign."""

    use_required_attribute = False  # the rules are ours: the browser's own bubbles speak another language

    name = PublicField(
        label=gettext_lazy("Tên đợt"),
        help_text=gettext_lazy("Bà con nghe và đọc tên này. Ví dụ: 90 ngày kích hoạt mức 2."),
        most=120,
        error_messages={"required": gettext_lazy("Chưa có tên. Đặt tên để bà con biết đợt làm việc gì.")},
    )
    starts = forms.DateField(label=gettext_lazy("Từ ngày"))
    ends = forms.DateField(label=gettext_lazy("Đến hết ngày"))
    place = PublicField(label=gettext_lazy("Nơi làm"), required=False, most=120)
    hours = PublicField(
        label=gettext_lazy("Giờ làm việc"), help_text=gettext_lazy("Ví dụ: 8:00 đến 11:30, 14:00 đến 17:00."),
        required=False, most=80,
    )  # fmt: skip
    bring = PublicField(
        label=gettext_lazy("Bà con mang theo gì"), help_text=gettext_lazy("Để trống thì lấy theo bài hướng dẫn."),
        required=False, most=160,
    )  # fmt: skip
    target_activations = CountField(label=gettext_lazy("Số người cần kích hoạt"))
    target_households = CountField(label=gettext_lazy("Số nhà cần đến"))

    def __init__(self, data: Any = None, *, ward: Area, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        for name in TOLD:
            self.fields[name].validators.append(nobodys_data(ward))
        for name in ("starts", "ends"):
            self.fields[name].widget = forms.DateInput(format="%Y-%m-%d", attrs={"class": "in", "type": "date"})
            self.fields[name].error_messages = _said_once(_("Chưa rõ ngày. Chọn ngày, tháng, năm."))
        for name in ("target_activations", "target_households"):
            self.fields[name].widget = _input(inputmode="numeric")
            self.fields[name].error_messages = _said_once(_("Nhập một số, ví dụ 1.500. Chưa có kế hoạch thì nhập 0."))
        self.fields["guide"] = self._guides()

    def clean(self) -> dict[str, Any]:
        """Check the rule between the days."""
        first, last = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        if first and last and last < first:
            self.add_error("ends", _("Ngày kết thúc đang trước ngày bắt đầu. Chọn lại ngày."))
        return self.cleaned_data

    def _guides(self) -> forms.ChoiceField:
        choices = [("", _("Trang chính, mọi hướng dẫn"))]
        choices += [(version.guide.slug, version.title) for version in arranging.published()]
        kept = self.initial.get("guide", "")
        if kept and kept not in dict(choices):
            choices.append((kept, _("Bài đang giữ, hiện không phát hành")))
        return forms.ChoiceField(
            label=_("Hướng dẫn"), required=False, choices=choices, widget=forms.Select(attrs={"class": "in"}),
            help_text=_("Mã QR và đường dẫn của đợt mở bài này."),
            error_messages=_said_once(_("Bài này không còn. Chọn bài khác.")),
        )  # fmt: skip


class WordsForm(forms.Form):
    """The words that spread a campaign; left empty they are made from what is known."""

    use_required_attribute = False

    loudspeaker = PublicField(label=gettext_lazy("Lời phát loa"), required=False, most=MESSAGE, lines=6)
    message = PublicField(label=gettext_lazy("Tin nhắn"), required=False, most=MESSAGE, lines=12)

    def __init__(self, data: Any = None, *, ward: Area, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        for field in self.fields.values():
            field.validators.append(nobodys_data(ward))

    def clean_loudspeaker(self) -> str:
        """Refuse what can't be read in time."""
        words = self.cleaned_data["loudspeaker"]
        if spoken.seconds(words) > spoken.MOST_SECONDS:
            raise _wrong(
                _("Đọc hết khoảng %(have)d giây. Bớt lời để còn %(most)d giây."),
                have=spoken.seconds(words), most=spoken.MOST_SECONDS,
            )  # fmt: skip
        return words


def nobodys_data(ward: Area) -> Callable[[str], None]:
    """Return a validator that refuses anybody's number but the ward's own, and secrets."""

    def check(words: str) -> None:
        fault = public_words.fault(words, own_line=ward.phone)
        if fault:
            raise forms.ValidationError(_sentence(fault), code=fault)

    return check


def _sentence(fault: str) -> str:
    return {
        "phone": _("Có số điện thoại riêng. Chỉ ghi số gọi hỗ trợ của phường."),
        "number": _("Có dãy số dài như số giấy tờ của một người. Xóa đi rồi lưu lại."),
        "secret": _("Có mật khẩu hoặc mã OTP. Xóa đi rồi lưu lại."),
    }[fault]


def _tidy_lines(value: str) -> str:
    """Return lines without spaces at their ends, with at most one empty line between two."""
    lines = [text.tidy(line) for line in text.nfc(value).splitlines()]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept).strip()


def _said_once(words: str) -> dict[str, Any]:
    return dict.fromkeys(("required", "invalid", "invalid_choice", "min_value", "max_value"), words)


def _wrong(words: str, **numbers: int) -> forms.ValidationError:
    return forms.ValidationError(words % numbers)
