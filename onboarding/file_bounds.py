"""How large a form with a file may be. One that is larger is neither kept nor put on the disk while it comes in.

For: settings.FILE_UPLOAD_HANDLERS, before Django's own, and doors that take files. A form is read before anybody knows
who sends it, so the bound is for all. Not for: what one kind of file may weigh (the modules that take it in say that).
"""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


def too_large(request: HttpRequest) -> bool:
    """Say whether a request says of itself that it is larger than any form may be; then its files are not there."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not (length.isascii() and length.isdecimal() and len(length) < 12) or int(length) > settings.FORM_MOST_BYTES


class Bounded(FileUploadHandler):
    """Passes files on to the handlers after it, or none when the form is too large. Its other fields are read."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Skip the file before anything of it is kept."""
        super().new_file(*args, **kwargs)
        if self.request is not None and too_large(self.request):
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass it on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers after this one."""
