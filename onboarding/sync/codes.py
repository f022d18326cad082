"""The codes of a receipt and the sentence each one shows on the phone. Not for: deciding which one applies (push.py).

A code is for machines and never changes its meaning, because phones in the field are weeks old. A room's own
refusal brings its own sentence; these are the ones that sync itself says.
"""

from django.utils.translation import gettext_lazy as _

OK = "ok"
ID_REUSED = "id_reused"
FORM_UNKNOWN = "form_unknown"
ANSWERS_INVALID = "answers_invalid"
CONSENT_MISSING = "consent_missing"
NOT_ASSIGNED = "not_assigned"
SUBJECT_UNKNOWN = "subject_unknown"
SEALED_UNREADABLE = "sealed_unreadable"
SIGNATURE_WRONG = "signature_wrong"
SECRET_IN_TEXT = "secret_in_text"  # noqa: S105  a code, not a secret
WAITING = "waiting_for_previous"
MEMBER_INACTIVE = "member_inactive"
DEVICE_REVOKED = "device_revoked"
KIND_UNKNOWN = "kind_unknown"
TOO_OLD = "too_old"
SERVER_ERROR = "server_error"

SENTENCES = {
    OK: "",
    ID_REUSED: _("Bản ghi này trùng mã với một bản khác. Cả hai được giữ lại. Báo cho phụ trách phường xem."),
    FORM_UNKNOWN: _("Máy chủ chưa có mẫu tờ khai này. Báo cho phụ trách phường."),
    ANSWERS_INVALID: _("Có chỗ chưa đúng. Mở bản ghi, sửa rồi gửi lại."),
    CONSENT_MISSING: _("Chưa có sự đồng ý của người dân. Xin đồng ý rồi gửi lại."),
    NOT_ASSIGNED: _("Nhà này không thuộc tổ của bạn. Báo cho phụ trách phường."),
    SUBJECT_UNKNOWN: _("Không tìm thấy nhà hoặc người này. Cập nhật danh sách rồi gửi lại."),
    SEALED_UNREADABLE: _("Máy chủ không mở được bản ghi này. Nhập lại rồi gửi."),
    SIGNATURE_WRONG: _("Không xác nhận được bản ghi đến từ máy này. Báo cho phụ trách phường."),
    SECRET_IN_TEXT: _("Trong ghi chú có thể có mật khẩu hoặc mã OTP. Xóa phần đó rồi gửi lại."),
    WAITING: _("Đang chờ một bản ghi trước đó của nhà này."),
    MEMBER_INACTIVE: _("Tài khoản của bạn đã ngừng hoạt động. Bản ghi được giữ cho phường xem."),
    DEVICE_REVOKED: _("Máy này đã bị thu hồi. Bản ghi được giữ cho phường xem."),
    KIND_UNKNOWN: _("Máy chủ chưa hiểu loại bản ghi này. Bản ghi được giữ lại. Báo cho phụ trách phường."),
    TOO_OLD: _("Ứng dụng trên máy đã cũ. Bản ghi được giữ lại. Cập nhật ứng dụng rồi nhập lại."),
    SERVER_ERROR: _("Máy chủ đang bận. Bản ghi vẫn ở trên máy và sẽ được gửi lại."),
}


def sentence(code: str) -> str:
    """Return what a person reads for code, in the language of now; "" for a code that sync does not know."""
    return str(SENTENCES.get(code, ""))
