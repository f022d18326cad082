"""Two documents side by side: steps are compared with themselves wherever they stand now."""

import copy

from onboarding.guides import difference
from tests.guides.conftest import GUIDE, STEP


def a_step(title, text, **more):
    return {**copy.deepcopy(STEP), "title": title, "text": text, "item": title, **more}


FIVE = [
    a_step("Bấm Gửi", "Bác bấm nút Gửi yêu cầu ở cuối màn hình."),
    a_step("Nhập số điện thoại", "Bác gõ mười số điện thoại của mình."),
    a_step("Chụp mặt trước thẻ", "Bác để thẻ lên bàn rồi chụp cho rõ."),
    a_step("Nhìn vào máy ảnh", "Bác đưa mặt vào khung tròn, giữ yên."),
    a_step("Đợi tin nhắn", "Máy nhắn tin trong vài phút, bác mở ra đọc."),
]


def compared(old, new, **names):
    before = {**copy.deepcopy(GUIDE), "steps": copy.deepcopy(old)}
    return difference.compare(before, {**copy.deepcopy(GUIDE), "steps": new}, names)


def kinds(found):
    """Of each step: what happened, its number then and now, and whether it was moved."""
    return [(step.kind, step.old, step.new, step.moved) for step in found.steps]


def said(pieces):
    return [(piece.how, piece.text) for piece in pieces]


def test_a_document_does_not_differ_from_itself():
    assert not compared(FIVE, copy.deepcopy(FIVE)).any


def test_changed_words_are_marked_word_by_word_on_their_side():
    new = copy.deepcopy(FIVE)
    new[0]["text"] = "Bác bấm nút Gửi hồ sơ ở cuối màn hình."
    found = compared(FIVE, new)
    (line,) = found.steps[0].lines
    assert line.name == "Lời đọc"
    assert said(line.old) == [("", "Bác bấm nút Gửi"), ("del", "yêu cầu"), ("", "ở cuối màn hình.")]
    assert said(line.new) == [("", "Bác bấm nút Gửi"), ("ins", "hồ sơ"), ("", "ở cuối màn hình.")]
    assert [step.kind for step in found.steps] == ["changed", "same", "same", "same", "same"]


def test_a_step_put_in_moves_no_other():
    new = copy.deepcopy(FIVE)
    new.insert(1, a_step("Đọc điều khoản", "Bác kéo xuống hết trang rồi đánh dấu."))
    assert kinds(compared(FIVE, new)) == [
        ("same", 1, 1, False), ("added", 0, 2, False), ("same", 2, 3, False), ("same", 3, 4, False),
        ("same", 4, 5, False), ("same", 5, 6, False),
    ]  # fmt: skip


def test_a_step_taken_out_stands_after_the_one_it_followed():
    found = compared(FIVE, [*FIVE[:2], *FIVE[3:]])
    assert kinds(found)[2] == ("removed", 3, 0, False)
    assert found.steps[2].title == "Chụp mặt trước thẻ"


def test_a_moved_step_is_named_alone_and_compared_with_itself():
    new = copy.deepcopy([FIVE[4], *FIVE[:4]])
    new[0]["text"] = "Máy nhắn tin trong vài giờ, bác mở ra đọc."
    found = compared(FIVE, new)
    assert kinds(found)[0] == ("changed", 5, 1, True)
    assert kinds(found)[1:] == [("same", n, n + 1, False) for n in range(1, 5)]
    assert said(found.steps[0].lines[0].new)[1] == ("ins", "giờ")


def test_moving_alone_is_a_difference():
    found = compared(FIVE, [FIVE[1], FIVE[0], *FIVE[2:]])
    assert found.any
    assert [step.kind for step in found.steps].count("moved") == 1


def test_a_copy_of_a_step_is_a_new_step():
    found = compared(FIVE, [*FIVE[:2], FIVE[1], *FIVE[2:]])
    assert [step.kind for step in found.steps].count("added") == 1


def test_a_step_written_anew_is_another_step():
    new = [
        *FIVE[:4],
        a_step("Cất giấy tờ", "Xong rồi, bác cất thẻ vào ví cho khỏi mất.", picture={"screen": [{"t": "x"}]}),
    ]
    assert [step.kind for step in compared(FIVE, new).steps][-2:] == ["removed", "added"]


def test_a_target_that_is_another_is_named():
    new = copy.deepcopy(FIVE)
    new[0]["picture"]["targets"][0] = {"of": "go", "n": 1, "label": "nút Tiếp tục"}
    (line,) = compared(FIVE, new).steps[0].lines
    assert line.name == "Chỗ bấm 1"
    assert said(line.old) == [("", "nút"), ("del", "Gửi yêu cầu")]
    assert said(line.new) == [("", "nút"), ("ins", "Tiếp tục")]


def test_a_ring_round_another_element_is_said_even_when_it_is_called_the_same():
    new = copy.deepcopy(FIVE)
    new[0]["picture"]["targets"][0]["of"] = "khac"
    (line,) = compared(FIVE, new).steps[0].lines
    assert said(line.new) == [("ins", "nút Gửi yêu cầu, khoanh chỗ khác")]


def test_words_in_the_picture_the_hand_and_the_drawing_are_told_apart():
    new = copy.deepcopy(FIVE)
    new[0]["picture"]["screen"][1]["text"] = "Gửi lại"
    new[1]["picture"]["hand"]["at"] = [0.1, 0.1]
    new[2]["picture"]["frame"] = "plain"
    names = [[line.name for line in step.lines] for step in compared(FIVE, new).steps[:3]]
    assert names == [["Chữ trong tranh"], ["Bàn tay"], ["Hình vẽ"]]


def test_codes_and_days_of_the_face_are_said_in_words():
    new = {**copy.deepcopy(GUIDE), "review_by": "2027-09-01", "topic": "khac"}
    found = difference.compare(copy.deepcopy(GUIDE), new, {"thu": "Việc để thử", "khac": "Việc khác"})
    assert [(line.name, said(line.old), said(line.new)) for line in found.face] == [
        ("Chủ đề", [("", "Việc"), ("del", "để thử")], [("", "Việc"), ("ins", "khác")]),
        ("Xem lại trước", [("del", "01/06/2027")], [("ins", "01/09/2027")]),
    ]


def test_the_mark_that_holds_two_words_together_is_no_difference():
    new = copy.deepcopy(FIVE)
    new[0]["title"] = "Bấm_Gửi"
    assert not compared(FIVE, new).any


def test_with_nothing_to_compare_with_everything_is_new():
    found = difference.compare(None, {**copy.deepcopy(GUIDE), "steps": FIVE})
    assert found.first and found.any
    assert {step.kind for step in found.steps} == {"added"}


def test_a_half_written_step_is_compared_too():
    assert compared(FIVE, [*FIVE, {"title": "", "picture": {}}, {"picture": "none"}]).any
    assert compared(FIVE, [{**FIVE[0], "picture": None}, *FIVE[1:]]).steps[0].kind == "changed"


def test_a_comma_behind_a_word_changes_no_word():
    new = copy.deepcopy(FIVE)
    new[0]["needs"] = ["network", "own-phone"]
    (line,) = compared(FIVE, new, **{"network": "mạng", "own-phone": "điện thoại"}).steps[0].lines
    assert [(piece.how, piece.gap + piece.text) for piece in line.new] == [("", " mạng"), ("ins", ", điện thoại")]
