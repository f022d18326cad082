"""Says in sentences what is wrong with a photo's crop and marks, before anything is drawn.

A picture with a photo is {"photo": {"sha256", "crop": [x, y, width, height], "marks": [...]}, "note": ...}; all numbers
are whole pixels of the kept photo, from its upper left corner. Marks, drawn in their order:
{"t": "ring", "box": [x, y, w, h], "label": what to see there, "n": 1 or 2 (optional)}, {"t": "arrow", "from": [x, y],
"to": [x, y]}, {"t": "cover", "box": [...]}. What else the picture says (screen, targets, hand) waits unseen beneath,
so that the drawing is there again when the photo is taken away. Not for: drawn screens (specs.py).
"""

from typing import Any

from django.utils.translation import gettext as _

from onboarding.guides import photos

Spec = dict[str, Any]
Box = list[int]

KEYS = ("sha256", "crop", "marks")
MARKS: dict[str, tuple[str, ...]] = {
    "ring": ("t", "box", "label", "n"), "arrow": ("t", "from", "to"), "cover": ("t", "box"),
}  # fmt: skip
NUMBERED, MOST, LABEL = 2, 12, 80
SMALLEST_CROP, SMALLEST_MARK = 160, 8


def faults(photo: Any) -> list[str]:
    """Return what is wrong, one sentence each; empty when the photo can be drawn."""
    found = _shape(photo)
    if found:
        return found
    size = photos.size_of(photo["sha256"])
    if size is None:
        return [_("Không còn ảnh này trong kho. Tải ảnh lên lại.")]
    return _crop(photo["crop"], size) or [*_marks(photo, size), *_rings(photo["marks"])]


def alt_text(photo: Spec, words: dict[str, str]) -> str:
    """Return the description for those who cannot see the photo, from the marks' own labels; words: of a language."""
    rings = [mark for mark in photo["marks"] if mark["t"] == "ring"]
    said = "; ".join(words["number"].format(m["n"], m["label"]) if m.get("n") else m["label"] for m in rings)
    covered = f" {words['covered']}" if any(mark["t"] == "cover" for mark in photo["marks"]) else ""
    return f"{words['photo']}. {words['ringed']} {said}.{covered}"


def drawable(photo: Any) -> Spec | None:
    """Return what of a photo can be drawn already, marks that lie outside left out, or None."""
    if not isinstance(photo, dict) or _shape({**photo, "marks": []}):
        return None
    size = photos.size_of(photo["sha256"])
    if size is None or _crop(photo["crop"], size):
        return None
    said = photo.get("marks")
    marks = [{"label": "", **m} for m in said if not faults_of_mark(m)] if isinstance(said, list) else []
    return {**photo, "marks": [m for m in marks if not _marks({**photo, "marks": [m]}, size)]}


# --- Shape ------------------------------------------------------------------------------------------------------------


def _shape(photo: Any) -> list[str]:
    if not isinstance(photo, dict) or not isinstance(photo.get("sha256"), str):
        return [_("Chưa có ảnh. Tải một ảnh lên.")]
    found = [_("Ảnh không hiểu mục “%(key)s”. Xóa mục này.") % {"key": key} for key in photo if key not in KEYS]
    if not _whole(photo.get("crop"), 4):
        found.append(_("Khung cắt viết sai. Ghi bốn số: trái, trên, rộng, cao."))
    marks = photo.get("marks")
    if not isinstance(marks, list):
        return [*found, _("Danh sách dấu viết sai. Khoanh lại.")]
    if len(marks) > MOST:
        found.append(_("Ảnh có %(n)s dấu. Giữ nhiều nhất %(most)s.") % {"n": len(marks), "most": MOST})
    return found + [_at(no, fault) for no, mark in enumerate(marks, 1) for fault in faults_of_mark(mark)]


def faults_of_mark(mark: Any) -> list[str]:
    """Return what keeps a mark from being one, wherever it lies."""
    if not isinstance(mark, dict) or mark.get("t") not in MARKS:
        return [_("chưa có loại dấu này. Dùng ring, arrow hoặc cover.")]
    found = [_("không hiểu “%(key)s”. Xóa mục này.") % {"key": key} for key in mark if key not in MARKS[mark["t"]]]
    ends = (("from", 2), ("to", 2)) if mark["t"] == "arrow" else (("box", 4),)
    if not all(_whole(mark.get(key), count) for key, count in ends):
        found.append(_("chỗ đặt viết sai. Ghi số nguyên điểm ảnh."))
    if not isinstance(mark.get("label", ""), str) or len(mark.get("label", "")) > LABEL:
        found.append(_("lời tả dài quá %(most)s chữ. Rút ngắn lại.") % {"most": LABEL})
    if mark.get("n") not in (None, *range(1, NUMBERED + 1)):
        found.append(_("số phải là 1 hoặc 2. Chọn lại."))
    return found


def _whole(value: Any, count: int) -> bool:
    """Say whether value is a list of so many whole numbers; true and false are none."""
    return isinstance(value, list) and len(value) == count and all(type(part) is int for part in value)


def _at(no: int, fault: str) -> str:
    return _("Dấu %(no)s: %(fault)s") % {"no": no, "fault": fault}


# --- Places -----------------------------------------------------------------------------------------------------------


def _crop(crop: Box, size: tuple[int, int]) -> list[str]:
    if not inside(crop, [0, 0, *size]):
        return [_("Khung cắt nằm ngoài ảnh. Kéo khung vào trong ảnh.")]
    if min(crop[2:]) < SMALLEST_CROP:
        return [_("Phần cắt nhỏ quá. Cắt rộng hơn, mỗi cạnh ít nhất %(n)s điểm ảnh.") % {"n": SMALLEST_CROP}]
    return []


def _marks(photo: Spec, size: tuple[int, int]) -> list[str]:
    # A cover may reach beyond what is cut out: what lies there is not published anyway.
    room = {"ring": photo["crop"], "arrow": photo["crop"], "cover": [0, 0, *size]}
    found = []
    for no, mark in enumerate(photo["marks"], 1):
        box = box_of(mark)
        if not inside(box, room[mark["t"]]):
            found.append(_at(no, _("nằm ngoài phần ảnh được cắt. Kéo vào trong.")))
        elif (max if mark["t"] == "arrow" else min)(box[2:]) < SMALLEST_MARK:
            found.append(_at(no, _("nhỏ quá. Kéo rộng hơn.")))
    return found


def _rings(marks: list[Spec]) -> list[str]:
    rings = [(no, mark) for no, mark in enumerate(marks, 1) if mark["t"] == "ring"]
    found = [
        _at(no, _("chưa có lời tả. Viết người dân cần nhìn gì ở đó."))
        for no, ring in rings
        if not ring.get("label", "").strip()
    ]
    numbers = [ring["n"] for _no, ring in rings if ring.get("n")]
    if not rings:
        found.append(_("Ảnh chưa có chỗ khoanh. Khoanh ít nhất một chỗ."))
    if len(numbers) > NUMBERED:
        found.append(_("Ảnh có %(n)s chỗ khoanh số. Giữ nhiều nhất 2.") % {"n": len(numbers)})
    elif len(set(numbers)) < len(numbers):
        found.append(_("Hai chỗ khoanh cùng số %(n)s. Đổi một số.") % {"n": numbers[0]})
    return found


def box_of(mark: Spec) -> Box:
    """Return the box that a mark takes up: x, y, width, height."""
    if mark["t"] != "arrow":
        return list(mark["box"])
    (x, y), (end_x, end_y) = mark["from"], mark["to"]
    return [min(x, end_x), min(y, end_y), abs(end_x - x), abs(end_y - y)]


def inside(box: Box, room: Box) -> bool:
    """Say whether box lies within room."""
    x, y, w, h = box
    left, top, width, height = room
    return w >= 0 and h >= 0 and left <= x and top <= y and x + w <= left + width and y + h <= top + height
