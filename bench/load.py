"""Sends what phones have signed, one connection a phone, all at once: `python -m bench.load URL FILE` prints JSON.

For: the load process, apart from the server and without Django, so that it takes little from the two cores.
Not for: judging; it counts verdicts and takes times.
"""

import http.client
import json
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


@dataclass
class Sent:
    """What came back to one phone."""

    verdicts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


def send(
    url: str,
    method: str,
    path: str,
    body: bytes,
    headers: dict[str, str],
    link: http.client.HTTPConnection | None = None,
) -> tuple[int, dict[str, str], bytes]:
    """Send one request (over link, when there is one) and return status, headers in lower case, and body."""
    where = urlsplit(url)
    own = link or http.client.HTTPConnection(where.hostname or "", where.port, timeout=120)
    own.request(method, path, body or None, {"Content-Type": "application/json", **headers})
    answer = own.getresponse()
    content = answer.read()
    if link is None:
        own.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content


def main(url: str, file: str) -> None:
    """Send every phone's queue in a thread of its own and print what came of it."""
    queues = json.loads(Path(file).read_text())
    gate = threading.Barrier(len(queues) + 1)
    found = [Sent() for _ in queues]
    threads = [threading.Thread(target=_phone, args=(url, q, s, gate)) for q, s in zip(queues, found, strict=True)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    verdicts = sum((sent.verdicts for sent in found), Counter())
    batches = sorted(seconds for sent in found for seconds in sent.seconds)
    print(json.dumps({"seconds": round(took, 3), "verdicts": verdicts, "batches": [round(s, 4) for s in batches]}))


def _phone(url: str, queue: list[list], sent: Sent, gate: threading.Barrier) -> None:
    where = urlsplit(url)
    link = http.client.HTTPConnection(where.hostname or "", where.port, timeout=120)
    gate.wait()
    for path, headers, body in queue:
        began = time.perf_counter()
        status, _named, content = send(url, "POST", path, body.encode(), headers, link)
        sent.seconds.append(time.perf_counter() - began)
        receipts = json.loads(content)["receipts"] if status == 200 else []
        sent.verdicts.update(f"{r['verdict']} {r['code']}" for r in receipts)
        if not receipts:
            sent.verdicts[f"HTTP {status} {content[:80]!r}"] += 1
    link.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
