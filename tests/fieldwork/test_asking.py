"""Asking for a visit: each request once, in clear or sealed by a phone; bounded, encrypted, wiped when time is up."""

import json
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.test import Client

from onboarding import seal, vault
from onboarding.accounts.models import Team
from onboarding.fieldwork import handling
from onboarding.fieldwork.asking_form import CONSENT, SENTENCES
from onboarding.fieldwork.models import VisitRequest
from onboarding.ids import new_id
from onboarding.journal.models import AuditEntry

pytestmark = pytest.mark.django_db

PAGE = "/goi-to/"
FORM = "application/x-www-form-urlencoded"
TYPED = {
    "name": "Trần Thị Mẫu Thử", "phone": "0900 000 011", "what": "vneid", "note": "bác nặng tai",
    "address": "14 ngõ 27 phố Giếng Đá", "times": ["sang", "cuoi-tuan"], "time_note": "sau 15/12", "consent": "on",
    "words": CONSENT,
}  # fmt: skip


@pytest.fixture(autouse=True)
def nobody_has_asked_yet():
    """Limits are kept in the cache."""
    cache.clear()


@pytest.fixture
def citizen(ward) -> Client:
    """A browser nobody knows; it would be asked for a token where one is due."""
    return Client(enforce_csrf_checks=True)


def body(**changes: object) -> str:
    """The form as a browser without a script posts it, with fields replaced; None leaves one out."""
    return urlencode({k: v for k, v in {**TYPED, **changes}.items() if v is not None}, doseq=True)


def post(client: Client, sent: str, **headers: str):
    """Post a body as a form."""
    return client.post(PAGE, sent, content_type=FORM, headers=headers)


def ask(client: Client, **changes: object):
    """Ask by the plain form."""
    return post(client, body(**changes))


def sealed(ask_id: object = None, *, key: str = "", fields: object = None, bound_to: object = None) -> dict[str, str]:
    """What a phone sends: the fields sealed to a key of the ring, bound to the id."""
    ring = vault.ring()
    key, chosen = key or ring.seal_current, str(ask_id or new_id())
    public = seal.point(ring.seal_keys[key].public_key())
    context = seal.ask_context(ask=str(bound_to or chosen), key=key)
    plain = json.dumps(TYPED if fields is None else fields).encode()
    return {"id": chosen, "key": key, "sealed": seal.b64u(seal.seal(public, key, plain, context))}


def send(client: Client, sent: dict[str, str]):
    """Post what a phone sends."""
    return post(client, urlencode(sent))


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_number_and_the_form_and_is_the_same_for_everybody(citizen, as_supervisor):
    page = citizen.get(PAGE)
    html = page.content.decode()
    for words in ("tel:02400000108", "024 0000 0108", "Hẹn tổ đến nhà", 'name="phone"', "90 ngày", "mã OTP"):
        assert words in html, words
    assert "public" in page.headers["Cache-Control"] and page.headers["ETag"] and not page.cookies
    as_supervisor.cookies.load({"language": "en", "theme": "dark"})
    assert as_supervisor.get(PAGE).content == page.content
    assert "checked" not in html, "nothing is ticked beforehand"


def test_the_page_brings_the_key_that_phones_seal_to(citizen):
    html = citizen.get(PAGE).content.decode()
    ring = vault.ring()
    point = seal.b64u(seal.point(ring.seal_keys[ring.seal_current].public_key()))
    assert f'data-key="{ring.seal_current}"' in html and f'data-point="{point}"' in html


def test_a_house_without_teams_takes_no_requests_and_says_so(db):
    page = Client().get(PAGE)
    assert (page.status_code, 'name="phone"' in page.content.decode()) == (200, False)
    assert ask(Client()).status_code == 409


# --- one request -----------------------------------------------------------------------------------------------------


def test_a_plain_form_is_kept_encrypted_and_leads_to_a_receipt(citizen, ward):
    answer = ask(citizen)
    (row,) = VisitRequest.objects.all()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/goi-to/da-gui/{row.code}/")
    assert not answer.cookies and "no-store" in answer.headers["Cache-Control"]
    assert (row.area, row.state, row.what, row.times) == (ward.area, "new", "vneid", ["sang", "cuoi-tuan"])
    told = {name: row.told(name) for name in ("name", "phone", "address", "note", "time_note")}
    assert told == {k: TYPED[k] for k in ("name", "address", "note", "time_note")} | {"phone": "0900000011"}
    assert row.consent == CONSENT
    stored = b"".join(bytes(getattr(row, f"{name}_sealed")) for name in told)
    assert not any(value.encode() in stored for value in told.values())
    (entry,) = AuditEntry.objects.filter(action="visit_request.ask")
    assert (entry.user, entry.object_id, entry.detail) == (None, row.pk, {})


def test_the_receipt_shows_the_code_and_no_other_code_has_a_page(citizen):
    where = ask(citizen).headers["Location"]
    page = citizen.get(where)
    assert "Đã gửi" in page.content.decode() and VisitRequest.objects.get().code in page.content.decode()
    assert "Mẫu Thử" not in page.content.decode() and "no-store" in page.headers["Cache-Control"]
    assert citizen.get("/goi-to/da-gui/HEN-AAAAA/").status_code == 404
    assert citizen.get("/goi-to/da-gui/%3Cb%3E/").status_code == 404
    assert not re.search(r"\d{4}", where), "a row of digits would look like a secret code"


def test_the_same_form_twice_is_one_request_and_tomorrow_another(citizen):
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False) as clock:
        assert ask(citizen).headers["Location"] == ask(citizen).headers["Location"]
        assert VisitRequest.objects.count() == 1
        clock.shift(timedelta(days=1))
        ask(citizen)
    assert VisitRequest.objects.count() == 2


def test_a_phone_sends_sealed_and_gets_the_code(citizen):
    sent = sealed()
    answer = send(citizen, sent)
    row = VisitRequest.objects.get()
    assert (answer.status_code, answer.json(), str(row.pk)) == (200, {"code": row.code}, sent["id"])
    assert (row.told("name"), row.told("phone")) == ("Trần Thị Mẫu Thử", "0900000011")


def test_a_phone_that_lost_the_answer_asks_again_and_hears_the_same_without_a_second_row(citizen, settings):
    settings.ASKS_AN_HOUR = 1
    sent = sealed()
    first, again = send(citizen, sent), send(citizen, sent)
    other_words = send(citizen, sealed(sent["id"], fields={**TYPED, "name": "Lê Thu Mẫu"}))
    assert first.json() == again.json() == other_words.json()
    assert VisitRequest.objects.get().told("name") == "Trần Thị Mẫu Thử"


def test_a_request_sealed_to_an_older_key_is_opened_as_long_as_the_ring_holds_it(citizen, monkeypatch):
    old = sealed()
    ring = vault.ring()
    fresh = {**ring.seal_keys, "k2": ec.generate_private_key(ec.SECP256R1())}
    monkeypatch.setattr(
        vault, "ring", lambda: vault.KeyRing(**{**vars(ring), "seal_keys": fresh, "seal_current": "k2"})
    )
    assert 'data-key="k2"' in citizen.get(PAGE).content.decode()
    assert send(citizen, old).status_code == 200
    assert send(citizen, sealed(key="k2")).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"key": "k9"},
        {"sealed": "AAAA"},
        {"sealed": "~~~~"},
        {"id": "1"},
        {"id": "018f0000-0000-7000-8000-000000000000"},
    ],
)
def test_what_can_not_be_opened_is_refused_with_what_to_do(citizen, change):
    answer = send(citizen, {**sealed(), **change})
    assert (answer.status_code, answer.json()["message"]) == (400, "Không mở được lời hẹn này. Ghi lại rồi gửi.")
    assert not VisitRequest.objects.exists()


@pytest.mark.parametrize("fields", [[], "x", {"name": 1}, {"name": {"a": "b"}}, {"times": [1]}])
def test_sealed_words_that_no_form_could_hold_are_refused(citizen, fields):
    assert send(citizen, sealed(fields=fields)).status_code == 400
    assert not VisitRequest.objects.exists()


# --- what may be wrong -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "  ", SENTENCES["name"]),
        ("name", "099148000001", SENTENCES["number"]),
        ("phone", "", SENTENCES["phone"]),
        ("phone", "090000001", "Số này mới có 9 chữ số. Nhập đủ 10 số, bắt đầu bằng 0."),
        ("phone", "abc", "Số điện thoại chỉ có chữ số. Kiểm tra lại."),
        ("phone", "099 148 000 001", SENTENCES["number"]),
        ("what", "", SENTENCES["what"]),
        ("what", "<b>", SENTENCES["what"]),
        ("note", "mật khẩu: Abc@123", SENTENCES["secret"]),
        ("note", "428190", SENTENCES["secret"]),
        ("note", "OTP 428190", SENTENCES["secret"]),
        ("note", "căn cước 099.148.000.001", SENTENCES["number"]),
        ("note", "a" * 301, "Chỗ này dài quá 300 chữ cái. Rút ngắn lại."),
        ("address", "OTP: 4281", SENTENCES["secret"]),
        ("time_note", "mã PIN 2519", SENTENCES["secret"]),
        ("times", ["dem"], SENTENCES["what"]),
        ("consent", None, SENTENCES["consent"]),
        ("words", "goi-to-0", SENTENCES["what"]),
    ],
)
def test_a_wrong_field_is_said_with_what_to_do_and_nothing_typed_is_lost(citizen, field, typed, words):
    answer = ask(citizen, **{field: typed})
    html = answer.content.decode()
    assert answer.status_code == 422 and "no-store" in answer.headers["Cache-Control"]
    kept = {"name": "Trần Thị Mẫu Thử", "phone": "0900 000 011", "address": "14 ngõ 27 phố Giếng Đá"}
    assert all(value in html for name, value in kept.items() if name != field)
    told = send(citizen, sealed(fields={k: v for k, v in {**TYPED, field: typed}.items() if v is not None}))
    assert (told.status_code, told.json()["errors"]) == (422, {field: str(words)})
    assert field in ("words",) or str(words) in html
    assert not VisitRequest.objects.exists()


def test_a_phone_number_in_the_note_and_a_forgotten_password_are_fine(citizen):
    assert ask(citizen, note="bác quên mật khẩu, con gái số 0900 000 012").status_code == 303


def test_a_guide_that_was_being_read_comes_first_and_one_that_is_gone_refuses_nobody(citizen, ward):
    assert 'value="khong-co"' not in citizen.get(f"{PAGE}?bai=khong-co").content.decode()
    ask(citizen, what="bai-da-rut")
    assert VisitRequest.objects.get().what == "khac"


def test_only_a_plain_form_from_our_own_pages_is_taken(citizen):
    assert citizen.post(PAGE, TYPED).status_code == 415, "multipart"
    assert citizen.post(PAGE, "{}", content_type="application/json").status_code == 415
    assert post(citizen, body(), **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert post(citizen, body(note="x" * 12_000)).status_code == 413
    assert citizen.put(PAGE).status_code == 405
    assert not VisitRequest.objects.exists()
    assert post(citizen, body(), **{"sec-fetch-site": "same-origin"}).status_code == 303


# --- where there are several wards -----------------------------------------------------------------------------------


def test_with_several_wards_one_is_chosen_and_only_there_it_arrives(citizen, ward, chandra):
    elsewhere = chandra.memberships.get().area
    Team.objects.create(area=elsewhere, name="Tổ hỗ trợ 3")
    assert "Ông/bà ở phường nào" in citizen.get(PAGE).content.decode()
    assert str(SENTENCES["area"]) in ask(citizen).content.decode()
    assert ask(citizen, area=str(ward.groups[0].pk)).status_code == 422, "a group is no ward"
    assert ask(citizen, area=str(elsewhere.pk)).status_code == 303
    assert (handling.waiting(chandra), handling.waiting(ward.supervisor)) == (1, 0)


# --- how much one may ask --------------------------------------------------------------------------------------------


def test_one_address_may_ask_five_times_an_hour_and_another_is_not_held_up_by_it(citizen):
    for number in range(5):
        assert ask(citizen, phone=f"0900 000 02{number}").status_code == 303
    answer = ask(citizen, phone="0900 000 029")
    assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 3600
    assert "Trần Thị Mẫu Thử" in answer.content.decode()
    by_phone = send(citizen, sealed(fields={**TYPED, "phone": "0900 000 029"}))
    assert by_phone.status_code == 429 and by_phone.json()["message"]
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert ask(other, phone="0900 000 029").status_code == 303
    assert VisitRequest.objects.count() == 6


def test_one_address_may_ask_ten_times_a_day(citizen):
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False) as clock:
        taken = []
        for number in range(12):
            taken.append(ask(citizen, phone=f"0900 000 1{number:02}").status_code)
            clock.shift(timedelta(hours=1))
    assert taken == [303] * 10 + [429] * 2


def test_wrong_forms_do_not_use_up_what_one_may_ask_but_are_not_looked_at_without_end(citizen):
    for _time in range(59):
        assert ask(citizen, name="").status_code == 422
    assert ask(citizen).status_code == 303
    assert ask(citizen, name="").status_code == 429


def test_one_number_has_three_open_requests_and_more_when_one_is_finished(citizen, ward):
    for what in ("vneid", "y-te", "xe"):
        assert ask(citizen, what=what).status_code == 303
    answer = ask(citizen, what="khac", phone="+84 900 000 011")
    assert answer.status_code == 409 and "Số này đã hẹn rồi. Tổ sẽ gọi lại." in answer.content.decode()
    assert send(citizen, sealed()).json() == {"message": "Số này đã hẹn rồi. Tổ sẽ gọi lại."}
    row = VisitRequest.objects.first()
    handling.handle(user=ward.supervisor, request=row.pk, state="done")
    assert ask(Client(REMOTE_ADDR="203.0.113.9"), what="khac").status_code == 303


def test_no_address_is_kept_in_clear(citizen, monkeypatch):
    kept = []
    monkeypatch.setattr("onboarding.accounts.limits.cache.set", lambda key, *rest: kept.append(key))
    ask(citizen)
    assert len(kept) == 3 and not any("127.0.0.1" in key for key in kept)
