"""What each key of a drawn element may hold, and what both are called where authors see them.

For: refusing a spec before anything looks into it (shape_faults; a spec may come from a form or from a zip) and for the
editor's fields. Pure. Not for: which keys an element takes (elements.py) or whether it fits (specs.py).
"""

import math
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.guides.elements import BUTTONS
from onboarding.guides.glyphs import GLYPHS
from onboarding.guides.pen import COLOURS

Spec = dict[str, Any]
Name = str | Promise

LONGEST = 400  # signs of a text on a drawn screen
MOST_ELEMENTS = 40
WIDE = 2000.0  # units; a screen is 300 x 560


@dataclass(frozen=True)
class Key:
    """What a key holds: "text", "pick" (offered: `of`), "number" (from `low` to `high`), "yes", "choice" (only `of`).

    `name` is shown to authors; a key without one is kept as it is but not offered.
    """

    kind: str
    name: Name = ""
    low: float = 0
    high: float = 0
    of: tuple[str, ...] = ()
    unsaid: bool = False  # what a "yes" is when nothing is said

    def takes(self, value: Any) -> bool:
        """Say whether value is what this key holds."""
        if self.kind == "number":
            return _is_number(value) and self.low <= value <= self.high
        if self.kind == "yes":
            return isinstance(value, bool)
        # A sign or a kind of button that there is none of has a sentence of its own in specs.py.
        named = self.kind == "choice" and value not in self.of
        return isinstance(value, str) and len(value) <= LONGEST and not named


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


_TEXT: dict[str, Name] = {
    "text": gettext_lazy("Chữ"), "title": gettext_lazy("Tên"), "name": gettext_lazy("Tên"),
    "value": gettext_lazy("Đã gõ"), "hint": gettext_lazy("Chữ mờ gợi ý"), "from": gettext_lazy("Người gửi"),
    "by": gettext_lazy("Của ai"), "note": gettext_lazy("Ghi chú"), "address": gettext_lazy("Địa chỉ trang"),
    "button": gettext_lazy("Nút"), "main": gettext_lazy("Nút chính"), "other": gettext_lazy("Nút kia"),
    "number": gettext_lazy("Số nhà"), "aim": "", "id": "",
}  # fmt: skip
KEYS: dict[str, Key] = {
    **{key: Key("text", name) for key, name in _TEXT.items()},
    "icon": Key("pick", gettext_lazy("Hình"), of=tuple(sorted(GLYPHS))),
    "kind": Key("pick", gettext_lazy("Kiểu nút"), of=tuple(BUTTONS)),
    "align": Key("choice", gettext_lazy("Canh"), of=("left", "center")),
    "c": Key("choice", of=tuple(COLOURS)),
    "bg": Key("choice", of=tuple(COLOURS)),
    "size": Key("number", gettext_lazy("Cỡ chữ"), 17, 60),
    "w": Key("number", "", 400, 700),
    "n": Key("number", gettext_lazy("Số lượng"), 1, 8),
    "h": Key("number", gettext_lazy("Chiều cao"), 0, 560),
    "at": Key("number", gettext_lazy("Đang ở"), 0, 9),
    "width": Key("number", "", 0.1, 1),
    "filled": Key("number", gettext_lazy("Đã gõ mấy số"), 0, 8),
    "dots": Key("number", gettext_lazy("Số chấm"), 0, 12),
    "people": Key("number", gettext_lazy("Số người"), 0, 4),
    "lit": Key("yes", gettext_lazy("Luôn sáng")),
    "done": Key("yes", gettext_lazy("Đã xong")),
    "mine": Key("yes", gettext_lazy("Tin mình gửi")),
    "guest": Key("yes", gettext_lazy("Có người ngồi trước bàn"), unsaid=True),
}
TARGET = {
    "of": Key("text"), "label": Key("text"), "n": Key("number", "", 1, 9), "side": Key("choice", of=("left", "right")),
}  # fmt: skip
HAND = {"of": Key("text"), "angle": Key("number", "", -90, 90), "from": Key("choice", of=("left", "right"))}
SPEC = {
    "view": Key("number", "", -WIDE, WIDE), "note": Key("text"), "frame": Key("pick", of=("phone", "plain")),
}  # fmt: skip

ELEMENT_NAMES: dict[str, Name] = {
    "bar": gettext_lazy("Tên màn hình"), "label": gettext_lazy("Nhãn của ô"), "field": gettext_lazy("Ô nhập"),
    "button": gettext_lazy("Nút"), "otp": gettext_lazy("Mã 6 số"), "sms": gettext_lazy("Tin nhắn"),
    "text": gettext_lazy("Dòng chữ"), "row": gettext_lazy("Dòng có hình"), "choice": gettext_lazy("Ô chọn"),
    "tick": gettext_lazy("Ô đánh dấu"), "alert": gettext_lazy("Hộp thông báo"),
    "bubble": gettext_lazy("Tin trò chuyện"), "call": gettext_lazy("Cuộc gọi đến"),
    "dots": gettext_lazy("Chấm passcode"), "keypad": gettext_lazy("Bàn phím số"),
    "card": gettext_lazy("Thẻ căn cước"), "finder": gettext_lazy("Khung chụp"), "face": gettext_lazy("Khuôn mặt"),
    "finger": gettext_lazy("Vân tay"), "nfc": gettext_lazy("Áp thẻ vào máy"), "qr": gettext_lazy("Mã QR"),
    "file": gettext_lazy("Giấy tờ"), "store": gettext_lazy("Ứng dụng"),
    "level": gettext_lazy("Mức"),
    "check": gettext_lazy("Dấu xong"), "hero": gettext_lazy("Hình lớn"), "steps": gettext_lazy("Dãy bước"),
    "laptop": gettext_lazy("Máy tính"), "house": gettext_lazy("Cửa nhà"), "officer": gettext_lazy("Bàn cán bộ"),
    "bars": gettext_lazy("Chữ mờ"), "space": gettext_lazy("Khoảng trống"), "spring": gettext_lazy("Đẩy xuống đáy"),
}  # fmt: skip

# What a choice is called; colours and the like are not offered and keep their names.
CHOICE_NAMES: dict[str, Name] = {
    "left": gettext_lazy("Trái"), "center": gettext_lazy("Giữa"), "right": gettext_lazy("Phải"),
    "primary": gettext_lazy("Đậm"), "muted": gettext_lazy("Xám"), "line": gettext_lazy("Viền"),
    "battery": gettext_lazy("Pin"), "bell": gettext_lazy("Chuông"), "camera": gettext_lazy("Máy ảnh"),
    "car": gettext_lazy("Xe"), "check": gettext_lazy("Dấu đúng"), "clock": gettext_lazy("Đồng hồ"),
    "cross": gettext_lazy("Dấu sai"), "doc": gettext_lazy("Giấy"), "down": gettext_lazy("Mũi tên xuống"),
    "health": gettext_lazy("Sức khỏe"), "help": gettext_lazy("Dấu hỏi"), "home": gettext_lazy("Nhà"),
    "key": gettext_lazy("Chìa khóa"), "lock": gettext_lazy("Ổ khóa"), "mail": gettext_lazy("Thư"),
    "money": gettext_lazy("Tiền"), "person": gettext_lazy("Người"), "phone": gettext_lazy("Điện thoại"),
    "search": gettext_lazy("Kính lúp"), "signal": gettext_lazy("Sóng"), "warn": gettext_lazy("Cảnh báo"),
}  # fmt: skip


def shape_faults(spec: Any) -> list[str]:
    """Return what keeps a spec from being one at all, in sentences; empty when every part is of its kind."""
    if not isinstance(spec, dict):
        return [_("Tranh phải là một bản mô tả. Vẽ lại tranh này.")]
    screen = spec.get("screen", [])
    if not isinstance(screen, list) or len(screen) > MOST_ELEMENTS:
        return [_("Tranh có quá %(most)s phần tử. Bớt phần tử.") % {"most": MOST_ELEMENTS}]
    found = [*_part(spec, SPEC, _("Tranh"))]
    for number, element in enumerate(screen, 1):
        found += _part(element, KEYS, _("Phần tử %(no)s") % {"no": number})
    return [*found, *_aims(spec)]


def _aims(spec: Spec) -> list[str]:
    targets, hand = spec.get("targets", []), spec.get("hand")
    if not isinstance(targets, list):
        return [_("Chỗ chú ý không đọc được. Chọn lại.")]
    found = [fault for target in targets for fault in _part(target, TARGET, _("Chỗ chú ý"), only=True)]
    if hand is None:
        return found
    found += _part(hand, {**HAND, "at": Key("text")}, _("Bàn tay"), only=True, skip=("at",))
    at = hand.get("at", [0, 0]) if isinstance(hand, dict) else [0, 0]
    if not (isinstance(at, list) and len(at) == 2 and all(_is_number(v) and -2 <= v <= 3 for v in at)):
        found.append(_("Bàn tay đặt ở chỗ không có. Chọn lại chỗ chỉ."))
    return found


def _part(part: Any, keys: dict[str, Key], where: str, *, only: bool = False, skip: tuple[str, ...] = ()) -> list[str]:
    """Return the faults of one dict: values that are not what their key holds; with `only`, unknown keys as well."""
    if not isinstance(part, dict):
        return [_("%(where)s không đọc được. Xóa rồi thêm lại.") % {"where": where}]
    known = {key: value for key, value in part.items() if key in keys and key not in skip}
    wrong = [key for key, value in known.items() if not keys[key].takes(value)]
    strange = [key for key in part if only and key not in keys]
    words = _("%(where)s: giá trị của “%(key)s” không dùng được. Nhập lại.")
    return [words % {"where": where, "key": str(key)[:40]} for key in [*wrong, *strange]]
