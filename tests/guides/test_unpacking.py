"""A zip that somebody made to hurt does no harm: each gets its sentence, and nothing of it comes in.

Not for: guides that travel as they should (test_exchange.py).
"""

import io
import zipfile

import pytest

from onboarding.guides import exchange, unpacking
from onboarding.guides.models import Guide, Procedure
from tests import build
from tests.guides.zips import altered, entries, made, refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(ward):
    return build.editor(ward.area, "viet")


def plus(name, body=b"x"):
    return lambda files: made({**files, name: body})


def link(files):
    out = io.BytesIO(made(files))
    with zipfile.ZipFile(out, "a") as file:
        entry = zipfile.ZipInfo("pictures/step-09.webp")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        file.writestr(entry, "/etc/passwd")
    return out.getvalue()


def twice(files):
    out = io.BytesIO(made(files))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as file:
        file.writestr("guide.json", b"{}")
    return out.getvalue()


def locked(files):
    """Say in both headers of the first entry that it is encrypted."""
    packed = bytearray(made(files))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def lying(files):
    """A bomb that says it is small: 70 MB of zeros in 70 kB, its stated size made small."""
    packed = bytearray(made({**files, "pictures/step-01.webp": bytes(70_000_000)}))
    size = (70_000_000).to_bytes(4, "little")
    while size in packed:
        at = packed.index(size)
        packed[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(packed)


HOSTILE = {
    "text": (lambda files: b"no zip at all", "không phải gói hướng dẫn"),
    "nothing": (lambda files: b"", "không phải gói hướng dẫn"),
    "cut": (lambda files: made(files)[:-200], "không phải gói hướng dẫn"),
    "21 MB": (lambda files: bytes(20_000_001), "nặng quá 20 MB"),
    "10,000 entries": (lambda files: made({f"pictures/step-{n}.webp": b"" for n in range(10_000)}), "Gói có 10000 tệp"),
    "parent": (plus("../../etc/cron.d/x"), "tệp lạ “../../etc/cron.d/x”"),
    "parent within": (plus("pictures/../../x.webp"), "tệp lạ"),
    "absolute": (plus("/etc/passwd"), "tệp lạ “/etc/passwd”"),
    "backslash": (plus("pictures\\step-01.webp"), "tệp lạ “pictures?step-01.webp”"),
    "drive": (plus("C:/x.webp"), "tệp lạ"),
    "zero byte": (lambda files: plus("guide.json0x")(files).replace(b"guide.json0x", b"guide.json\0x"), "tệp lạ"),
    "nested": (plus("pictures/more.zip", b"PK\x03\x04"), "tệp lạ “pictures/more.zip”"),
    "program": (plus("run.sh"), "tệp lạ"),
    "link": (link, "tệp lạ"),
    "twice": (twice, "hai tệp cùng tên “guide.json”"),
    "locked": (locked, "khóa bằng mật khẩu"),
    "bomb": (plus("pictures/step-01.webp", bytes(61_000_000)), "bung ra quá 60 MB"),
    "lying bomb": (lying, "hoặc đã hỏng"),
    "no guide": (lambda files: made({"README.txt": b"x"}), "không có guide.json"),
    "no json": (plus("guide.json", b"{"), "Không đọc được guide.json"),
    "not text": (plus("guide.json", b"\xff\xfe"), "Không đọc được guide.json"),
    "deep": (plus("guide.json", b"[" * 100_000 + b"]" * 100_000), "Không đọc được guide.json"),
    "quite deep": (plus("guide.json", b"[" * 30 + b"]" * 30), "Không đọc được guide.json"),
    "long": (plus("guide.json", b'"' + b"x" * 400_000 + b'"'), "Không đọc được guide.json"),
    "no number": (plus("guide.json", b'{"format": NaN}'), "Không đọc được guide.json"),
    "zero sign": (plus("guide.json", b'{"format": "\\u0000"}'), "Không đọc được guide.json"),
    "half a sign": (plus("guide.json", b'{"format": "\\ud800"}'), "Không đọc được guide.json"),
    "other format": (plus("guide.json", b'{"format": "h5p"}'), "không phải bài hướng dẫn của Gõ Cửa"),
    "a list": (plus("guide.json", b"[]"), "không phải bài hướng dẫn của Gõ Cửa"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_zip_made_to_hurt_gets_its_sentence_and_nothing_comes_in(version, author, name):
    make, said = HOSTILE[name]
    assert said in refusal(make(entries(exchange.export(version))), author)


def within(*path, value):
    def alter(told):
        part = told
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = value

    return alter


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (within("format_version", value=2), "bản Gõ Cửa khác"),
        (within("language", value="fr"), "không phải bài tiếng Việt"),
        (within("surprise", value=1), "không phải bài hướng dẫn"),
        (within("guide", value=[]), "viết sai ở “guide”"),
        (within("guide", "language", value="en"), "viết sai ở “guide.language”"),
        (within("guide", "slug", value="../mau"), "viết sai ở “guide.slug”"),
        (within("guide", "slug", value="m" * 61), "viết sai ở “guide.slug”"),
        (within("guide", "order", value=70_000), "viết sai ở “guide.order”"),
        (within("guide", "words", value="mẫu"), "viết sai ở “guide.words”"),
        (within("guide", "review_by", value="mai"), "viết sai ở “guide.review_by”"),
        (within("guide", "author", value="viet"), "viết sai ở “guide.author”"),
        (within("guide", "version", "state", value="published"), "viết sai ở “version.state”"),
        (within("guide", "version", "minutes", value=True), "viết sai ở “version.minutes”"),
        (within("guide", "steps", value=[{}] * 21), "viết sai ở “guide.steps”"),
        (within("guide", "steps", 0, value={"picture": 7}), "viết sai ở “steps.1.picture”"),
        (within("guide", "steps", 0, "id", value=1), "viết sai ở “steps.1.id”"),
        (within("guide", "steps", 0, "picture", "screen", value=["bar"]), "viết sai ở “steps.1.picture.screen”"),
        (within("guide", "steps", 0, "picture", "targets", value={}), "viết sai ở “steps.1.picture.targets”"),
        (within("guide", "steps", 0, "blockers", value=[7]), "viết sai ở “steps.1.blockers”"),
        (within("guide", "steps", 0, "title", value=None), "chỗ không đọc được"),
    ],
)
def test_a_document_of_another_shape_is_refused_and_says_where(version, author, alter, said):
    assert said in refusal(altered(exchange.export(version), alter), author)


def test_a_procedure_that_is_not_here_is_named(version, author):
    packed = exchange.export(version)
    Guide.objects.all().delete()
    Procedure.objects.all().delete()
    assert "chưa có thủ tục “viec-mau”" in refusal(packed, author)


def test_a_code_that_another_guide_has_is_said(version, author):
    packed = altered(exchange.export(version), within("guide", "slug", value="khac"))
    assert "Đã có hướng dẫn mang tên hoặc mã này" in refusal(packed, author)


def test_folders_that_a_zip_program_adds_are_no_reason_to_refuse(version):
    files = entries(exchange.export(version))
    assert unpacking.unpack(made({"pictures/": b"", **files, "audio/": b""})) == files
