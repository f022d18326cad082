"""The synchronisation interface of the national portal (version 1.4 of 2020, as OpenCPS speaks it), and the sandbox.

For: the mapping of a Dossier to DongBoHoSoMC and the reading of its answers. Not for: sockets (portal_http.py).
Every attachment goes first, so that "dossier taken" is the one moment at which anything happens.

Our reference travels as SUBM_CODE inside ThongTinKhac, the one free text of the interface, and must come back.
Paths of attachments and the codes of an ended session are not in the published interface: they are ours until a
provider tells us its own, and stand here in one place.
"""

import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from onboarding.submissions.portal_http import Answer, Deadline, Lost, NotReached, envelope, error_code, exchange
from onboarding.submissions.portal_types import (
    Arrival,
    ArrivedFile,
    Attached,
    Dossier,
    DossierFile,
    Found,
    NotSent,
    Outcome,
    Refused,
    Standing,
    Step,
    Taken,
    Unknown,
    is_demo,
)
from onboarding.text import tidy

log = logging.getLogger(__name__)
T = TypeVar("T")

# Enumerations of this interface (others number the same things differently).
CITIZEN, ONLINE, FREE = "1", "1", "0"
NEW = "1"  # TrangThaiHoSo "Mới đăng ký"
SESSION_OVER = {"401"}
STAMP = "%Y%m%d%H%M%S"
HERE = ZoneInfo("Asia/Ho_Chi_Minh")  # portals write local time, whatever our own settings say
FILE_LIMIT = 30 * 1024 * 1024
# Before the dossier itself goes, this share of the deadline must be left: files that ate the time would turn
# a harmless "not sent" into an "unknown".
SHARE_FOR_DOSSIER = 1 / 3
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{2,63}")


class SessionOver(Exception):
    """The portal does not know our session (any more)."""


class PortalRefusal(Exception):
    """The portal answered properly, and said no."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.told = told
        self.refused = Refused(reason=_sentence(told), code=error_code(told))
        super().__init__(self.refused.code)


class DvcqgPortal:
    """One portal behind this interface, for one account of one unit."""

    takes_demo = False

    def __init__(self, *, url: str, user: str, password: str, unit: str) -> None:
        self._url, self._user, self._password, self._unit = url.rstrip("/"), user, password, unit
        self._session = ""

    def send(self, dossier: Dossier, *, attached: Mapping[str, str] | None = None) -> Outcome:
        """Upload the files, then hand the dossier in. attached: slots already uploaded, with their ids."""
        if is_demo(dossier) and not self.takes_demo:
            return demo_refused()
        deadline, ids = _deadline(), dict(attached or {})
        try:
            for file in dossier.files:
                if file.slot not in ids:
                    ids[file.slot] = self._upload(file, deadline)
            self._session = self._session or self._log_in(deadline)
            if not deadline.has(SHARE_FOR_DOSSIER):
                raise NotReached("deadline")
        except PortalRefusal as refusal:
            return refusal.refused
        except (NotReached, Lost) as trouble:  # no dossier left yet, so nothing is unknown
            return self._note(dossier, NotSent(trouble.why, getattr(trouble, "retry_after", None), ids))
        return self._note(dossier, self._hand_in(dossier, ids, deadline))

    def _hand_in(self, dossier: Dossier, ids: dict[str, str], deadline: Deadline) -> Outcome:
        try:
            data = [payload(dossier, ids)]
            told = self._ask({"service": "DongBoHoSoMC", "isUpdating": "False", "data": data}, deadline)
            return receipt(told, dossier.reference)
        except PortalRefusal as refusal:
            return already_there(refusal, dossier.reference)
        except NotReached as trouble:
            return NotSent(trouble.why, trouble.retry_after, ids)
        except Lost as trouble:
            return Unknown(trouble.why)

    def attach(self, file: DossierFile) -> Attached | Refused | NotSent:
        """Upload one file that belongs to no dossier yet. Repeating it is harmless."""
        try:
            return Attached(file.slot, self._upload(file, _deadline()))
        except PortalRefusal as refusal:
            return refusal.refused
        except (NotReached, Lost) as trouble:
            return NotSent(trouble.why, getattr(trouble, "retry_after", None))

    def lookup(self, reference: str) -> Found | Unknown | None:
        """Ask for dossiers with our reference. None = the portal says that it has none."""
        return self._question(lambda deadline: self._lookup(reference, deadline))

    def status(self, code: str) -> Standing | Unknown | None:
        """Ask where a dossier stands. None = the portal does not know the code."""
        return self._question(lambda deadline: _status_of(self._one(code, deadline)))

    def read_back(self, code: str) -> Arrival | Unknown | None:
        """Fetch every file of a dossier and hash what really came. None = the portal does not know the code."""
        return self._question(lambda deadline: self._read_back(code, deadline))

    def _question(self, ask: Callable[[Deadline], T]) -> T | Unknown:
        try:
            return ask(_deadline())
        except PortalRefusal as refusal:
            return Unknown(f"refused_{refusal.refused.code}")
        except NotReached as trouble:
            return Unknown(trouble.why, trouble.retry_after)
        except Lost as trouble:
            return Unknown(trouble.why)

    def _lookup(self, reference: str, deadline: Deadline) -> Found | None:
        entries = _entries(self._ask({"service": "TraCuuHoSo", "subm_code": reference}, deadline))
        if any(entry.get("SUBM_CODE") != reference or not _is_code(entry.get("MaHoSo")) for entry in entries):
            raise Lost("not_ours")
        if not entries:
            return None
        return Found(reference, tuple(entry["MaHoSo"] for entry in entries), _number(entries[0].get("TrangThaiHoSo")))

    def _one(self, code: str, deadline: Deadline) -> dict[str, Any] | None:
        entries = _entries(self._ask({"service": "TraCuuHoSo", "mahoso": code}, deadline))
        if len(entries) > 1 or any(entry.get("MaHoSo") != code for entry in entries):
            raise Lost("not_ours")
        return entries[0] if entries else None

    def _read_back(self, code: str, deadline: Deadline) -> Arrival | None:
        entry = self._one(code, deadline)
        if entry is None:
            return None
        files = tuple(self._fetch(listed, deadline) for listed in _dicts(entry.get("TaiLieuNop")))
        return Arrival(code, str(entry.get("SUBM_CODE") or ""), files)

    def _fetch(self, listed: Mapping[str, Any], deadline: Deadline) -> ArrivedFile:
        """Read one file by its id. Its listed address is not followed: it could name any machine."""
        slot, file_id = str(listed.get("MaThanhPhanHoSo") or ""), str(listed.get("TepDinhKemId"))
        url = f"{self._url}/tep/{quote(file_id, safe='')}"

        def get(session: str) -> Answer:
            answer = exchange("GET", url, headers={"session": session}, deadline=deadline, limit=FILE_LIMIT)
            if answer.status == 401:
                raise SessionOver
            return answer

        answer = self._with_session(get, deadline)
        if answer.status == 404:
            return ArrivedFile(slot, 0, "")
        if answer.status != 200:
            raise Lost(f"http_{answer.status}")
        return ArrivedFile(slot, len(answer.body), hashlib.sha256(answer.body).hexdigest())

    def _upload(self, file: DossierFile, deadline: Deadline) -> str:
        content = read_file(file)
        headers = {
            "Content-Type": file.mime,
            "X-Ten-Tep": quote(file.name, safe=""),
            "X-Thanh-Phan": quote(file.slot, safe=""),
        }
        told = self._with_session(
            lambda session: _good(self._post("/tep", content, {**headers, "session": session}, deadline)), deadline
        )
        kept = told.get("data")
        if not isinstance(kept, dict) or not _is_code(kept.get("TepDinhKemId")):
            raise Lost("schema")
        if str(kept.get("KichThuoc")) != str(file.size) or str(kept.get("Sha256", "")).lower() != file.sha256:
            raise NotReached("file_damaged_there")
        return str(kept["TepDinhKemId"])

    def _ask(self, body: dict[str, Any], deadline: Deadline) -> dict[str, Any]:
        def post(session: str) -> dict[str, Any]:
            return _good(self._post_json("/dich-vu", {"session": session, "madonvi": self._unit, **body}, deadline))

        return self._with_session(post, deadline)

    def _with_session(self, ask: Callable[[str], T], deadline: Deadline) -> T:
        """Run ask with our session, and once more with a new one: an ended session took nothing."""
        try:
            return ask(self._session or self._log_in(deadline))
        except SessionOver:
            self._session = ""
        try:
            return ask(self._log_in(deadline))
        except SessionOver:
            self._session = ""
            raise NotReached("session") from None

    def _log_in(self, deadline: Deadline) -> str:
        """Return a new session. Nothing has been sent yet, so every trouble here is NotReached."""
        body = {"username": self._user, "password": self._password}
        try:
            told = _good(self._post_json("/dang-nhap", body, deadline, {"dstcode": self._unit}))
        except (PortalRefusal, SessionOver):
            log.error("portal: our account is refused")
            raise NotReached("login_refused") from None
        except Lost as trouble:
            raise NotReached(f"login_{trouble.why}") from None
        if not isinstance(told.get("session"), str) or not told["session"].isprintable() or not told["session"]:
            raise NotReached("login_schema")
        self._session = told["session"]
        return self._session

    def _post_json(
        self, path: str, body: Mapping[str, Any], deadline: Deadline, headers: Mapping[str, str] | None = None
    ) -> Answer:
        content = json.dumps(body, ensure_ascii=False).encode()
        return self._post(path, content, {"Content-Type": "application/json", **(headers or {})}, deadline)

    def _post(self, path: str, content: bytes, headers: Mapping[str, str], deadline: Deadline) -> Answer:
        return exchange("POST", self._url + path, body=content, headers=headers, deadline=deadline)

    def _note(self, dossier: Dossier, outcome: Outcome) -> Outcome:
        """Leave one line about an outcome that is not clean. No personal data, no session."""
        if isinstance(outcome, NotSent | Unknown):
            log.warning("portal: %s %s: %s", dossier.reference, type(outcome).__name__, outcome.why)
        if isinstance(outcome, NotSent | Unknown) and outcome.why.endswith("page"):
            log.error("portal: a web page instead of an answer; the address or the account may be wrong")
        return outcome


class SandboxPortal(DvcqgPortal):
    """The stand-in portal: the same interface over real HTTP, and the only one that takes demo data."""

    takes_demo = True


def payload(dossier: Dossier, ids: Mapping[str, str]) -> dict[str, Any]:
    """Return one dossier in the shape of DongBoHoSoMC: texts everywhere, local times without separators."""
    other = {"SUBM_CODE": dossier.reference, "SoDinhDanh": dossier.number, "DiaChi": dossier.address}
    return {
        "MaHoSo": "",
        "MaTTHC": dossier.procedure_code,
        "TenTTHC": dossier.procedure_name,
        "MaLinhVuc": "",
        "TenLinhVuc": "",
        "SoBienNhan": "",
        "ChuHoSo": dossier.applicant,
        "LoaiDoiTuong": CITIZEN,
        "MaDoiTuong": "",
        "ThongTinKhac": json.dumps({**other, "ToKhai": dict(dossier.answers)}, ensure_ascii=False, sort_keys=True),
        "Email": "",
        "Fax": "",
        "SoDienThoai": dossier.phone,
        "TrichYeuHoSo": dossier.summary,
        "NgayTiepNhan": dossier.submitted_at.astimezone(HERE).strftime(STAMP),
        "NgayHenTra": "",
        "NgayTra": "",
        "NgayKetThucXuLy": "",
        "TrangThaiHoSo": NEW,
        "ThongTinTra": "",
        "HinhThuc": ONLINE,
        "DonViXuLy": dossier.unit,
        "GhiChu": "",
        "TaiLieuNop": [_listed(file, ids[file.slot]) for file in dossier.files],
        "DanhSachLePhi": [],
        "DanhSachTepDinhKemKhac": [],
        "DanhSachHoSoBoSung": [],
        "DanhSachGiayToKetQua": [],
    }


def _listed(file: DossierFile, file_id: str) -> dict[str, str]:
    return {
        "TepDinhKemId": file_id,
        "TenTepDinhKem": file.name,
        "IsDeleted": "False",
        "MaThanhPhanHoSo": file.slot,
        "DuongDanTaiTepTin": "",
    }


def receipt(told: Mapping[str, Any], reference: str) -> Outcome:
    """Read the answer to a dossier. Taken only when it names a code and echoes our reference."""
    entries = _entries(told)
    if len(entries) == 1 and error_code(entries[0]) not in ("", "0"):  # HTTP 200, error_code 0, and an error inside
        return PortalRefusal(entries[0]).refused
    if len(entries) != 1 or entries[0].get("SUBM_CODE") != reference or not _is_code(entries[0].get("MaHoSo")):
        return Unknown("not_ours")
    return Taken(entries[0]["MaHoSo"], reference, _number(entries[0].get("TrangThaiHoSo")))


def already_there(refusal: PortalRefusal, reference: str) -> Outcome:
    """Read a refusal: "it exists already" is success only if what exists carries our reference."""
    entries = _dicts(refusal.told.get("data"))
    told = receipt({"data": entries}, reference)
    if isinstance(told, Taken):
        return told
    ours = any(entry.get("SUBM_CODE") == reference for entry in entries)
    return Unknown("already_there") if ours else refusal.refused


def read_file(file: DossierFile) -> bytes:
    """Return the bytes of a file that are surely the ones meant. Raises NotReached when they are not."""
    try:
        content = file.load()
    except Exception as trouble:  # whatever the storage or the vault raises: nothing has been sent
        log.error("portal: file of slot %s can't be read: %s", file.slot, type(trouble).__name__)
        raise NotReached("file_unreadable") from None
    if len(content) != file.size or hashlib.sha256(content).hexdigest() != file.sha256:
        raise NotReached("file_damaged_here")
    return content


def demo_refused() -> Refused:
    """Return the answer to sample data on its way to a real portal."""
    return Refused(_("Đây là dữ liệu mẫu. Chỉ gửi được tới cổng thử nghiệm."), "demo_data")


def _good(answer: Answer) -> dict[str, Any]:
    told = envelope(answer)
    if error_code(told) in SESSION_OVER:
        raise SessionOver
    if error_code(told) != "0":
        raise PortalRefusal(told)
    return told


def _sentence(told: Mapping[str, Any]) -> str:
    text = told.get("error_message")
    return tidy(text)[:500] if isinstance(text, str) and tidy(text) else _("Cổng không nhận và không nói lý do.")


def _status_of(entry: dict[str, Any] | None) -> Standing | None:
    if entry is None:
        return None
    number = _number(entry.get("TrangThaiHoSo"))
    if number is None:
        raise Lost("schema")
    steps = tuple(step for one in _dicts(entry.get("DanhSachTienDo")) if (step := _step(one)))
    text = tidy(str(entry.get("TenTrangThai") or ""))[:200]
    return Standing(entry["MaHoSo"], str(entry.get("SUBM_CODE") or ""), number, text, steps)


def _step(entry: Mapping[str, Any]) -> Step | None:
    """Return one step; None when its number or time can't be read, because without them it orders nothing."""
    number = _number(entry.get("TrangThai"))
    try:
        at = datetime.strptime(str(entry.get("ThoiDiemXuLy")), STAMP).replace(tzinfo=HERE)
    except (ValueError, OverflowError):
        return None
    return None if number is None else Step(number, "", tidy(str(entry.get("NoiDungXuLy") or ""))[:500], at)


def _entries(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    data = told.get("data")
    if not isinstance(data, list) or not all(isinstance(entry, dict) for entry in data):
        raise Lost("schema")
    return data


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and bool(_CODE.fullmatch(value))


def _number(value: Any) -> int | None:
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _deadline() -> Deadline:
    return Deadline(settings.PORTAL_DEADLINE_SECONDS)
