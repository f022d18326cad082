"""The stand-in portal is a process that can be started, killed and trusted with what it accepted."""

import os
import subprocess
import sys

from tests.portal import ROOT
from tests.portal_sandbox.test_ledger import REFERENCE, hand_in, log_in, look_up


def test_what_was_accepted_survives_kill_9(sandbox):
    code = hand_in(sandbox, log_in(sandbox))["data"][0]["MaHoSo"]
    sandbox.kill9()
    sandbox.start()
    assert [row["code"] for row in sandbox.ledger(REFERENCE)] == [code]


def test_the_mode_survives_a_restart(sandbox):
    sandbox.mode("refuse")
    sandbox.restart()
    assert hand_in(sandbox, log_in(sandbox))["error_code"] == "12"


def test_it_ends_cleanly_when_asked_even_while_a_request_hangs(sandbox):
    session = log_in(sandbox)
    hanging = subprocess.Popen(
        [sys.executable, "-c", HANG, sandbox.url, session], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert hanging.stdout.readline() == b"sent\n"
    assert sandbox.stop() == 0
    hanging.kill()
    hanging.wait()
    hanging.stdout.close()
    sandbox.start()


HANG = """
import http.client, sys, urllib.parse
c = http.client.HTTPConnection(urllib.parse.urlsplit(sys.argv[1]).netloc)
c.request("POST", "/dich-vu", b"{}", {"X-Sandbox": "timeout"})
print("sent", flush=True)
c.getresponse()
"""


def test_a_taken_port_is_said_in_one_line(sandbox, tmp_path):
    port = sandbox.url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "onboarding.portal_sandbox", "--port", port, "--dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr == f"Port {port} is taken by another process. Stop it or choose another --port.\n"


def test_with_advance_dossiers_move_on_by_themselves_and_wait_at_a_request_for_more(sandbox):
    sandbox.restart("--advance", "0.000001")
    try:
        session = log_in(sandbox)
        hand_in(sandbox, session)
        hand_in(sandbox, session, reference="more", name="Trần Thị Mẫu Bổ Sung")
        done, waiting = (look_up(sandbox, session, subm_code=reference)[0] for reference in (REFERENCE, "more"))
        assert [step["TrangThai"] for step in done["DanhSachTienDo"]] == ["1", "2", "4", "9", "10"]
        assert [step["TrangThai"] for step in waiting["DanhSachTienDo"]] == ["1", "2", "4", "5"]
    finally:
        sandbox.restart()


def test_its_migrations_are_up_to_date(tmp_path):
    command = [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run", "portal_sandbox"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "onboarding.portal_sandbox.settings"}
    environment["SANDBOX_DIR"] = str(tmp_path)
    assert subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=60).returncode == 0
