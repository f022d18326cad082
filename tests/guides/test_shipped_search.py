"""What people type at home leads to the right one first or second, in all that ships. Not for: how finding works."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from onboarding.guides import arranging, finding, indexing
from onboarding.guides.content import Shelf, bound
from onboarding.guides.models import Guide, GuideVersion, Procedure

ASKED = """
dang ky tam tru > tam-tru
tạm chú > tam-tru
thue tro > tam-tru
trích lục > khai-sinh khai-tu ban-sao-trich-luc
bhyt > tich-hop-bhyt gia-han-bhyt-ho-gia-dinh di-kham-bang-can-cuoc
gia han the bhyt > gia-han-bhyt-ho-gia-dinh
dong bao hiem y te > gia-han-bhyt-ho-gia-dinh
đau ốm > di-kham-bang-can-cuoc
quen mang the bao hiem > di-kham-bang-can-cuoc
quen mk vneid > quen-mat-khau-vneid
quên mã pin > quen-passcode
mat dien thoai > doi-dien-thoai-moi tai-khoan-bi-khoa
doi dt moi > doi-dien-thoai-moi
khong nhan duoc ma otp > doi-so-dien-thoai sim-khong-chinh-chu
sim khong chinh chu > sim-khong-chinh-chu
khong co smartphone > kich-hoat-tren-may-tinh
may cuc gach > kich-hoat-tren-may-tinh
khong quet duoc chip > may-khong-co-nfc
bị hack > tai-khoan-bi-khoa
người già không đi được > lam-tai-nha-nguoi-gia-yeu
tre em duoi 14 > dinh-danh-tre-em
kích hoat > vneid-muc-2
mẹ tôi mới mất cần làm gì > khai-tu lien-thong-khai-tu
tien mai tang > lien-thong-khai-tu
vợ mới đẻ > khai-sinh lien-thong-khai-sinh
khai sih > khai-sinh
cưới > ket-hon
mất cccd > cap-doi-can-cuoc
nhap ho khau > thuong-tru
di vang > tam-vang
khach ngu lai > luu-tru
bằng lái hết hạn > giay-phep-lai-xe
phat nguoi > nop-phat-giao-thong
sang tên xe > dang-ky-xe-may
sang tên sổ đỏ > bien-dong-dat-dai
passport > ho-chieu
lltp > ly-lich-tu-phap
that nghep > tro-cap-that-nghiep
mst > dang-ky-thue
sang ten dong ho dien > doi-ten-hop-dong-dien
goi dien cap nhat vneid > chong-lua-dao cai-vneid-an-toan
co nguoi go cua > nguoi-den-nha-co-that-khong
ho so den dau roi > theo-doi-ho-so
lương hưu > ung-dung-nao-lam-gi huu-tri-xa-hoi
chung thuc > chung-thuc-ban-sao
sao y > chung-thuc-ban-sao
tach khau > tach-ho
ct07 > xac-nhan-cu-tru
giay doc than > xac-nhan-tinh-trang-hon-nhan
tro cap tuoi gia > huu-tri-xa-hoi
ho ngheo > ho-ngheo
nghĩa vụ quân sự > dang-ky-nvqs
"""


@pytest.fixture(scope="module")
def found() -> Callable[[str], list[str]]:
    """A function that returns the slugs of what is found in all that ships."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arranging, "SHELF", Shelf())
        ready = finding.prepare(indexing.index_of([*guides(), *pages()]))
    return lambda asked: [doc["slug"] for doc in finding.find(ready, asked)]


def procedures() -> dict[str, Procedure]:
    rows = (data for _path, data in Shelf().procedures)
    return {d["slug"]: Procedure(slug=d["slug"], name=d["name"], plain_name=d["plain_name"]) for d in rows}


def guides() -> list[finding.Doc]:
    made = []
    for file in sorted(Shelf().guides, key=lambda file: file.data["order"]):
        guide = Guide(slug=file.data["slug"], procedure=procedures()[file.data["procedure"]], words=file.words)
        version = GuideVersion(guide=guide, title=bound(file.version["title"]), summary=file.version["summary"])
        made.append(indexing.entry(version, [bound(step["title"]) for step in file.steps]))
    return made


def pages() -> list[finding.Doc]:
    have = {file.data["procedure"] for file in Shelf().guides}
    return [indexing.page_of(row) for row in procedures().values() if row.slug not in have]


@pytest.mark.parametrize("line", ASKED.strip().splitlines())
def test_the_right_one_is_first_or_second(found, line):
    asked, meant = line.split(" > ")
    assert set(found(asked)[:2]) & set(meant.split()), found(asked)[:5]


def test_a_procedure_without_a_guide_leads_to_its_own_page():
    assert {doc["href"] for doc in pages()} >= {reverse("guides:procedure", args=["tach-ho"])}
