"""The portal's own doors: log-in, services, attachments, as a client of the sync interface sees them.

For: the contract in README.md. Not for: the levers of the tests (control.py). Answers HTTP 200 even when it
refuses; the truth is error_code in the body, as with the real interface.
"""

import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from onboarding.portal_sandbox import faults, ledger
from onboarding.portal_sandbox.models import STATUSES, PortalDossier, PortalFile, Session

OK = {"error_code": "0", "error_message": ""}


def refusal(code: str, message: str, **more: Any) -> JsonResponse:
    """Answer that the request was understood and is not taken."""
    return JsonResponse({"error_code": code, "error_message": message, **more})


def expired() -> JsonResponse:
    """Answer that the session is unknown or has run out."""
    return refusal("401", "Phiên đăng nhập đã hết hạn.")


Work = Callable[[HttpRequest, faults.Played], HttpResponse]


def faulty(work: Work, request: HttpRequest, mode: faults.Played) -> HttpResponse:
    """Do the work and misbehave in the order that the mode says."""
    if mode.kind not in faults.WIRE:
        return work(request, mode)
    if mode.after:
        work(request, mode)
    return faults.play(request, mode)


def log_in(request: HttpRequest) -> HttpResponse:
    """POST {username, password} with header dstcode → {error_code, session}."""
    return faulty(_log_in, request, faults.mode_for(request, "dang-nhap"))


def _log_in(request: HttpRequest, mode: faults.Played) -> HttpResponse:
    body = _json(request)
    known = hmac.compare_digest(str(body.get("username")).encode(), settings.SANDBOX_USER.encode())
    right = hmac.compare_digest(str(body.get("password")).encode(), settings.SANDBOX_PASSWORD.encode())
    if mode.name == "refuse" or not (known and right and request.headers.get("dstcode")):
        return refusal("1", "Sai tài khoản hoặc mật khẩu.")
    return JsonResponse({**OK, "session": ledger.open_session()})


def service(request: HttpRequest) -> HttpResponse:
    """POST {session, madonvi, service, …} → the answer of that service."""
    body = _json(request)
    name = str(body.get("service", ""))
    mode = faults.mode_for(request, name, _applicant(body) if name == "DongBoHoSoMC" else "")
    return faulty(lambda request, mode: _serve(body, name, mode), request, mode)


def _serve(body: dict[str, Any], name: str, mode: faults.Played) -> HttpResponse:
    if mode.name == "expired":
        Session.objects.all().delete()
    if not ledger.session_is_open(body.get("session")):
        return expired()
    if name not in SERVICES:
        return refusal("2", "Không có dịch vụ này.")
    try:
        return SERVICES[name](body, mode)
    except ledger.Rejected as reason:
        return refusal("3", str(reason))


def _take(body: dict[str, Any], mode: faults.Played) -> HttpResponse:
    data = body.get("data")
    if mode.name == "refuse":
        return refusal("12", "Thành phần hồ sơ không hợp lệ.")
    if not isinstance(data, list) or len(data) != 1 or not isinstance(data[0], dict):
        return refusal("3", "Mỗi lần gửi một hồ sơ.")
    if mode.name == "inner_error":
        return JsonResponse({**OK, "data": [{"error_code": "12", "error_message": "Thành phần hồ sơ không hợp lệ."}]})
    if mode.name == "already_there":
        return _already_there(ledger.reference_of(data[0]))
    dossier = ledger.accept(data[0])
    _spoil(dossier, mode)
    return JsonResponse({**OK, "data": [_receipt(dossier, mode)]})


def _already_there(reference: str) -> HttpResponse:
    found = ledger.find(reference=reference) or list(PortalDossier.objects.all()[:1])
    told = [_receipt(dossier, faults.Played()) for dossier in found[:1]]
    return refusal("17", "Hồ sơ đã có.", data=told)


def _spoil(dossier: PortalDossier, mode: faults.Played) -> None:
    file = dossier.files.first()
    if file and mode.name == "lost_file":
        PortalFile.objects.filter(pk=file.pk).update(lost=True)
    if file and mode.name == "damaged_file":
        PortalFile.objects.filter(pk=file.pk).update(content=bytes(file.content)[:-1] + b"\x00")


def _receipt(dossier: PortalDossier, mode: faults.Played) -> dict[str, str]:
    receipt = {"MaHoSo": dossier.code, "SUBM_CODE": dossier.reference, "TrangThaiHoSo": str(dossier.status)}
    if mode.name == "swap":
        receipt["SUBM_CODE"] = "00000000-0000-0000-0000-000000000000"
    if mode.name == "no_echo":
        del receipt["SUBM_CODE"]
    return receipt


def _look_up(body: dict[str, Any], mode: faults.Played) -> HttpResponse:
    found = ledger.find(code=str(body.get("mahoso") or ""), reference=str(body.get("subm_code") or ""))
    return JsonResponse({**OK, "data": [_described(dossier) for dossier in found]})


def _described(dossier: PortalDossier) -> dict[str, Any]:
    return {
        "MaHoSo": dossier.code,
        "SUBM_CODE": dossier.reference,
        "TrangThaiHoSo": str(dossier.status),
        "TenTrangThai": STATUSES[dossier.status],
        "NgayTiepNhan": ledger.stamp(dossier.received_at),
        "TaiLieuNop": [_file(file) for file in dossier.files.filter(lost=False)],
        "DanhSachTienDo": [
            {
                "MaHoSo": dossier.code,
                "NguoiXuLy": "Cán bộ A (mẫu)",
                "ThoiDiemXuLy": ledger.stamp(step.at),
                "NoiDungXuLy": step.note,
                "TrangThai": str(step.status),
            }
            for step in dossier.steps.all()
        ],
    }


def _file(file: PortalFile) -> dict[str, str]:
    return {
        "TepDinhKemId": file.pk,
        "TenTepDinhKem": file.name,
        "MaThanhPhanHoSo": file.slot,
        "DuongDanTaiTepTin": f"/tep/{file.pk}",
        "KichThuoc": str(file.size),
    }


def _progress(body: dict[str, Any], mode: faults.Played) -> HttpResponse:
    """CapNhatTienDoHoSoMC: each entry writes one step, in the order and with the time it is told."""
    for entry in body.get("data") or []:
        for dossier in ledger.find(code=str(entry.get("MaHoSo"))):
            at = ledger.from_stamp(str(entry["ThoiDiemXuLy"])) if entry.get("ThoiDiemXuLy") else None
            ledger.advance(dossier, status=int(entry["TrangThai"]), note=str(entry.get("NoiDungXuLy", "")), at=at)
    return JsonResponse(OK)


SERVICES: dict[str, Callable[[dict[str, Any], faults.Played], HttpResponse]] = {
    "DongBoHoSoMC": _take,
    "TraCuuHoSo": _look_up,
    "CapNhatTienDoHoSoMC": _progress,
}


def upload(request: HttpRequest) -> HttpResponse:
    """POST raw bytes, headers session, X-Ten-Tep, X-Thanh-Phan → {data: {TepDinhKemId, KichThuoc, Sha256}}."""
    return faulty(_upload, request, faults.mode_for(request, "tep"))


def _upload(request: HttpRequest, mode: faults.Played) -> HttpResponse:
    if not ledger.session_is_open(request.headers.get("session")):
        return expired()
    if mode.name == "refuse":
        return refusal("13", "Tệp không hợp lệ.")
    file = ledger.keep_file(
        name=unquote(request.headers.get("X-Ten-Tep", "")),
        slot=unquote(request.headers.get("X-Thanh-Phan", "")),
        mime=request.headers.get("Content-Type", ""),
        content=request.body,
    )
    told = {"TepDinhKemId": file.pk, "KichThuoc": str(file.size), "Sha256": file.sha256}
    return JsonResponse({**OK, "data": told})


def read_back(request: HttpRequest, file_id: str) -> HttpResponse:
    """GET with header session → the bytes of an attachment."""
    return faulty(lambda request, mode: _read_back(request, file_id), request, faults.mode_for(request, "doc-tep"))


def _read_back(request: HttpRequest, file_id: str) -> HttpResponse:
    if not ledger.session_is_open(request.headers.get("session")):
        return JsonResponse({"error_code": "401", "error_message": "Phiên đăng nhập đã hết hạn."}, status=401)
    file = PortalFile.objects.filter(pk=file_id, lost=False).first()
    if file is None:
        return JsonResponse({"error_code": "4", "error_message": "Không có tệp này."}, status=404)
    return HttpResponse(bytes(file.content), content_type="application/octet-stream")


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _applicant(body: dict[str, Any]) -> str:
    data = body.get("data")
    first = data[0] if isinstance(data, list) and data and isinstance(data[0], dict) else {}
    return str(first.get("ChuHoSo", ""))
