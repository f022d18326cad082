"""Serves the built service worker at the root, so that its scope is the whole site.

For: the address only; `manage.py build_sw` makes the file. Not for: what the worker does (static/src/js/worker.js).
"""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page


@never_cache
@gzip_page
def service_worker(request: HttpRequest) -> FileResponse:
    """Answer with the built worker, always fresh: a stale one would keep old code on phones. 404 before it is built."""
    built = Path(settings.PWA_SERVICE_WORKER_PATH)
    if not built.is_file():
        raise Http404("No worker has been built")
    return FileResponse(built.open("rb"), content_type="text/javascript; charset=utf-8")
