"""Where this machine can be reached, and the words that `serve` greets with. Not for: starting anything."""

import io
import socket

import segno
from django.conf import settings


def is_free(port: int) -> bool:
    """Say whether nobody listens on port of this machine. A server with port sharing would start beside another."""
    for address in ("127.0.0.1", "0.0.0.0"):  # noqa: S104  only to ask
        with socket.socket() as probe:
            try:
                probe.bind((address, port))
            except OSError:
                return False
    with socket.socket() as probe:
        probe.settimeout(0.3)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def network_address() -> str:
    """Return this machine's address on its network, or "" when it has none. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
            return str(probe.getsockname()[0])
        except OSError:
            return ""


def welcome(*, port: int, sandbox_port: int, demo: bool) -> str:
    """Return what to open where, with the demo sign-ins and a QR code for a phone on the same network."""
    here = f"http://localhost:{port}"
    lines = [
        "",
        "Gõ Cửa đã sẵn sàng.",
        f"  Người dân:        {here}/",
        f"  Tổ hỗ trợ:        {here}/doi/",
        f"  Phường:           {here}/phuong/",
        f"  Cổng thử nghiệm:  http://localhost:{sandbox_port}/",
    ]
    if demo:
        lines += _sign_ins()
    lines += _for_phones(port)
    lines += ["", "Ctrl-C để dừng. Dữ liệu được giữ ở " + str(settings.VAR_DIR)]
    return "\n".join(lines)


def _sign_ins() -> list[str]:
    from onboarding.management.commands.demo import SIGN_INS  # noqa: PLC0415  reads the demo data: only when asked

    return ["", "Tài khoản mẫu (phường hư cấu):"] + [
        f"  {name:<14} {password:<18} {role}" for name, password, role in SIGN_INS
    ]


def _for_phones(port: int) -> list[str]:
    address = network_address()
    if not address:
        return []
    url = f"http://{address}:{port}/"
    drawn = io.StringIO()
    segno.make(url, error="m").terminal(out=drawn, compact=True)
    note = "Điện thoại cùng mạng (xem hướng dẫn; cài ứng dụng và quét thẻ cần HTTPS hoặc localhost):"
    return ["", note, f"  {url}", drawn.getvalue().rstrip("\n")]
