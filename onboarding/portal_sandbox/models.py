"""Tables of the stand-in portal: sessions, files, dossiers and their steps, the mode, the calls it saw.

For: what this portal knows. Not for: anything of the house; its own tables are in another database.
"""

from django.db import models

STATUSES = {
    1: "Mới đăng ký",
    2: "Được tiếp nhận",
    3: "Không được tiếp nhận",
    4: "Đang xử lý",
    5: "Yêu cầu bổ sung giấy tờ",
    6: "Yêu cầu thực hiện nghĩa vụ tài chính",
    7: "Công dân yêu cầu rút hồ sơ",
    8: "Dừng xử lý",
    9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}
# What a dossier does when nobody says anything else. 3, 8 and 10 are ends.
NEXT_STATUS = {1: 2, 2: 4, 4: 9, 5: 4, 6: 4, 7: 8, 9: 10}


class Session(models.Model):
    """A log-in of a client, valid until a moment."""

    token = models.CharField(max_length=64, primary_key=True)
    until = models.DateTimeField()


class PortalDossier(models.Model):
    """One dossier this portal accepted. The same dossier sent twice is two rows, as real portals do."""

    code = models.CharField(max_length=64, unique=True)
    reference = models.CharField(max_length=128, db_index=True, blank=True)
    name = models.CharField(max_length=200)
    procedure = models.CharField(max_length=200)
    body = models.JSONField()
    status = models.PositiveSmallIntegerField(default=1)
    received_at = models.DateTimeField()
    status_at = models.DateTimeField()
    # A portal restored from an old backup no longer knows it; the ledger still does.
    forgotten = models.BooleanField(default=False)
    waits = models.BooleanField(default=False)  # stops at 5 until somebody acts

    class Meta:
        ordering = ["pk"]


class PortalFile(models.Model):
    """One uploaded attachment, with its bytes, so that one transaction covers both."""

    id = models.CharField(max_length=32, primary_key=True)
    dossier = models.ForeignKey(PortalDossier, null=True, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    slot = models.CharField(max_length=100, blank=True)
    mime = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    lost = models.BooleanField(default=False)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["uploaded_at", "pk"]


class Step(models.Model):
    """One move of a dossier, in the order the portal wrote it down (which need not be the order of its times)."""

    dossier = models.ForeignKey(PortalDossier, on_delete=models.CASCADE, related_name="steps")
    status = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class Mode(models.Model):
    """How the portal misbehaves now: one row, kept over a restart. times empty = until told otherwise."""

    name = models.CharField(max_length=40, default="ok")
    service = models.CharField(max_length=40, blank=True)
    times = models.PositiveIntegerField(null=True)
    retry_after = models.PositiveIntegerField(default=7)
    seconds = models.FloatField(default=60)


class Call(models.Model):
    """One request this portal saw, and the mode it was answered with. No personal data."""

    service = models.CharField(max_length=40)
    mode = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
