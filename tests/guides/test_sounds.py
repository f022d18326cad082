"""A recording is judged by decoding it, and kept as mono speech without anything that hung on it."""

import io

import av
import pytest

from onboarding.guides import materials, sounds
from onboarding.guides.models import Material
from onboarding.refusal import Refused
from tests.guides import media

pytestmark = pytest.mark.django_db

HLS = b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "không phải bản ghi âm"),
        (b"no sound at all", "không phải bản ghi âm"),
        (media.screenshot(), "không phải bản ghi âm"),
        (HLS, "không phải bản ghi âm"),
        (b"RIFF" + bytes(10_000_001), "nặng quá 10 MB"),
        (b"RIFF\x24\0\0\0WAVEfmt nonsense", "hỏng hoặc không có tiếng"),
        (b"OggS" + bytes(500), "hỏng hoặc không có tiếng"),
        (b"ID3" + bytes(500), "hỏng hoặc không có tiếng"),
        (media.video(), "hỏng hoặc không có tiếng"),
        (media.voice(0.2), "ngắn quá"),
        (media.voice(46, rate=8_000), "dài quá 45 giây"),
        (media.spoken("webm", "libopus", 50), "dài quá 45 giây"),
    ],
    ids=["nothing", "text", "png", "playlist", "11 MB", "wav", "ogg", "mp3", "silent video", "short", "long", "webm"],
)
def test_what_is_no_recording_is_refused_with_a_sentence_and_nothing_is_kept(content, said):
    with pytest.raises(Refused) as no:
        sounds.take(content)
    assert said in no.value.message
    assert no.value.message.endswith(".")
    assert not Material.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        media.voice(channels=2, rate=44_100),
        media.spoken("webm", "libopus", title="Bà Nhạn"),
        media.spoken("mp4", "aac", title="Bà Nhạn"),
        media.spoken("ogg", "libopus", title="Bà Nhạn"),
        media.spoken("flac", "flac", title="Bà Nhạn"),
    ],
    ids=["wav", "webm", "mp4", "ogg", "flac"],
)
def test_a_recording_is_kept_as_light_mono_speech_without_tags(content):
    sound = sounds.take(content)
    assert 1.9 < sound.seconds < 2.2
    for form, kind, codec in (("opus", "ogg", "opus"), ("m4a", "mov", "aac")):
        body = materials.read(getattr(sound, form), form)
        assert "Bà Nhạn".encode() not in body
        assert len(body) < 12_000
        with av.open(io.BytesIO(body), format=kind) as file:
            (stream,) = file.streams
            assert (stream.type, stream.channels, stream.codec_context.codec.canonical_name) == ("audio", 1, codec)
            assert sum(frame.samples for frame in file.decode(stream)) / stream.rate == pytest.approx(2, abs=0.2)


def test_the_same_recording_is_the_same_file():
    assert sounds.take(media.voice()) == sounds.take(media.voice())
    assert Material.objects.count() == 2


def test_a_kept_recording_travels_without_change():
    sound = sounds.take(media.voice(3))
    files = {form: materials.read(getattr(sound, form), form) for form in ("opus", "m4a")}
    assert sounds.take_made(files) == sound


def test_what_hangs_on_a_travelled_recording_is_left_behind():
    tagged = {
        "opus": media.spoken("ogg", "libopus", title="Bà Nhạn") + b"PK\x03\x04 zip behind",
        "m4a": media.spoken("mp4", "aac", title="Bà Nhạn"),
    }
    sound = sounds.take_made(tagged)
    for form in tagged:
        body = materials.read(getattr(sound, form), form)
        assert "Bà Nhạn".encode() not in body and b"zip behind" not in body


@pytest.mark.parametrize("wrong", [media.voice(), media.spoken("webm", "libopus"), media.spoken("ogg", "flac"), b"x"])
def test_a_travelled_recording_of_another_kind_is_refused(wrong):
    with pytest.raises(Refused):
        sounds.take_made({"opus": wrong, "m4a": media.spoken("mp4", "aac")})
