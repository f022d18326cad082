"""A phone in Python: keys, enrolment, outbox, push, pull and files, with the rules of the one in the browser.

For: tests that act through HTTP exactly as a phone does. It keeps what the browser keeps and forgets only what the
contract lets it forget. Not for: carrying a request (transport.py), or the browser's own storage and screens; tests/js
and tests/browser look at those.
"""

import base64
import copy
import hashlib
import json
import os
import time
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from onboarding import seal
from onboarding.accounts.models import User
from onboarding.ids import new_id
from onboarding.sync import enrolments
from tests.transport import Answer, Transport, through_django

CHUNK = 64 * 1024
SETTLED = ("accepted", "parked", "quarantined", "held", "conflict")


@dataclass
class Row:
    """One entry in the outbox, its sealed files, and what is known of it."""

    entry: dict[str, Any]
    files: dict[str, bytes]
    state: str = "ready"
    receipt: dict[str, Any] | None = None
    under: str = ""
    done: set[str] = field(default_factory=set)

    @property
    def complete(self) -> bool:
        """The server has the entry and all its files."""
        return self.state != "ready" and self.done >= set(self.files)


class Phone:
    """One phone of one member. Everything in it is "on disk" except `transport`."""

    def __init__(self, transport: Transport = through_django, name: str = "Máy thử") -> None:
        self.transport, self.name = transport, name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.device = ""
        self.identity: dict[str, Any] = {}
        self.mac_key = b""
        self.epoch, self.seq, self.offset = 1, 0, 0
        self.last: dict[str, str] = {}
        self.outbox: dict[str, Row] = {}
        self.server_epoch = ""
        self.areas: dict[str, dict[str, Any]] = {}
        self.cursors: dict[str, tuple[str, int]] = {}
        self.records: dict[tuple[str, str], dict[str, Any]] = {}
        self.owner: dict[tuple[str, str], str] = {}
        self.heard: list[str] = []
        self.wiped = False

    # --- enrolment ----------------------------------------------------------------------------------------------

    @property
    def public(self) -> str:
        """The device's public key, as it goes over the wire."""
        return seal.b64u(seal.point(self.key.public_key()))

    def enrol(self, token: str) -> Answer:
        """Enrol, or come back with the old key when there was an enrolment before."""
        body = {"token": token, "sign_public": self.public, "name": self.name}
        if self.device:
            body["device"] = self.device
        answer = self.request("POST", "/sync/enrol/", body)
        if answer.status == 201:
            self.identity = answer.json
            self.device, self.mac_key = self.identity["device"], seal.unb64u(self.identity["mac_key"])
            self.epoch = max(self.epoch, self.identity["epoch"])
        return answer

    # --- requests -----------------------------------------------------------------------------------------------

    def request(
        self, method: str, path: str, payload: Any = None, *, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        """Send one signed request; a clock that is off is corrected once, as the browser does."""
        body = json.dumps(payload, ensure_ascii=False).encode() if payload is not None else body
        answer = self.transport(method, path, body, self.headers(method, path, body) | (headers or {}))
        if answer.status == 401 and answer.is_ours() and answer.json.get("code") == "clock":
            self.offset = answer.json["now"] - now_ms()
            answer = self.transport(method, path, body, self.headers(method, path, body) | (headers or {}))
        return answer

    def headers(self, method: str, path: str, body: bytes, at: int | None = None) -> dict[str, str]:
        """The three headers that sign a request; none before the first enrolment."""
        if not self.device:
            return {}
        at = now_ms() + self.offset if at is None else at
        digest = hashlib.sha256(body).hexdigest()
        message = f"gocua-request-v1\n{method}\n{path}\n{at}\n{digest}"
        return {"X-Device": self.device, "X-Device-Time": str(at), "X-Device-Signature": self.sign(message)}

    def sign(self, message: str) -> str:
        """ECDSA over a text, as raw r and s."""
        r, s = decode_dss_signature(self.key.sign(message.encode(), ec.ECDSA(hashes.SHA256())))
        return seal.b64u(r.to_bytes(32) + s.to_bytes(32))

    def is_ours(self, value: Any) -> bool:
        """Say whether an object carries a MAC that our key confirms."""
        if not isinstance(value, dict) or "mac" not in value:
            return False
        return seal.mac(self.mac_key, {k: v for k, v in value.items() if k != "mac"}) == value["mac"]

    # --- capture ------------------------------------------------------------------------------------------------

    def capture(
        self, kind: str, body: dict[str, Any], *, subject: Any, chain: Any, area: Any, form: str = "",
        files: dict[str, bytes] | None = None, seen: dict[str, list[str]] | None = None, **changes: Any,
    ) -> str:  # fmt: skip
        """Finalise one entry into the outbox and return its id. `changes` override header values before signing."""
        entry_id = str(changes.pop("id", None) or new_id())
        self.seq += 1
        key = self.identity["keys"][0]
        sealed_files = {
            slot: seal.seal(
                seal.unb64u(key["public"]),
                key["id"],
                plain,
                seal.file_context(entry=entry_id, slot=slot, key=key["id"]),
            )
            for slot, plain in (files or {}).items()
        }
        header = {
            "v": 1, "id": entry_id, "kind": kind, "subject": str(subject), "chain": str(chain), "area": str(area),
            "device": self.device, "user": self.identity["user"]["id"], "epoch": self.epoch, "seq": self.seq,
            "prev": self.last.get(str(chain)), "seen": seen or {}, "form": form, "at": now_ms(), "offset": self.offset,
            "offset_age": 0, "key": key["id"],
            "files": [{"slot": s, "sha256": sha256(b), "size": len(b)} for s, b in sealed_files.items()],
            **changes,
        }  # fmt: skip
        context = seal.entry_context(entry=entry_id, form=header["form"], key=key["id"])
        sealed = seal.seal(seal.unb64u(key["public"]), key["id"], seal.canonical(body), context)
        entry = self.signed({**header, "sealed": seal.b64u(sealed)})
        self.last[str(chain)] = entry_id
        self.outbox[entry_id] = Row(entry, {sha256(b): b for b in sealed_files.values()})
        return entry_id

    def signed(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Return an entry with its hash and signature."""
        bare = {k: v for k, v in entry.items() if k not in ("hash", "sig")}
        digest = seal.entry_hash(bare)
        return {**bare, "hash": digest, "sig": self.sign(f"gocua-entry-v1\n{digest}")}

    def ready(self) -> list[dict[str, Any]]:
        """What is to be pushed, in the order of capture."""
        rows = [row.entry for row in self.outbox.values() if row.state == "ready"]
        return sorted(rows, key=lambda entry: (entry["epoch"], entry["seq"]))

    # --- sending ------------------------------------------------------------------------------------------------

    def push(self, *ids: str) -> Answer:
        """Push the given entries (all that wait when none is given), at most 25, and settle by the answer."""
        entries = [self.outbox[i].entry for i in ids] or self.ready()[:25]
        answer = self.post(entries)
        self.take(answer, entries)
        return answer

    def post(self, entries: list[dict[str, Any]]) -> Answer:
        """Send entries without believing the answer."""
        return self.request("POST", "/sync/push/", {"proto": 1, "entries": entries})

    def take(self, answer: Answer, entries: list[dict[str, Any]]) -> None:
        """Settle entries by an answer, if it is one of ours."""
        if answer.status != 200 or not answer.is_ours():
            return
        within = {entry["id"] for entry in entries}
        for receipt in answer.json["receipts"]:
            if receipt.get("id") in within:
                self.settle(receipt)

    def settle(self, receipt: dict[str, Any]) -> None:
        """Believe one receipt: it names an entry of ours, that entry's hash, and its MAC holds."""
        row = self.outbox.get(receipt.get("id", ""))
        if row is None or row.entry["hash"] != receipt.get("hash") or not self.is_ours(receipt):
            return
        now = self.areas.get(receipt["area"], {}).get("epoch") or receipt["epoch"]
        if receipt["verdict"] != "later" and receipt["epoch"] != now:
            return  # on its way while the server was put back: what it confirms may be gone
        stale = row.state != "ready" and row.receipt is not None and receipt["at"] < row.receipt["at"]
        if receipt["verdict"] in SETTLED and not stale:
            row.state, row.receipt, row.under = receipt["verdict"], receipt, self.server_epoch

    def receipt(self, entry_id: str) -> dict[str, Any]:
        """The receipt of an entry that was settled."""
        receipt = self.outbox[entry_id].receipt
        assert receipt is not None, "no receipt yet"
        return receipt

    def upload(self, entry_id: str, *, chunk: int = CHUNK) -> Answer | None:
        """Send every file of an entry that is not known to be there, from where the server is."""
        answer = None
        row = self.outbox[entry_id]
        for name, sealed in row.files.items():
            if name not in row.done:
                answer = self.send_file(entry_id, name, sealed, chunk)
        return answer

    def send_file(self, entry_id: str, name: str, sealed: bytes, chunk: int = CHUNK) -> Answer:
        """Send one file; stop at the first answer that is not progress."""
        offset = self.where(entry_id, name, len(sealed))
        if isinstance(offset, Answer):
            return offset
        while True:
            answer = self.patch(name, sealed[offset : offset + chunk], offset)
            if answer.status == 200 and self.is_ours(answer.json):
                self.outbox[entry_id].done.add(name)
                return answer
            if answer.status != 204:
                return answer
            offset = int(answer.headers["upload-offset"])

    def where(self, entry_id: str, name: str, size: int) -> int | Answer:
        """Ask how much the server has; begin the file when it is unknown there."""
        answer = self.request("HEAD", f"/sync/files/{name}/", headers={"Tus-Resumable": "1.0.0"})
        if answer.status == 404:
            answer = self.create(entry_id, name, size)
        return int(answer.headers["upload-offset"]) if answer.status in (200, 201) else answer

    def create(self, entry_id: str, name: str, size: int) -> Answer:
        """Begin a file."""
        meta = ",".join(
            f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in [("sha256", name), ("entry", entry_id)]
        )
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": meta}
        return self.request("POST", "/sync/files/", headers=headers)

    def patch(self, name: str, chunk: bytes, offset: int) -> Answer:
        """Append one piece."""
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        return self.request("PATCH", f"/sync/files/{name}/", body=chunk, headers=headers)

    # --- hello, pull, purge ---------------------------------------------------------------------------------------

    def hello(self) -> dict[str, Any] | None:
        """Greet and do what the answer asks. None: the answer was not ours."""
        nonce = seal.b64u(os.urandom(16))
        unsent = [row for row in self.outbox.values() if not row.complete]
        said = {
            "nonce": nonce, "build": "py", "seq": self.seq, "epoch": self.epoch, "heard": self.heard,
            "unsent": {"count": len(unsent), "oldest": min((r.entry["at"] for r in unsent), default=None), "bytes": 0},
            "storage": {"used": 0, "quota": 0},
        }  # fmt: skip
        answer = self.request("POST", "/sync/hello/", said)
        if answer.status != 200 or not answer.is_ours() or not self.is_ours(answer.json):
            return None
        if answer.json["nonce"] != nonce:
            return None
        return self.obey(answer.json)

    def obey(self, hello: dict[str, Any]) -> dict[str, Any]:
        """Believe a hello whose MAC held: a restored server, a phone put back, settled entries, files, a wipe."""
        if self.server_epoch and self.server_epoch != hello["server_epoch"]:
            self.rebase()
        self.server_epoch = hello["server_epoch"]
        if hello["max_seq"] > self.seq:
            self.epoch, self.seq = self.epoch + 100 + self.seq, 0
        for receipt in hello["settled"]:
            self.settle(receipt)
        self.heard = [receipt["id"] for receipt in hello["settled"]]
        for row in self.outbox.values():
            row.done -= set(hello["files_missing"])
        self.identity["keys"] = hello["keys"] or self.identity["keys"]
        self.areas = {area["id"]: area for area in hello["areas"]}
        if hello["wipe"]:
            self.wipe()
        return hello

    def rebase(self) -> None:
        """The server came back from a backup: send everything again, pull everything again."""
        self.cursors.clear()
        self.records.clear()
        for row in self.outbox.values():
            row.state, row.under, row.done = "ready", "", set()

    def wipe(self) -> None:
        """Forget what may be read here; sealed entries stay until they are taken."""
        self.records.clear()
        self.cursors.clear()
        self.wiped = True

    def pull(self, area: str) -> Answer:
        """Take one page of an area; page and cursor together."""
        epoch, after = self.cursors.get(area, ("", 0))
        answer = self.request("GET", f"/sync/pull/?area={area}&after={after}&epoch={epoch}")
        self.take_page(area, answer)
        return answer

    def take_page(self, area: str, answer: Answer) -> None:
        """Store a page, or drop the copy of an area that was reset or is not ours any more."""
        if not answer.is_ours():
            return
        if answer.status in (404, 410):
            self.cursors.pop(area, None)
            for key in [key for key, where in self.owner.items() if where == area]:
                self.records.pop(key, None)
                self.owner.pop(key)
        if answer.status == 200:
            for record in answer.json["records"]:
                key = (record["kind"], record["id"])
                self.owner[key] = area
                self.records.pop(key, None)
                if record["data"] is not None:
                    self.records[key] = record["data"]
            self.cursors[area] = (answer.json["epoch"], answer.json["to"])

    def pull_all(self) -> None:
        """Pull every area to its end."""
        for area in self.areas:
            while True:
                answer = self.pull(area)
                if answer.status == 410:
                    continue
                if answer.status != 200 or not answer.json["more"]:
                    break

    def purge(self, durable: dict[str, int]) -> None:
        """Forget what is complete and covered by a proved backup; never before."""
        for entry_id, row in list(self.outbox.items()):
            receipt = row.receipt
            if receipt is None or not row.complete or row.under != self.server_epoch:
                continue
            if row.state in ("accepted", "quarantined") and 0 < receipt["number"] <= durable.get(receipt["area"], 0):
                del self.outbox[entry_id]

    def sync(self) -> bool:
        """One whole sync; False when the server could not be reached or did not want us."""
        hello = self.hello()
        if hello is None:
            return False
        while self.ready():
            left = len(self.ready())
            self.push()
            if len(self.ready()) == left:
                break
        for entry_id, row in list(self.outbox.items()):
            if row.state not in ("ready", "conflict") and not row.complete:
                self.upload(entry_id)
        if not hello["wipe"]:
            self.pull_all()
        self.purge(hello["durable"])
        return True

    def twin(self) -> "Phone":
        """A copy of everything on disk, as a thief, a repair shop or a cloud backup would make."""
        other = copy.copy(self)
        for name, value in vars(self).items():
            if name not in ("transport", "key"):
                setattr(other, name, copy.deepcopy(value))
        return other


def enrolled(supervisor: User, member: User, transport: Transport = through_django) -> Phone:
    """A phone of member, enrolled by the supervisor's invitation through HTTP."""
    token, _enrolment = enrolments.invite(user=supervisor, member=member)
    phone = Phone(transport)
    answer = phone.enrol(token)
    assert answer.status == 201, answer.body
    return phone


def visit_body(outcome: str = "met", note: str = "", **changes: Any) -> dict[str, Any]:
    """The body of a visit."""
    at = now_ms() - 60_000
    return {
        "outcome": outcome, "note": note, "appointment": None, "started": at, "ended": at + 1000, "people": [],
        **changes,
    }  # fmt: skip


def now_ms() -> int:
    """The phone's clock."""
    return int(time.time() * 1000)


def sha256(value: bytes) -> str:
    """The name of a file."""
    return hashlib.sha256(value).hexdigest()
