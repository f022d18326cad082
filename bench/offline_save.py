"""How long a finished form with a photo takes until it is on the phone's disk, with no network and a slow processor.

In the real team page of a phone that was enrolled through the real server, whose process is ended before the first
save. Timed is sync/outbox.finalise alone: seal body and photo, sign, one strict transaction. The first save, which
also compiles, counts like the others. Not for: taking and resizing the photo, which happens while a person looks on.
"""

import base64
import statistics
import subprocess

from bench.browser import chromium, phone
from bench.figures import Measured
from bench.inside import ask, fresh_house
from bench.photo import photo
from tests.house import ROOT, House

SAVES, SLOWER = 9, 6
ADDRESS = "/bench/phone.js"
ENROL = """async ({ address, token }) => {
  window.measured = await import(address);
  const answer = await window.measured.enrol({ token, name: "Máy đo" });
  if (answer.ok) await window.measured.setPin("402719");
  return answer;
}"""
SAVE = """async ({ photo, saves }) => {
  const { finalise, list, save, uuid7 } = window.measured;
  const bytes = Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0)).buffer;
  const answers = {
    guest_name: "Đặng Quý Giả Định", guest_birth: "1952", guest_sex: "nam", document_type: "8",
    document_number: "098052000002", host_name: "Trần Thị Mẫu Thử", address: "14 Ngõ 27 phố Giếng Đá",
    arrival: "2026-11-21", departure: "2026-11-25", reason: "tham",
  };
  const times = [];
  for (let i = 0; i < saves; i += 1) {
    const [draft, household, resident, area] = [uuid7(), uuid7(), uuid7(), uuid7()];
    await save(draft, "submission", { answers });
    const finished = {
      draft, kind: "submission", subject: uuid7(), chain: household, area, form: "luu-tru@1",
      body: { household, resident, answers, consent: uuid7(), replaces: null },
      files: [{ slot: "paper-1", bytes, type: "image/jpeg" }],
      label: { title: "Thông báo lưu trú", who: "Đặng Quý Giả Định", house: "14 Ngõ 27" },
    };
    const began = performance.now();
    await finalise(finished);
    times.push(performance.now() - began);
  }
  return { times, kept: (await list()).length };
}"""


def measure(wanted: list[str]) -> dict[str, Measured]:
    """Save nine times and take the median."""
    with fresh_house("web") as home:
        times, size = _save(home)
    detail = {"runs": [round(time) for time in times], "photo_bytes": size}
    return {"offline_save_ms": Measured(round(statistics.median(times)), detail)}


def _save(home: House) -> tuple[list[float], int]:
    token, source, picture = ask(home, "token"), bundle(), photo()
    with chromium() as browser, phone(browser) as (page, devtools):
        page.route(f"**{ADDRESS}", lambda route: route.fulfill(body=source, content_type="text/javascript"))
        page.goto(f"{home.url}/doi/", wait_until="load")
        answer = page.evaluate(ENROL, {"address": ADDRESS, "token": token})
        assert answer["ok"], answer
        home.kill("web")
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        saved = page.evaluate(SAVE, {"photo": base64.b64encode(picture).decode(), "saves": SAVES})
        assert saved["kept"] == SAVES, saved
        return saved["times"], len(picture)


def bundle() -> str:
    """Return the shipped sources of sync/ as one module, by the tool and for the browsers of the build."""
    tool = ROOT / "static" / "src" / "node_modules" / ".bin" / "esbuild"
    words = ["--bundle", "--format=esm", "--minify", "--charset=utf8", "--target=chrome90,safari15.4"]
    done = subprocess.run([str(tool), "bench/phone.js", *words], cwd=ROOT, capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise RuntimeError(f"esbuild: {done.stderr[-1000:]}")
    return done.stdout
