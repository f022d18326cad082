"""The queue folder: a worker never meets half a message."""

from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from onboarding import spool
from onboarding.celery import app


@pytest.fixture
def channel(tmp_path):
    """A channel on a queue folder of its own, through the transport that the app uses."""
    folder = tmp_path / "messages"
    folder.mkdir()
    options = {
        "data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(tmp_path / "control"),
    }  # fmt: skip
    with Connection("filesystem://", transport_options=options) as connection:
        yield connection.channel()


def test_the_app_uses_this_queue(channel):
    assert isinstance(channel, spool.Channel)
    if app.conf.broker_url.startswith("filesystem"):
        assert isinstance(app.connection().channel(), spool.Channel)


def test_a_message_that_is_being_written_is_not_seen(channel, monkeypatch):
    looked, put = [], Path.replace

    def replace(part, file):
        with pytest.raises(Empty):
            channel._get("q")
        looked.append(part.read_bytes())
        return put(part, file)

    monkeypatch.setattr(Path, "replace", replace)
    channel._put("q", {"id": 1})
    assert looked == [b'{"id": 1}']
    assert channel._get("q") == {"id": 1}


def test_messages_come_in_the_order_in_which_they_were_put_and_only_to_their_queue(channel, monkeypatch):
    moments = iter((1.0, 2.0, 3.0))
    monkeypatch.setattr(spool.filesystem, "monotonic", lambda: next(moments))
    for queue, number in (("q", 1), ("other", 2), ("q", 3)):
        channel._put(queue, {"id": number})
    assert [channel._get("q"), channel._get("q")] == [{"id": 1}, {"id": 3}]
    assert channel._get("other") == {"id": 2}


@pytest.mark.parametrize("rest", [b"", b'{"id": 1', b"\xff\xfe"])
def test_what_a_power_cut_left_in_pieces_is_put_aside(channel, rest):
    (Path(channel.data_folder_in) / "0_cut.q.msg").write_bytes(rest)
    channel._put("q", {"id": 2})
    assert channel._get("q") == {"id": 2}
    with pytest.raises(Empty):
        channel._get("q")


def test_a_second_queue_is_noted_beside_the_first_and_each_once(channel):
    for queue in ("a", "b", "a"):
        channel._queue_bind("bells", "key", "", queue)
    assert sorted(row.queue for row in channel.get_table("bells")) == ["a", "b"]
    assert not list(channel.control_folder.glob(".*"))
