"""One command starts everything, says so, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from onboarding.management import addresses, supervisor
from tests.house import ROOT, House, answers


def running_in_session(pid: int) -> list[str]:
    """Return the command lines of live processes whose parent chain began at pid (by session of its children)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            marked = f"HOUSE_MARK={pid}".encode() in (entry / "environ").read_bytes()
            if marked and (entry / "stat").read_text().split()[2] != "Z":
                found.append(entry.name)
    return found


def serve(house: House, *words: str) -> subprocess.CompletedProcess:
    """Run serve to its end, which a refusal reaches at once."""
    command = [sys.executable, "manage.py", "serve", *words]
    return subprocess.run(command, cwd=ROOT, env=house.env(), capture_output=True, text=True, timeout=60)


def start(house: House, mark: str) -> subprocess.Popen:
    words = ["--host", "127.0.0.1", "--port", str(house.port), "--sandbox-port", str(house.sandbox_port)]
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve", *words],
        cwd=ROOT,
        env={**house.env(), "HOUSE_MARK": mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def read_until(process: subprocess.Popen, words: str) -> str:
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(said)


@pytest.mark.slow
def test_serve_starts_all_says_where_and_ends_without_a_process_left(tmp_path):
    house, mark = House(tmp_path), str(os.getpid())
    process = start(house, mark)
    try:
        said = read_until(process, "Ctrl-C")
        assert f"http://localhost:{house.port}/doi/" in said
        assert "Tài khoản mẫu" in said
        assert answers(house.port)
        assert answers(house.sandbox_port)

        second = serve(house, "--port", str(house.port))
        assert second.returncode == 1
        assert "đang chạy ở thư mục này rồi" in second.stderr

        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.stdout.close()
    assert running_in_session(int(mark)) == []
    assert not answers(house.port)


def test_a_taken_port_gets_a_sentence_and_no_second_server(tmp_path):
    house = House(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", house.port))
        taken.listen()
        done = serve(house, "--port", str(house.port))
    assert done.returncode == 1
    assert f"Cổng {house.port} đang có chương trình khác dùng" in done.stderr


def test_a_free_port_is_free_and_a_shared_listener_is_not():
    with socket.socket() as shared:
        shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        shared.bind(("127.0.0.1", 0))
        port = shared.getsockname()[1]
        shared.listen()
        assert not addresses.is_free(port)
    assert addresses.is_free(port)


def test_a_child_that_dies_is_started_again_and_one_that_dies_at_once_waits_longer(tmp_path):
    child = supervisor.Child("brief", [sys.executable, "-c", "pass"], folder=ROOT)
    group = supervisor.Supervisor([child], log_folder=tmp_path)
    group._spawn(child)
    child.process.wait(20)

    group._revive()
    assert child.failures == 1
    assert child.process is None
    first_wait = child.again_at
    child.again_at = 0
    group._revive()
    assert child.process is not None
    child.process.wait(20)
    group._revive()
    assert child.failures == 2
    assert child.again_at > first_wait
