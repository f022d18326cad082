"""Says in sentences what is wrong with a picture's spec, before anything is drawn.

For: the loader, `check_content` and the editor, which show the sentences to the author as they are.
Not for: the words of a guide around its pictures (content.py).
"""

from typing import Any

from django.utils.translation import gettext as _

from onboarding.guides import photo_specs
from onboarding.guides.drawing import FRAMES, Scene
from onboarding.guides.elements import BUTTONS, ELEMENTS, EVERYWHERE
from onboarding.guides.glyphs import GLYPHS
from onboarding.guides.keys import shape_faults
from onboarding.guides.layout import RING, marked, overflow, place, targets_of, view_of
from onboarding.guides.pen import TooLong, measuring_pen

Spec = dict[str, Any]

CAPTION = 36
CAPTION_LINES = NOTE_LINES = 2
TARGETS = 2
SPEC_KEYS = ("screen", "targets", "hand", "view", "note", "frame")


class BadSpec(ValueError):
    """A picture that cannot be drawn as written. `faults` are sentences for its author."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


def check(scene: Scene) -> None:
    """Raise BadSpec when the scene cannot be drawn well."""
    faults = faults_of(scene)
    if faults:
        raise BadSpec(faults)


def faults_of(scene: Scene) -> list[str]:
    """Return what is wrong, one sentence each; empty when the scene can be drawn."""
    # Nothing looks into a spec before every part is of its kind: it may come from a form or from a file.
    shape = shape_faults(scene.spec)
    if shape:
        return shape
    if "photo" in scene.spec:
        return _caption(scene) + _unknown(scene.spec, (*SPEC_KEYS, "photo")) + photo_specs.faults(scene.spec["photo"])
    found = _caption(scene) + faults_of_elements(scene.spec)
    # Places can only be told when every element is known and complete.
    return found or _targets(scene.spec) or _room(scene.spec)


def _caption(scene: Scene) -> list[str]:
    found = []
    if not scene.caption:
        found.append(_("Tranh chưa có tên bước. Viết tên bước, tối đa 36 chữ."))
    if len(scene.caption) > CAPTION:
        found.append(_("Tên bước dài %(n)s chữ. Rút còn 36 chữ.") % {"n": len(scene.caption)})
    if not _fits(scene.caption, 50, 508, CAPTION_LINES):
        found.append(_("Tên bước quá 2 dòng trên tranh. Rút ngắn tên bước."))
    if not _fits(scene.note, 32, 548, NOTE_LINES):
        found.append(_("Dòng ghi chú quá 2 dòng trên tranh. Rút ngắn ghi chú."))
    return found


def _fits(text: str, size: float, room: float, lines: int) -> bool:
    try:
        measuring_pen().wrap(text, size, 700, room, lines)
    except TooLong:
        return False
    return True


def faults_of_elements(spec: Spec) -> list[str]:
    """Return what is wrong with the elements of a spec that has the shape of one, wherever they stand."""
    if not spec.get("screen"):
        return [_("Màn hình trong tranh còn trống. Thêm ít nhất một phần tử.")]
    found = _unknown(spec, SPEC_KEYS)
    if spec.get("frame", "phone") not in FRAMES:
        found.append(_("Chưa có khung “%(frame)s”. Dùng phone hoặc plain.") % {"frame": spec["frame"]})
    for place_no, e in enumerate(spec["screen"], 1):
        found += [_("Phần tử %(no)s: %(fault)s") % {"no": place_no, "fault": fault} for fault in _element(e)]
    ids = [e["id"] for e in spec["screen"] if "id" in e]
    found += [_("Hai phần tử cùng tên “%(id)s”. Đổi tên một phần tử.") % {"id": i} for i in ids if ids.count(i) > 1]
    return found


def _unknown(spec: Spec, known: tuple[str, ...]) -> list[str]:
    unknown = [key for key in spec if key not in known]
    return [_("Tranh không hiểu mục “%(key)s”. Xóa mục này.") % {"key": key} for key in unknown]


def _element(e: Spec) -> list[str]:
    kind = ELEMENTS.get(e.get("t", ""))
    if kind is None:
        return [_("Chưa có phần tử nào tên “%(t)s”. Chọn phần tử có trong danh sách.") % {"t": e.get("t", "")}]
    known = {*EVERYWHERE, *kind.needs, *kind.may, *(["aim"] if kind.parts else [])}
    found = [_("thiếu “%(key)s”. Viết thêm.") % {"key": key} for key in kind.needs if not e.get(key)]
    found += [_("không hiểu “%(key)s”. Xóa mục này.") % {"key": key} for key in e if key not in known]
    if e.get("icon") and e["icon"] not in GLYPHS:
        found.append(_("chưa có hình “%(icon)s”. Chọn hình khác.") % {"icon": e["icon"]})
    if e["t"] == "button" and e.get("kind", "primary") not in BUTTONS:
        found.append(_("chưa có kiểu nút “%(kind)s”. Dùng primary, muted hoặc line.") % {"kind": e["kind"]})
    return found or _wide(e) or _aim(e)


def _aim(e: Spec) -> list[str]:
    parts = ELEMENTS[e["t"]].parts
    if "aim" not in e or not parts or e["aim"] in parts(e):
        return []
    return [_("không có chỗ “%(aim)s” để chỉ. Chọn chỗ khác.") % {"aim": e["aim"]}]


def _wide(e: Spec) -> list[str]:
    pen, found = measuring_pen(), []
    for key, size, weight, room in ELEMENTS[e["t"]].one_line:
        if pen.width(str(e.get(key, "")), size, weight) > room:
            found.append(_("chữ “%(text)s” dài quá khung. Rút ngắn lại.") % {"text": e[key]})
    if not found:
        found += _many_lines(e)
    return found


def _many_lines(e: Spec) -> list[str]:
    try:
        ELEMENTS[e["t"]].height(e)
    except TooLong as long:
        if e["t"] == "text":
            return [_("chữ “%(text)s” quá 4 dòng. Rút ngắn lại.") % {"text": long.text}]
        return [_("chữ “%(text)s” dài quá khung. Rút ngắn lại.") % {"text": long.text}]
    return []


def _targets(spec: Spec) -> list[str]:
    ids = {e["id"] for e in spec["screen"] if "id" in e}
    targets, hand = spec.get("targets", []), spec.get("hand")
    found = []
    if not 1 <= len(targets) <= TARGETS:
        found.append(_("Tranh cần 1 hoặc 2 chỗ chú ý, đang có %(n)s. Chọn lại.") % {"n": len(targets)})
    for aim in [*targets, *([hand] if hand else [])]:
        if aim.get("of") not in ids:
            found.append(_("Chỗ chú ý “%(of)s” không có trên màn hình. Chọn phần tử khác.") % {"of": aim.get("of", "")})
    for target in targets:
        if not target.get("label"):
            found.append(_("Chỗ chú ý “%(of)s” chưa có lời tả. Viết thêm label.") % {"of": target.get("of")})
    return found


def _room(spec: Spec) -> list[str]:
    over = overflow(spec["screen"])
    if over:
        return [_("Màn hình trong tranh thừa %(n)s đơn vị. Bớt phần tử.") % {"n": round(over)}]
    places = targets_of(place(spec["screen"]))
    top, bottom = view_of(spec, marked(spec, places))
    outside = [t["of"] for t in spec["targets"] if not _inside(places[t["of"]].grown(RING), top, bottom)]
    return [_("Chỗ chú ý “%(of)s” nằm ngoài tranh. Chuyển lên hoặc đổi chỗ nhìn.") % {"of": of} for of in outside]


def _inside(rect: Any, top: float, bottom: float) -> bool:
    return top <= rect.y and rect.bottom <= bottom
