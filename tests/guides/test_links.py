"""An address in a guide is on the list, or it does not stand there; nothing hides, nothing runs."""

import pytest

from onboarding.guides import links
from onboarding.guides.content import Shelf

BOOK = Shelf().links

GOOD = """dichvucong.gov.vn
Mở trang dichvucong.gov.vn.
Gõ https://vneid.gov.vn rồi bấm
https://dichvucong.gov.vn/p/home
thutuc.dichvucong.gov.vn/tra-cuu
caugiay.hanoi.gov.vn
Phí 1.284 đồng, ngày 18.10
TP.HCM
Xong.Bấm tiếp
v.v.
Mục 3.1.2
CT01, mẫu 1.1
Lúc 9:30 sáng
a/b
1414 hoặc 1900.0368
Trang thật có đuôi gov.vn, xem kỹ""".splitlines()

BAD = """vne1d.gov.vn
vnеid.gov.vn
vneid.gov.vn.xacthuc.com
vneid-gov.vn
dichvucong.gov.vn.co
dichvucong-gov.com
dichvucongquocgia.vip
dichvucông.gov.vn
dịchvụcông.gov.vn
bit.ly/abc
tinyurl.com/vneid
t.me/hotro
zalo.me/g/abc
xn--vnid-8ua.vn
www.vneid.com
www.dichvucong
http://dichvucong.gov.vn
https://ai-do@dichvucong.gov.vn
https://dichvucong.gov.vn@xau.com
https://dichvucong.gov.vn:8443/
ftp://dichvucong.gov.vn
https://103.27.1.9/vneid
103.27.1.9
Tải vneid.apk
Tải VNeID .APK ở đây
https://dichvucong.gov.vn/vneid.apk
vneid.mobileconfig
data:text/html;base64,AAAA
javascript:alert(1)
JavaScript : alert(1)
intent://scan
market://details?id=vneid
<script>alert(1)</script>
<img src=x>
</p>
[bấm](https://xau.com)
[bấm] (//xau.com)
```lệnh```
{{ 7*7 }}
{% include %}
&#x3c;script
Mở \u202egnov.diiev
vneid\u200b.gov.vn
Mở\u2066 trang
dichvu\u00adcong.gov.vn
vneid\uff0ecom
vneid\u3002com
congdichvucong.info
vneid.xyz
VNEID.TOP
hotro.gov.vn.live
chinhphu.site/vneid
vneid.gov.vn.
gov.vn/vneid
kichhoat.vn
dichvucong.gov.vn.kichhoat.net/p
m.vneid.cc
vneíd.gov.vn
ⅴneid.gov.vn
dichvucong.gov.vn/tai/app.ipa""".splitlines()


@pytest.mark.parametrize("text", GOOD)
def test_what_people_may_read_passes(text):
    assert list(links.faults({"text": text}, BOOK)) == []


@pytest.mark.parametrize("text", [bad for bad in BAD if bad != "vneid.gov.vn."])
def test_what_leads_astray_is_refused(text):
    assert list(links.faults({"steps": [{"text": f"Bác mở {text} nhé"}]}, BOOK))


def test_a_full_stop_after_an_address_is_no_part_of_it():
    assert list(links.faults("Bác mở vneid.gov.vn.", BOOK)) == []


def test_the_sentence_names_the_address_and_what_it_imitates():
    (said,) = links.faults("Mở vne1d.gov.vn", BOOK)
    assert said.startswith("địa chỉ “vne1d.gov.vn” giống “vneid.gov.vn” nhưng không phải. Bỏ")


def test_the_same_text_is_named_once():
    assert len(list(links.faults(["bit.ly/a", "bit.ly/a"], BOOK))) == 1
