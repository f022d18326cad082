"""The newer REST interface of ministries (NoiHoSo), with its own enumerations. Sending only.

For: the mapping of a Dossier to NoiHoSo. Not for: the older interface (portal_dvcqg.py), whose numbers mean
other things. The portal gives the code BEFORE the dossier goes (GetNextValue), so an unknown outcome carries a code
to ask for. No look-up, status or read-back is published for clients: those answer Unknown, and a person decides.

The paths and the envelope {error_code, error_message, data} are assumed; confirm both with the provider.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from onboarding.submissions.portal_dvcqg import HERE, STAMP, PortalRefusal, demo_refused, read_file
from onboarding.submissions.portal_http import Deadline, Lost, NotReached, envelope, error_code, exchange
from onboarding.submissions.portal_types import (
    Arrival,
    Attached,
    Dossier,
    DossierFile,
    Found,
    NotSent,
    Outcome,
    Refused,
    Standing,
    Taken,
    Unknown,
    is_demo,
)

log = logging.getLogger(__name__)

# Enumerations of this interface. A citizen is 0 here and "1" in the older one.
CITIZEN, ELECTRONIC_COPY = 0, 2
TOKEN, NEXT_CODE, FILE, DOSSIER = "/token", "/GetNextValue", "/TepTin", "/NoiHoSo"
NOT_OFFERED = Unknown("not_offered")


class IgatePortal:
    """One portal behind this interface, for one client of one unit."""

    takes_demo = False

    def __init__(self, *, url: str, user: str, password: str, unit: str) -> None:
        self._url, self._user, self._password, self._unit = url.rstrip("/"), user, password, unit

    def send(self, dossier: Dossier, *, attached: Mapping[str, str] | None = None) -> Outcome:
        """Get a token and a code, upload the files, then hand the dossier in."""
        if is_demo(dossier) and not self.takes_demo:
            return demo_refused()
        deadline, ids = Deadline(settings.PORTAL_DEADLINE_SECONDS), dict(attached or {})
        try:
            token = self._token(deadline)
            for file in dossier.files:
                if file.slot not in ids:
                    ids[file.slot] = self._upload(file, token, deadline)
            code = _text(self._post(NEXT_CODE, {"code": self._unit}, token, deadline), "MaHoSo")
            if not deadline.has(1 / 3):
                raise NotReached("deadline")
        except PortalRefusal as refusal:
            return refusal.refused
        except (NotReached, Lost) as trouble:
            return NotSent(trouble.why, getattr(trouble, "retry_after", None), ids)
        return self._hand_in(dossier, code, ids, token, deadline)

    def _hand_in(self, dossier: Dossier, code: str, ids: Mapping[str, str], token: str, deadline: Deadline) -> Outcome:
        try:
            told = self._post(DOSSIER, payload(dossier, code, ids), token, deadline)
        except PortalRefusal as refusal:
            return refusal.refused
        except NotReached as trouble:
            return NotSent(trouble.why, trouble.retry_after, ids)
        except Lost as trouble:
            log.warning("portal: %s Unknown: %s", dossier.reference, trouble.why)
            return Unknown(trouble.why, code=code)
        data = told.get("data")
        if not isinstance(data, dict) or data.get("MaHoSo") != code:
            return Unknown("not_ours", code=code)
        return Taken(code, dossier.reference)

    def attach(self, file: DossierFile) -> Attached | Refused | NotSent:
        """Upload one file that belongs to no dossier yet. Repeating it is harmless."""
        deadline = Deadline(settings.PORTAL_DEADLINE_SECONDS)
        try:
            return Attached(file.slot, self._upload(file, self._token(deadline), deadline))
        except PortalRefusal as refusal:
            return refusal.refused
        except (NotReached, Lost) as trouble:
            return NotSent(trouble.why, getattr(trouble, "retry_after", None))

    def lookup(self, reference: str) -> Found | Unknown | None:
        """Not offered by this interface."""
        return NOT_OFFERED

    def status(self, code: str) -> Standing | Unknown | None:
        """Not offered by this interface."""
        return NOT_OFFERED

    def read_back(self, code: str) -> Arrival | Unknown | None:
        """Not offered by this interface."""
        return NOT_OFFERED

    def _token(self, deadline: Deadline) -> str:
        body = {"client_id": self._user, "client_secret": self._password}
        try:
            return _text(self._post(TOKEN, body, "", deadline), "access_token")
        except PortalRefusal:
            log.error("portal: our account is refused")
            raise NotReached("login_refused") from None

    def _upload(self, file: DossierFile, token: str, deadline: Deadline) -> str:
        headers = {"Content-Type": file.mime, "Authorization": f"Bearer {token}"}
        answer = exchange("POST", self._url + FILE, body=read_file(file), headers=headers, deadline=deadline)
        told = _good(envelope(answer))
        if _text(told, "HashTepTin").lower() != file.sha256:
            raise NotReached("file_damaged_there")
        return _text(told, "IdTepTin")

    def _post(self, path: str, body: Mapping[str, Any], token: str, deadline: Deadline) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        content = json.dumps(body, ensure_ascii=False).encode()
        return _good(envelope(exchange("POST", self._url + path, body=content, headers=headers, deadline=deadline)))


def payload(dossier: Dossier, code: str, ids: Mapping[str, str]) -> dict[str, Any]:
    """Return one dossier in the shape of NoiHoSo."""
    day = dossier.submitted_at.astimezone(HERE).strftime(STAMP)
    return {
        "MaHoSo": code,
        "MaTTHC": dossier.procedure_code,
        "MaDichVuCong": "",
        "ChuHoSo": dossier.applicant,
        "LoaiDoiTuong": CITIZEN,
        "MaDonViTiepNhan": dossier.unit,
        "NgayNop": day,
        "NgayTiepNhan": day,
        "ThanhPhanHoSo": [_part(file, ids[file.slot]) for file in dossier.files],
        "ThongTinNguoiNop": {
            "TenNguoiNop": dossier.applicant,
            "SoDinhDanh": dossier.number,
            "SoDienThoai": dossier.phone,
            "Email": "",
            "DiaChiChiTiet": dossier.address,
            "TenChuHs": dossier.applicant,
        },
    }


def _part(file: DossierFile, file_id: str) -> dict[str, Any]:
    paper = {"IdGiayTo": file_id, "MaKetQua": "", "TenGiayTo": file.name, "HashTepTin": file.sha256}
    return {
        "MaThanhPhanHoSo": file.slot,
        "TenThanhPhanHoSo": file.name,
        "SoLuong": 1,
        "LoaiBan": ELECTRONIC_COPY,
        "GiayToDinhKem": [paper],
    }


def _good(told: dict[str, Any]) -> dict[str, Any]:
    if error_code(told) != "0":
        raise PortalRefusal(told)
    return told


def _text(told: Mapping[str, Any], key: str) -> str:
    data = told.get("data")
    value = data.get(key) if isinstance(data, dict) else None
    if not isinstance(value, str) or not value or not value.isprintable():
        raise Lost("schema")
    return value
