"""The same guides on paper: A4 sheet, A5 handout, poster, safety list and door hanger as tagged PDF, by Typst.

Made from the data that the pages are made from, with our fonts; the same data gives the same bytes, so a paper is kept
under the hash of its data and drawn once. Not for: how it stands on the page (paper/sheets.typ) or the browser's own
print style (templates/guides/print.html).
"""

import hashlib
import io
import json
import tempfile
from dataclasses import asdict
from importlib.metadata import version as release_of
from pathlib import Path
from typing import Any

import typst
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from PIL import Image

from onboarding.accounts.areas import help_line
from onboarding.guides import pictures, places, readership
from onboarding.guides.content import SHIPPED
from onboarding.guides.framing import frame_of
from onboarding.guides.models import GuideVersion, Step
from onboarding.qr import qr_file
from onboarding.templatetags.ui import phone

TEMPLATE = Path(__file__).with_name("paper") / "sheets.typ"
FONTS = SHIPPED / "fonts"
PER_PAGE = 4
QUALITY = 84
LANGUAGE = "vi"
MARK = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">
<path fill="#0b5248" d="M6 45V20a13 13 0 0 1 26 0v25z"/><circle cx="26" cy="30" r="2.6" fill="#e5a82e"/>
<path d="M36.5 23.5a11 11 0 0 1 0 13M41.5 19a18 18 0 0 1 0 22" fill="none" stroke="#0b5248" stroke-width="3.4"
 stroke-linecap="round"/></svg>"""

Data = dict[str, Any]


def sheet(version: GuideVersion, *, origin: str) -> bytes:
    """Return the whole guide on A4: two steps a row, four a page. origin: where the code leads, without a slash."""
    with translation.override(version.language):
        cells = [_cell(step) for step in _steps(version)]
        pages = [cells[i : i + PER_PAGE] for i in range(0, len(cells), PER_PAGE)]
        return _drawn({**_face(version, origin), "kind": "guide", "paper": "a4", "pages": pages, "warn": ""})


def handout(version: GuideVersion, *, origin: str) -> bytes:
    """Return the four steps that people get stuck on, on A5, with the safety line."""
    with translation.override(version.language):
        face = {**_face(version, origin), "line": _("Bốn bước hay vướng"), "warn": _never()}
        cells = [{**_cell(step), **_way_back(step, origin)} for step in _hardest(version)]
        return _drawn({**face, "kind": "guide", "paper": "a5", "pages": [cells]})


def poster(version: GuideVersion, *, origin: str) -> bytes:
    """Return an A4 poster: what it is about, what to have at hand, a code as large as a hand."""
    with translation.override(version.language):
        first = _cell(_steps(version)[0], pictures.POSTER)
        call = _("Bác cần chuẩn bị")
        more = {"call": call, "lines": version.at_hand[:4], "picture": first, "warn": _never()}
        return _drawn({**_face(version, origin), "kind": "poster", "paper": "a4", **more})


def words_only(version: GuideVersion, *, origin: str) -> bytes:
    """Return a guide's titles and sentences on one A4 page, as the safety sheet is: large, without pictures."""
    with translation.override(version.language):
        steps = [{"number": s.number, "title": s.title, "text": s.text} for s in _steps(version)]
        face = _face(version, origin)
        return _drawn({**face, "kind": "list", "paper": "a4", "steps": steps, "warn": _never()})


def door_hanger(*, origin: str, address: str = "") -> bytes:
    """Return "we have been here" on A5, with room to write by hand: who came, when, when they come again.

    Its code leads to address, or home.
    """
    with translation.override(LANGUAGE):
        address = address or origin + reverse("guides:home")
        data = {
            "kind": "hanger", "paper": "a5", "title": _("Chúng tôi đã đến"), "code": "",
            "line": _("Tổ hỗ trợ dịch vụ công trực tuyến"), "address": address,
            "lines": [
                _("Bác không có nhà, hoặc chưa tiện. Không sao ạ."),
                _("Tổ hỗ trợ miễn phí: kích hoạt VNeID, nộp hồ sơ trên mạng."),
                _("Quét mã để xem hướng dẫn bằng tranh, hoặc gọi số ở dưới."),
            ],
            "blanks": [_("Ngày, giờ:"), _("Người đến:"), _("Hẹn lại:"), _("Điện thoại:")],
            "warn": _never(), "version": "",
        }  # fmt: skip
        return _drawn({**_common(), **data})


def first_picture(version: GuideVersion) -> Data:
    """Return the picture of a guide's first step for the `picture` of a paper."""
    return _cell(_steps(version)[0])


def printed(data: Data, template: Path) -> bytes:
    """Return a paper of another room, which brings the template and all of data but the words that every paper has.

    data: title, address (where qr.svg leads), what the template asks for; picture (of first_picture) if there is one.
    """
    with translation.override(LANGUAGE):
        return _drawn({**_common(), **data}, template)


def _face(version: GuideVersion, origin: str) -> Data:
    day = f"{version.checked_on:%d/%m/%Y}"
    said = _("Bản %(number)s, kiểm tra %(day)s.") % {"number": version.number, "day": day}
    address = origin + reverse("guides:overview", args=[version.guide.slug])
    return {
        **_common(), "title": version.title, "line": said, "version": said, "code": version.guide.code,
        "address": address,
    }  # fmt: skip


def _common() -> Data:
    ward = help_line()
    called = _("Cần người giúp? Gọi %(ward)s: %(phone)s")
    words = {
        "scan": _("Quét để xem"), "on_phone": _("trên điện thoại"), "qr_alt": _("Mã QR mở hướng dẫn trên điện thoại"),
        "brand": _("Gõ Cửa"), "page": _("Trang"), "scan_big": _("Quét mã để xem từng bước bằng tranh"),
    }  # fmt: skip
    return {
        "words": words, "author": ward.name if ward else "Gõ Cửa",
        "language": translation.get_language(),
        "help": called % {"ward": ward.name, "phone": phone(ward.phone)} if ward else _("Không đọc mã OTP cho ai"),
    }  # fmt: skip


def _never() -> str:
    return _("Không đọc mã OTP, mật khẩu cho bất kỳ ai. Cán bộ thật không bao giờ hỏi. Tổ hỗ trợ không thu tiền.")


def _steps(version: GuideVersion) -> list[Step]:
    return list(version.steps.prefetch_related("pictures"))


def _hardest(version: GuideVersion) -> list[Step]:
    """Return the four steps where readers were stuck most, then those with most that may go wrong, in their order."""
    steps, stuck = _steps(version), readership.stuck_at(version, timezone.localdate())
    hardest = sorted(steps, key=lambda step: (-stuck[step.number], -len(step.blockers), step.number))[:PER_PAGE]
    return sorted(hardest, key=lambda step: step.number)


def _cell(step: Step, variant: str = pictures.STEP) -> Data:
    kept = {(p.variant, p.format): p for p in step.pictures.all()}
    kind = "jpg" if variant == pictures.POSTER else "webp"
    picture = kept[variant, kind]
    return {
        "number": step.number, "title": step.title, "note": step.safety or step.spec.get("note", ""),
        "safe": bool(step.safety), "alt": picture.alt, "frame": asdict(frame_of(picture.boxes, picture.height)),
        "file": f"{picture.sha256}.jpg", "from": [picture.sha256, kind],
    }  # fmt: skip


def _way_back(step: Step, origin: str) -> Data:
    """Return the code that opens this very step on a phone."""
    said = _("Mã QR mở bước %(number)s trên điện thoại") % {"number": step.number}
    return {"code": f"step-{step.number}.svg", "code_alt": said, "address": origin + places.address_of(step)}


def _drawn(data: Data, template: Path = TEMPLATE) -> bytes:
    """Return the PDF of data, drawn now or before."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    key = hashlib.sha256("\n".join([text, template.read_text(), MARK, release_of("typst")]).encode()).hexdigest()
    name = f"papers/{key}.pdf"
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            return bytes(file.read())
    made = _compiled(data, text, template)
    default_storage.save(name, ContentFile(made))
    return made


def _compiled(data: Data, text: str, template: Path) -> bytes:
    with tempfile.TemporaryDirectory(prefix="gocua-paper-") as place:
        folder = Path(place)
        (folder / "data.json").write_text(text, encoding="utf-8")
        (folder / "mark.svg").write_text(MARK, encoding="utf-8")
        (folder / template.name).write_bytes(template.read_bytes())
        (folder / "qr.svg").write_bytes(qr_file(data["address"]))
        for cell in _cells(data):
            if "code" in cell:
                (folder / cell["code"]).write_bytes(qr_file(cell["address"]))
        for name, kind in _files(data):
            (folder / f"{name}.jpg").write_bytes(_as_jpeg(pictures.read(name, kind)))
        return bytes(
            typst.compile(
                folder / template.name, root=folder, font_paths=[FONTS], ignore_system_fonts=True, pdf_standards="ua-1"
            )
        )


def _files(data: Data) -> list[list[str]]:
    return [cell["from"] for cell in [*_cells(data), *([data["picture"]] if "picture" in data else [])]]


def _cells(data: Data) -> list[Data]:
    return [cell for page in data.get("pages", []) for cell in page]


def _as_jpeg(picture: bytes) -> bytes:
    """Paper takes JPEG as it is; any other format would be unpacked into a file ten times as large."""
    image = Image.open(io.BytesIO(picture))
    if image.format == "JPEG":
        return picture
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
