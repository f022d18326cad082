"""The topics by which people look for what they need: one short list for procedures and their guides.

For: headings and icons of the catalogue, and the check that a file names a topic we have. Not for: searching.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Topic:
    """A heading of the catalogue: its words, its icon and the colour of its tile."""

    name: str | Promise
    icon: str
    tile: str = ""


TOPICS = {
    "vneid": Topic(_("VNeID, định danh điện tử"), "id-badge-2"),
    "cong-dvc": Topic(_("Cổng Dịch vụ công"), "world", "blue"),
    "cu-tru": Topic(_("Hộ khẩu, tạm trú"), "home-check", "ochre"),
    "ho-tich": Topic(_("Khai sinh, kết hôn, khai tử"), "users", "slate"),
    "giay-to": Topic(_("Căn cước, hộ chiếu, giấy tờ"), "id"),
    "y-te": Topic(_("Bảo hiểm y tế, trợ cấp"), "heartbeat", "blue"),
    "xe": Topic(_("Xe và bằng lái"), "map-2", "ochre"),
    "nha-dien-thue": Topic(_("Nhà đất, điện, thuế"), "home-2", "slate"),
    "hoc-viec": Topic(_("Học hành, việc làm"), "clipboard-list"),
    "an-toan": Topic(_("An toàn, tránh lừa đảo"), "shield-lock", "blue"),
}
