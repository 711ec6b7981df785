"""What comes of results: gradebook, marks by hand, feedback, class report, other people's formats."""

import csv
import html.parser
import io
import json
import random
import re
import xml.etree.ElementTree as ET

import pytest
from classroom import RULE, result, ungraded

from gdtutor.grading.feedback import class_report_html, feedback_html
from gdtutor.grading.fill import fill
from gdtutor.grading.formats import gradescope, junit
from gdtutor.grading.gradebook import gradebook, marked, read_overrides, strange_overrides

UPHILL = "def step(x, slope, lr): return x + lr * slope"
HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "{{ 7 * 7 }}",
    "`<b>`", "*x*", "\u202egnp.exe", "a\x00b", "\ud800", "x" * 10_000, "'\"&", "</style><script>",
]  # fmt: skip
FORMULAS = ["=cmd|'/c calc'!A1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"]


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


# ---------------------------------------------------------------- the gradebook


def test_a_row_for_each_and_a_column_for_each_question():
    results = [
        result("ada"), result("bob", UPHILL), ungraded("cy", "ungradable", "empty", 0),
        ungraded("dan", "infrastructure error", "no sandbox", None),
    ]  # fmt: skip
    table = rows(gradebook(results))
    assert list(table[0]) == [
        "student",
        "exercise",
        "score",
        "max_score",
        *RULE.questions,
        "status",
    ]
    assert [(r["student"], r["score"], r["step"], r["status"]) for r in table] == [
        ("ada", "13", "1", "graded"),
        ("bob", "12", "0", "graded"),
        ("cy", "0", "", "ungradable"),
        ("dan", "", "", "infrastructure error"),  # never a zero
    ]


@pytest.mark.parametrize("name", FORMULAS)
def test_no_cell_is_a_formula(name):
    row = csv.reader(io.StringIO(gradebook([result(name)]), newline=""))
    cells = [cell for line in row for cell in line]
    assert "'" + re.sub(r"\s", " ", name) in cells
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_comes_out_as_it_was(name):
    assert rows(gradebook([result(name)]))[0]["student"] == name


# ---------------------------------------------------------------- marks by hand


def overrides(tmp_path, *lines):
    path = tmp_path / "overrides.csv"
    path.write_text("\n".join(["student,exercise,question,score,reason", *lines]) + "\n")
    return read_overrides(path)


def test_marks_by_hand_replace_ours(tmp_path):
    marks = overrides(tmp_path, "bob,03_update_rule,step,0.5,a slip", "cy,update_rule,,4,on paper")
    bob = marked(result("bob", UPHILL), marks)
    assert (bob["score"], bob["status"]) == (12.5, "graded by hand")
    assert bob["notes"] == ["Marked by hand: step gets 0.5. a slip"]
    cy = marked(ungraded("cy", "ungradable", "empty", 0), marks)
    assert (cy["score"], cy["notes"]) == (4, ["Marked by hand: the whole gets 4. on paper"])
    ada = result("ada")
    assert marked(ada, marks) is ada


def test_a_failure_of_ours_is_never_a_zero_and_never_told(tmp_path):
    failed = ungraded("cy", "infrastructure error", "can't read /home/teacher/cy.ipynb", None)
    assert marked(failed, overrides(tmp_path, "cy,update_rule,step,0.5,oral")) is failed
    settled = marked(failed, overrides(tmp_path, "cy,update_rule,,4,on paper"))
    assert (settled["score"], settled["status"]) == (4, "graded by hand")
    for told in (feedback_html(settled), json.dumps(gradescope(settled)), junit([settled])):
        assert "teacher" not in told
    assert "4 of 13 points" in feedback_html(settled)


def test_marks_for_questions_of_what_could_not_be_graded_add_up(tmp_path):
    marks = overrides(tmp_path, "cy,update_rule,step,0.5,", "cy,update_rule,climb,2,")
    assert marked(ungraded("cy", "ungradable", "empty", 0), marks)["score"] == 2.5


def test_of_two_lines_for_the_same_the_later_counts(tmp_path):
    marks = overrides(tmp_path, "bob,update_rule,step,0.5,first", "bob,update_rule,step,1,later")
    bob = marked(result("bob", UPHILL), marks)
    assert (bob["score"], bob["notes"]) == (13, ["Marked by hand: step gets 1. later"])


def test_a_mark_for_two_of_one_name_is_told(tmp_path):
    marks = overrides(tmp_path, "Ada,update_rule,step,0.5,")
    (remark,) = strange_overrides([result("Ada", lms_id="1"), result("Ada", lms_id="2")], marks)
    assert "2 submissions have that name, and all got the mark" in remark


def test_marks_that_fit_nobody_are_told(tmp_path):
    marks = overrides(
        tmp_path, "zoe,update_rule,,4,", "ada,update_rule,step,3,", "ada,update_rule,,99,"
    )
    assert strange_overrides([result("ada")], marks) == [
        "overrides.csv marks zoe in 03_update_rule, who isn't among the results.",
        "overrides.csv gives ada 3 of 1 points.",
        "overrides.csv gives ada 99 of 13 points.",
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ada,update_rule,step,one,", "the score 'one' should be a number"),
        ("ada,update_rule,step,-1,", "should be from 0 up"),
        ("ada,update_rule,step,nan,", "should be from 0 up"),
        ("ada,update_rule,stop,1,", "has no question 'stop'"),
        ("ada,calculus,step,1,", "names no exercise but 'calculus'"),
        ("ada,update_rule", "Line 2 .* should have 5 cells"),
    ],
)
def test_a_line_that_is_not_understood_is_told(tmp_path, line, words):
    with pytest.raises(ValueError, match=words):
        overrides(tmp_path, line)


# ---------------------------------------------------------------- pages


class Inert(html.parser.HTMLParser):
    """Fails on whatever could act: scripts, handlers, addresses other than pictures within."""

    def handle_starttag(self, tag, attrs):
        assert tag not in ("script", "iframe", "object", "embed", "link", "base", "form", "img")
        for name, value in attrs:
            assert not name.startswith("on")
            assert not re.search(
                r"javascript:|https?://(?!www\.w3\.org/|purl\.org)", value or ""
            ), value


def inert(page):
    Inert().feed(page)
    assert page.count("Content-Security-Policy") == 1
    return page


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_student_wrote_is_text_on_a_page(text):
    told = {"called": text, "came": text, "words": text, "should": text, "mistake": text}
    one = result(text, UPHILL, file=text, notes=[text], words=text)
    one["questions"] = [answer | told for answer in one["questions"]]
    inert(feedback_html(one))
    inert(class_report_html([one, one | {"status": "ungradable", "questions": []}]))


def test_feedback_says_what_the_notebook_says():
    page = inert(feedback_html(result("Ada", UPHILL)))
    assert "12 of 13 points" in page
    assert "<code>step(3.0, 6.0, 0.1)</code>" in page
    assert "got 3.6" in page
    assert "It looks like you walked" in page
    assert "A nudge: The step is lr times the slope" in page
    assert page.count("A nudge") == 1
    turned = inert(feedback_html(result("\u202egnp", file="\u202excod")))
    assert "<bdi>\u202egnp</bdi> · <bdi>\u202excod</bdi>" in turned  # it turns nothing else round


def test_feedback_on_a_failure_of_ours_gives_no_score():
    page = feedback_html(ungraded("Ada", "infrastructure error", "the disk was full", None))
    assert "Not graded yet" in page
    assert "disk" not in page
    assert "0 of" not in page


def test_nothing_expected_of_a_secret_case_is_told():
    """Right for the cases made by hand, wrong for the drawn ones: only what came is told."""
    question = RULE.questions["step"]
    shown = {case.args: question.reference(*case.args) for case in question.settled(0)[:3]}
    code = f"shown = {shown!r}\ndef step(x, slope, lr): return shown.get((x, slope, lr), 0.125)"
    one = result("eve", code)
    (step,) = [answer for answer in one["questions"] if answer["name"] == "step"]
    assert (step["status"], step["came"]) == ("incorrect", "got 0.125")
    args = question.settled(0)[3].args
    assert step["called"].startswith("step(")
    told = json.dumps(one) + feedback_html(one)
    for digits in range(4, 9):
        assert f"{question.reference(*args):.{digits}g}" not in told


def test_the_class_report_says_what_to_teach_again():
    class_ = [result("lovelace"), result("bob", UPHILL), result("cy", UPHILL),
              result("dan", "def step(x, slope, lr): return x - lr"), ungraded("eve", "ungradable", "Empty.", 0)]  # fmt: skip
    page = inert(class_report_html(class_))
    assert "4 graded: mean 12.25, median 12, from 12 to 13 of 13 points" in page
    assert "25 %" in page
    assert page.index("2 × uphill") < page.index("1 × fixed-step")
    assert "To reteach: write gradient descent from memory" in page
    assert 'aria-label="by_hand: 4 of 4 right; step: 1 of 4 right' in page
    assert "eve" in page
    assert "lovelace" not in page  # who was right, or wrong, is nobody's business


def test_the_same_results_give_the_same_bytes():
    class_ = [result("ada"), result("bob", UPHILL)]
    assert class_report_html(class_) == class_report_html(class_)
    assert feedback_html(class_[1]) == feedback_html(class_[1])


# ---------------------------------------------------------------- platforms' own files

CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Exercise 3 (4711),Exercise 4 (4712)\r\n"
    "    Points Possible,,,,,13.0,10.0\r\n"
    '"Lovelace, Ada",1234,s17,ada@uni.example,"Group ""A""",,9\r\n'
    "Bob King,1235,s18,bob@uni.example,B,5,\r\n"
    '"Test, Student",1236,s19,,B,,\r\n'
)
MOODLE = (
    "Identifier;Full name;Email address;Status;Grade;Maximum Grade;Feedback comments\n"
    "Participant 17;Ada Lovelace;ada@uni.example;Submitted;;13,00;\n"
    'Participant 18;"Bob ""B"" King";bob@uni.example;No submission;;13,00;"two\nlines"\n'
)
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Exercise 3 |1|"\n"Lovelace"\t"Ada"\t"al17"\t""\n'
)
ADA, BOB = result("Ada Lovelace", lms_id="1234"), result("bob@uni.example", UPHILL)


def test_canvas_gets_its_own_file_back_with_one_column_filled():
    filled = fill(CANVAS.encode(), "Exercise 3", [ADA, BOB])
    expected = CANVAS.replace('"Group ""A""",,9', '"Group ""A""",13,9').replace("B,5,", "B,12,")
    assert filled.data.decode() == expected
    assert (filled.done, filled.remarks) == (2, [])
    assert fill(CANVAS.encode(), "Exercise 3 (4711)", [ADA, BOB]) == filled


def test_moodle_gets_its_own_file_back():
    results = [result("ada", lms_id="17"), result("Bob B King", UPHILL)]
    filled = fill(MOODLE.encode(), "Grade", results)
    assert filled.data.decode() == MOODLE.replace("Submitted;;", "Submitted;13;").replace(
        "submission;;", "submission;12;"
    )


def test_blackboard_gets_its_own_file_back():
    for encoding in ("utf-8", "utf-16"):
        filled = fill(BLACKBOARD.encode(encoding), "Exercise 3 |1|", [result("Lovelace, Ada")])
        assert filled.data == BLACKBOARD.replace('"al17"\t""', '"al17"\t13').encode(encoding)


def test_without_results_every_byte_stays():
    for text in (CANVAS, MOODLE, BLACKBOARD, CANVAS.rstrip("\r\n"), 'a,b\n"x""",', "Grade\n\n\n"):
        for encoding in ("utf-8", "utf-16"):
            data = text.encode(encoding)
            column = (
                "b"
                if text.startswith("a")
                else next(c for c in ("Grade", "Exercise 3 |1|", "Exercise 3 (4711)") if c in text)
            )
            assert fill(data, column, []).data == data
    latin = "Student,Grade\nÉlise,\n".encode("latin-1")
    assert fill(latin, "Grade", []).data == latin


def test_who_is_not_sure_is_left_alone_and_told():
    twins = [result("Ada Lovelace"), result("ada lovelace", UPHILL)]
    filled = fill(CANVAS.encode(), "Exercise 3", [*twins, result("zoe")])
    assert filled.data == CANVAS.encode()
    assert filled.done == 0
    assert filled.remarks[-1] == "zoe isn't in the file, or could be more than one of its rows."
    failed = ungraded("Ada Lovelace", "infrastructure error", "", None)
    assert fill(CANVAS.encode(), "Exercise 3", [failed]).data == CANVAS.encode()


TWO = "Student,ID,SIS Login ID,Ex (1)\r\n"


@pytest.mark.parametrize(
    ("rows", "student"),
    [
        ("Ada Lovelace,1,a1,\r\nAda Lovelace,2,a2,\r\n", "Ada Lovelace"),  # two of one name
        ("Bob,1001,s2,\r\nAda,7,1001,\r\n", "1001"),  # one's id is the other's login
        ('"Lee, Jun",1,a,\r\n"Jun, Lee",2,b,\r\n', "Jun Lee"),
    ],
)
def test_a_score_never_goes_to_two_rows(rows, student):
    filled = fill((TWO + rows).encode(), "Ex", [result(student)])
    assert filled.data == (TWO + rows).encode()
    assert filled.done == 0
    assert filled.remarks == [
        f"{student} isn't in the file, or could be more than one of its rows."
    ]


def test_a_row_that_may_be_two_students_is_left_alone():
    export = f'{TWO}"Lee, Jun",1,a,\r\n'.encode()
    filled = fill(export, "Ex", [result("Lee Jun"), result("Jun Lee", UPHILL)])
    assert (filled.data, filled.done, len(filled.remarks)) == (export, 0, 2)


def test_ids_and_addresses_are_taken_to_the_letter():
    rows = "A,1,jsmith,\r\nB,2,j.smith,\r\n"
    filled = fill((TWO + rows).encode(), "Ex", [result("J.Smith")])
    assert filled.data.decode() == TWO + "A,1,jsmith,\r\nB,2,j.smith,13\r\n"


def test_an_id_tells_two_of_one_name_apart():
    rows = "Ada Lovelace,1,a1,\r\nAda Lovelace,2,a2,\r\n"
    ada, other = result("Ada Lovelace", lms_id="2"), result("Ada Lovelace", UPHILL, lms_id="1")
    expected = TWO + "Ada Lovelace,1,a1,12\r\nAda Lovelace,2,a2,13\r\n"
    for results in ([ada, other], [other, ada]):
        assert fill((TWO + rows).encode(), "Ex", results).data.decode() == expected
    alone = fill((TWO + rows).encode(), "Ex", [ada])  # her namesake handed in nothing
    assert alone.data.decode() == expected.replace("a1,12", "a1,")
    gone = [ada, result("Ada Lovelace", UPHILL, lms_id="9")]
    assert len(fill((TWO + rows.split("\r\n")[1] + "\r\n").encode(), "Ex", gone).remarks) == 1


def test_the_platforms_own_id_is_surest():
    rows = "Bob,1001,s2,\r\nAda,7,1001,\r\n"
    ada, bob = result("1001"), result("b", UPHILL, lms_id="1001")
    assert fill((TWO + rows).encode(), "Ex", [ada, bob]).data.decode() == (
        TWO + "Bob,1001,s2,12\r\nAda,7,1001,13\r\n"
    )


def test_a_name_does_not_decide_what_an_address_left_open():
    export = f"{TWO}Ada,1,a@x.example,\r\n".encode()
    shared = [result(name, email="a@x.example") for name in ("b", "c")]
    filled = fill(export, "Ex", [*shared, result("Ada")])
    assert (filled.data, filled.done, len(filled.remarks)) == (export, 0, 3)


def test_separators_within_quotes_are_none():
    blackboard = '"Last Name"\t"Username"\t"a, b, c, d |1|"\n"L"\t"al"\t""\n'
    filled = fill(blackboard.encode(), "a, b, c, d |1|", [result("al")])
    assert filled.data.decode() == blackboard.replace('"al"\t""', '"al"\t13')


@pytest.mark.parametrize("column", ["Student", "ID", "SIS Login ID"])
def test_names_and_ids_are_never_overwritten(column):
    with pytest.raises(ValueError, match="says who somebody is"):
        fill(CANVAS.encode(), column, [ADA])


def test_a_column_that_is_not_there_is_never_made():
    with pytest.raises(
        ValueError, match="no column 'Exercise 9' in the file; it has 'Student', 'ID'"
    ):
        fill(CANVAS.encode(), "Exercise 9", [ADA])
    with pytest.raises(ValueError, match="more than one column"):
        fill(b"a,Grade (1),Grade (2)\n", "Grade", [ADA])


def test_other_points_than_ours_are_told():
    remarks = fill(CANVAS.encode(), "Exercise 4", [ADA]).remarks
    assert remarks == ["The file says 10.0 points for this column, the exercise has 13."]


# ---------------------------------------------------------------- for machines


def test_gradescope_gets_what_it_wants_whatever_happened():
    told = gradescope(result("ada", UPHILL, notes=["Cell 3 stopped."]))
    assert (told["score"], told["output"]) == (12, "Cell 3 stopped.")
    assert [(t["name"], t["score"], t["max_score"], t["status"]) for t in told["tests"]][:2] == [
        ("by_hand", 1, 1, "passed"), ("step", 0, 1, "failed"),
    ]  # fmt: skip
    assert "It looks like you walked" in told["tests"][1]["output"]
    failed = gradescope(ungraded("ada", "infrastructure error", "the disk at /mnt/x", None))
    assert (failed["score"], failed["tests"]) == (0, [])
    assert "nothing to do with you" in failed["output"]
    assert "/mnt" not in failed["output"]


@pytest.mark.parametrize("text", HOSTILE)
def test_junit_is_xml_whatever_is_in_it(text):
    one = result("bob", UPHILL, id=text)
    one["questions"][1]["came"] = text
    suites = ET.fromstring(junit([one, ungraded("cy", "ungradable", text, 0)]).encode())
    first, second = suites
    assert (first.get("tests"), first.get("failures"), second.get("errors")) == ("7", "1", "1")
    assert "It looks like" in first.find("testcase/failure").get("message")


def test_the_order_of_results_is_kept():
    class_ = [result(name) for name in "abc"]
    random.Random(1).shuffle(class_)
    assert [r["student"] for r in rows(gradebook(class_))] == [r["student"] for r in class_]
