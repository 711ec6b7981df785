"""Who handed in what: every platform's names, every kind of file, in any order."""

import io
import json
import os
import random
import stat
import zipfile

import pytest

from gdtutor.grading.exercise import EXERCISES
from gdtutor.grading.ingest import ingest, safe
from gdtutor.grading.roster import Roster
from gdtutor.grading.submission import LARGEST, Unreadable, cells

UPDATE, MOMENTUM = "03_update_rule", "08_momentum"


def notebook(lesson="update_rule", more=""):
    """Return the bytes of a notebook about a lesson."""
    source = (f"from gdtutor.questions import {lesson} as ex\n" if lesson else "x = 1\n") + more
    return json.dumps({"cells": [{"cell_type": "code", "source": source}], "nbformat": 4}).encode()


def lay(folder, files):
    """Write files into a folder: bytes, or None for an empty folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if data is None:
            path.mkdir()
        else:
            path.write_bytes(data)
    return folder


def zipped(files, **attributes):
    """Return a zip of files as bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = attributes.get("mode", 0o644) << 16
            archive.writestr(info, data or b"")
    return out.getvalue()


NB = notebook()
LAYOUTS = {
    "notebooks by name": ({"ada.ipynb": NB, "bob_03_update_rule.ipynb": NB, "03_update_rule_cy.ipynb": NB,
                           "Update Rule - dan.ipynb": NB},
                          [("ada", ""), ("bob", ""), ("cy", ""), ("dan", "")]),
    "a folder each": ({"ada/03_update_rule.ipynb": NB, "bob/my homework.ipynb": NB},
                      [("ada", ""), ("bob", "")]),
    "Canvas": ({"lovelaceada_1234_98765_03_update_rule.ipynb": NB,
                "kingbob_LATE_1235_98766_hw-1.ipynb": NB},
               [("kingbob", "1235"), ("lovelaceada", "1234")]),
    "Moodle": ({"Ada Lovelace_17_assignsubmission_file_/03_update_rule.ipynb": NB,
                "Bob King_18_assignsubmission_file/x.ipynb": NB},
               [("Ada Lovelace", "17"), ("Bob King", "18")]),
    "Moodle without folders": ({"Ada Lovelace_17_assignsubmission_file_03_update_rule.ipynb": NB},
                               [("Ada Lovelace", "17")]),
    "Gradescope": ({"assignment_1_export/submission_metadata.yml":
                    b"submission_77:\n  :submitters:\n  - :name: Ada Lovelace\n    :sid: s17\n    :email: a@b.c\n"
                    b"submission_78:\n  :submitters:\n  - :name: Bob King\n    :sid: s18\n",
                    "assignment_1_export/submission_77/x.ipynb": NB,
                    "assignment_1_export/submission_78/03_update_rule.ipynb": NB},
                   [("Ada Lovelace", "s17"), ("Bob King", "s18")]),
    "nbgrader": ({"submitted/ada/03_update_rule/03_update_rule.ipynb": NB,
                  "submitted/bob/03_update_rule/03_update_rule.ipynb": NB},
                 [("ada", ""), ("bob", "")]),
    "a folder around folders": ({"homework 3/ada/x.ipynb": NB, "homework 3/bob/x.ipynb": NB},
                                [("ada", ""), ("bob", "")]),
    "a folder around notebooks": ({"homework 3/ada.ipynb": NB, "homework 3/bob.ipynb": NB},
                                  [("ada", ""), ("bob", "")]),
    "one student alone": ({"ada/03_update_rule.ipynb": NB}, [("ada", "")]),
    "a zip each": ({"ada.zip": zipped({"03_update_rule.ipynb": NB}),
                    "kingbob_12_34_hand in.zip": zipped({"deep/folder/x.ipynb": NB})},
                   [("ada", ""), ("kingbob", "12")]),
    "systems' own files": ({"ada.ipynb": NB, ".DS_Store": b"x", "__MACOSX/._ada.ipynb": b"x",
                            ".ipynb_checkpoints/ada-checkpoint.ipynb": NB}, [("ada", "")]),
    "any script": ({"Ελένη/x.ipynb": NB, "李明/x.ipynb": NB, "عمر/x.ipynb": NB, "e\u0301lise/x.ipynb": NB,
                    "O'Brien & Söhne/x.ipynb": NB},
                   [("O'Brien & Söhne", ""), ("\u00e9lise", ""), ("Ελένη", ""), ("عمر", ""), ("李明", "")]),
}  # fmt: skip


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", LAYOUTS)
def test_students_are_found_in_every_layout(tmp_path, name, packed):
    files, students = LAYOUTS[name]
    if packed:
        (tmp_path / "all.zip").write_bytes(zipped(files))
        found = ingest(tmp_path / "all.zip", UPDATE)
    else:
        found = ingest(lay(tmp_path / "all", files), UPDATE)
    assert sorted((s.student, s.lms_id) for s in found.submissions) == sorted(students)
    for s in found.submissions:
        assert s.read() == NB
        assert (s.problem, s.exercise) == ("", UPDATE)
    assert found.remarks == []


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_order_of_files_makes_no_difference(tmp_path, name):
    files = list(LAYOUTS[name][0].items())
    outcomes = []
    for seed in range(3):
        random.Random(seed).shuffle(files)
        path = tmp_path / f"{seed}.zip"
        path.write_bytes(zipped(dict(files)))
        outcomes.append([(s.id, s.student, s.file, s.notes) for s in ingest(path).submissions])
    assert outcomes[0] == outcomes[1] == outcomes[2]


def one(tmp_path, files, exercise=UPDATE):
    """Return the only submission among files, and the remarks."""
    found = ingest(lay(tmp_path / "all", files), exercise)
    assert len(found.submissions) == 1, found
    return found.submissions[0], found.remarks


def test_of_copies_the_highest_number_counts(tmp_path):
    for i, (old, new) in enumerate(
        [
            ("x.ipynb", "x (1).ipynb"),
            ("x (2).ipynb", "x (10).ipynb"),
            ("x-Copy1.ipynb", "x-Copy2.ipynb"),
        ]
    ):
        submission, _ = one(
            tmp_path / str(i), {f"ada/{old}": NB, f"ada/{new}": NB, "ada/x.txt": b""}
        )
        assert submission.file == new
        (note,) = submission.notes
        assert note == f"Of 2 notebooks for this exercise, {new} counts; not {old}."
    canvas = {f"ada_1_{n}_x{copy}.ipynb": NB for n, copy in ((5, ""), (6, "-1"), (7, "-2"))}
    assert one(tmp_path / "canvas", canvas)[0].file == "ada_1_7_x-2.ipynb"
    flat = {"ada.ipynb": NB, "ada (1).ipynb": NB}
    assert one(tmp_path / "flat", flat)[0].file == "ada (1).ipynb"


def test_what_canvas_marks_as_late_is_noted(tmp_path):
    submission, _ = one(tmp_path, {"ada_LATE_1_2_x.ipynb": NB})
    assert submission.notes == ("Canvas says that it came late.",)


def test_notebooks_of_several_exercises(tmp_path):
    files = {
        "ada/a.ipynb": NB,
        "ada/b.ipynb": notebook("momentum"),
        "bob/a.ipynb": notebook("momentum"),
    }
    both = ingest(lay(tmp_path / "all", files)).submissions
    assert [(s.id, s.exercise) for s in both] == [
        (f"ada-{UPDATE}", UPDATE), (f"ada-{MOMENTUM}", MOMENTUM), (f"bob-{MOMENTUM}", MOMENTUM),
    ]  # fmt: skip
    only = ingest(tmp_path / "all", "update_rule")
    assert [(s.student, s.problem) for s in only.submissions] == [
        ("ada", ""),
        ("bob", f"This is a notebook of {MOMENTUM}, not of {UPDATE}."),
    ]
    assert only.remarks == [f"ada also handed in b.ipynb, of {MOMENTUM}."]


def test_what_a_notebook_is_about(tmp_path):
    assert one(tmp_path / "a", {"ada.ipynb": notebook("")}, "")[0].problem.startswith(
        "Which exercise"
    )
    assert one(tmp_path / "b", {"ada/08 momentum.ipynb": notebook("")}, "")[0].exercise == MOMENTUM
    assert one(tmp_path / "c", {"ada/08_momentum.ipynb": NB}, "")[0].exercise == UPDATE
    assert one(tmp_path / "d", {"ada.ipynb": notebook("")}, UPDATE)[0].problem == ""


def test_nothing_handed_in(tmp_path):
    found = ingest(
        lay(tmp_path / "all", {"ada/x.ipynb": NB, "bob": None, "cy/essay.pdf": b"%PDF"}), UPDATE
    )
    problems = {s.student: s.problem for s in found.submissions}
    assert problems == {
        "ada": "",
        "bob": "Nothing was handed in: an empty folder.",
        "cy": "No notebook was handed in, only essay.pdf.",
    }
    flat = ingest(lay(tmp_path / "flat", {"ada.ipynb": NB, "roster.csv": b"id"}), UPDATE)
    assert [s.student for s in flat.submissions] == ["ada"]
    assert flat.remarks == ["roster.csv isn't a notebook, and was left out."]


def test_places_with_nothing_to_grade(tmp_path):
    for path, words in [
        (tmp_path / "nowhere", "There is no .*nowhere"),
        (
            lay(tmp_path / "empty", {}) if (tmp_path / "empty").mkdir() is None else None,
            "nothing to grade",
        ),
    ]:
        with pytest.raises(ValueError, match=words):
            ingest(path)
    (tmp_path / "broken.zip").write_bytes(zipped({"a.ipynb": NB})[:80])
    with pytest.raises(ValueError, match="can't be opened as a zip"):
        ingest(tmp_path / "broken.zip")
    with pytest.raises(LookupError, match="there is no exercise"):
        ingest(tmp_path, "integrals")


def test_only_regular_files_that_are_really_there(tmp_path):
    folder = lay(tmp_path / "all", {"ada/x.ipynb": NB, "bob/x.ipynb": NB})
    secret = lay(tmp_path / "elsewhere", {"secret.ipynb": notebook(more="secret = 1")})
    (folder / "ada" / "link.ipynb").symlink_to(secret / "secret.ipynb")
    (folder / "eve").symlink_to(secret)
    os.mkfifo(folder / "bob" / "pipe.ipynb")
    found = ingest(folder, UPDATE)
    assert [s.read() for s in found.submissions] == [NB, NB]
    assert found.remarks == [
        "ada/link.ipynb isn't a regular file, and was left out.",
        "bob/pipe.ipynb isn't a regular file, and was left out.",
    ]


def test_zips_that_would_do_harm(tmp_path):
    bad = tmp_path / "bad.zip"
    bad.write_bytes(
        zipped({"../../ada/x.ipynb": NB, "/etc/bob/x.ipynb": NB, "C:\\cy\\x.ipynb": NB})
    )
    assert sorted(s.student for s in ingest(bad, UPDATE).submissions) == ["C:", "ada", "etc"]
    assert all(not set(s.id) & set('/\\:*?"<>|') for s in ingest(bad, UPDATE).submissions)

    bad.write_bytes(zipped({"ada/x.ipynb": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777))
    with pytest.raises(ValueError, match="nothing to grade"):
        ingest(bad)

    bomb = zipped({"x.ipynb": bytes(LARGEST + 10**6)})
    assert len(bomb) < 10**5
    submission, _ = one(tmp_path, {"ada.zip": bomb})
    assert len(submission.read()) == LARGEST + 1  # read no further than that
    with pytest.raises(Unreadable, match="more than 20 MB"):
        cells(submission.read())

    damaged = bytearray(zipped({"x.ipynb": NB * 50}))
    damaged[60:90] = bytes(30)
    submission, _ = one(tmp_path / "damaged", {"ada.zip": bytes(damaged)})
    with pytest.raises(OSError, match=r"x\.ipynb can't be read from its zip"):
        submission.read()

    nested = NB
    for depth in range(5):
        nested = zipped({f"{depth}.zip" if depth else "x.ipynb": nested})
    submission, _ = one(tmp_path / "nested", {"ada.zip": nested})
    assert "No notebook was handed in" in submission.problem


def found_in(tmp_path, files, **options):
    """Return who handed in what, by whom it is found, in a pile in which Zoe handed in, too."""
    found = ingest(lay(tmp_path / "all", {"zoe/x.ipynb": NB} | files), UPDATE, **options)
    return [(s.student, s.file) for s in found.submissions if s.student != "zoe"]


def test_nobody_can_hand_in_for_somebody_else(tmp_path):
    """What lies in a student's folder or zip has names that the student chose."""
    spoofs = {
        "eve/ada_1_2_x.ipynb": NB,
        "mallory.zip": zipped({"ada/x.ipynb": NB, "Ada_1_assignsubmission_file_/x (9).ipynb": NB}),
        "ada/x.ipynb": NB,
    }
    assert {student for student, _ in found_in(tmp_path, spoofs)} == {"ada", "eve", "mallory"}
    (ada,) = [s for s in ingest(tmp_path / "all", UPDATE).submissions if s.student == "ada"]
    assert ada.source == tmp_path / "all" / "ada" / "x.ipynb"

    lists = "submission_1:\n  :submitters:\n  - :name: {}\nsubmission_2:\n  :submitters:\n  - :name: {}\n"
    export = {
        "submission_metadata.yml": lists.format("Ada", "Eve").encode(),
        "submission_1/x.ipynb": NB,
        "submission_2/x.ipynb": notebook(more="y = 1"),
        "submission_2/submission_metadata.yml": lists.format("Eve", "Ada").encode(),
    }
    found = ingest(lay(tmp_path / "gradescope", export), UPDATE).submissions
    assert [(s.student, s.source.parent.name) for s in found] == [
        ("Ada", "submission_1"), ("Eve", "submission_2"),
    ]  # fmt: skip


def test_people_of_one_name_stay_apart(tmp_path):
    moodle = {f"Ada King_{n}_assignsubmission_file_/x.ipynb": NB for n in (17, 18)}
    found = ingest(lay(tmp_path / "moodle", moodle), UPDATE).submissions
    assert [(s.id, s.lms_id) for s in found] == [
        ("Ada King-03_update_rule".replace(" ", "_"), "17"),
        ("Ada King-03_update_rule-2".replace(" ", "_"), "18"),
    ]
    numbered = {f"student-{n}.ipynb": NB for n in (11, 12, 13)}
    assert len(ingest(lay(tmp_path / "numbered", numbered), UPDATE).submissions) == 3
    mail = {f"03_update_rule{n}.ipynb": NB for n in ("", " (1)", " (2)")}
    assert len(ingest(lay(tmp_path / "mail", mail), UPDATE).submissions) == 3
    years = {f"{name}_2024_03_update_rule.ipynb": NB for name in ("ada", "bob")}
    assert all(s.lms_id == "" for s in ingest(lay(tmp_path / "years", years), UPDATE).submissions)


def test_a_group_hands_in_for_all_of_its_members(tmp_path):
    text = b"submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: 007\n  - :name: Bob\n    :sid: 8\n"
    text += b"  :created_at: !ruby/object:ActiveSupport::TimeWithZone\n    utc: 2024-01-01\n"
    export = {"submission_metadata.yml": text, "submission_1/x.ipynb": NB}
    found = ingest(lay(tmp_path, export), UPDATE).submissions
    assert [(s.student, s.lms_id) for s in found] == [("Ada", "007"), ("Bob", "8")]


def test_a_notebook_that_can_be_read_beats_a_later_one_that_cannot(tmp_path):
    files = {"ada/x.ipynb": NB, "ada/x (1).ipynb": b"", "ada/scratch.ipynb": notebook("momentum")}
    assert found_in(tmp_path, files) == [("ada", "x.ipynb")]


def test_a_student_who_handed_in_something_useless_is_there(tmp_path):
    raw = bytearray(zipped({"x.ipynb": NB}))
    raw[6] |= 1
    raw[raw.find(b"PK\1\2") + 8] |= 1  # encrypted
    files = {
        "ada.zip": bytes(raw),
        "bob.zip": zipped({"__MACOSX/._x.ipynb": b""}),
        "cy.zip": b"PK\3\4junk",
    }
    lay(tmp_path / "all", {"dan": None})
    (tmp_path / "all" / "dan" / "x.ipynb").symlink_to("/etc/passwd")
    students = [student for student, _ in found_in(tmp_path, files)]
    assert students == ["ada", "bob", "cy", "dan"]


def test_names_without_meaning_or_measure(tmp_path):
    files = {
        f"x ({'9' * 200}).ipynb": NB, "ada\x1b[31m\n\u202e.ipynb": NB,
        "bob.zip": zipped({"..": b"", f"{'9' * 5000}_1_2_x.ipynb": NB}),
    }  # fmt: skip
    students = [student for student, _ in found_in(tmp_path, files)]
    assert len(students) == 3
    assert all(c.isprintable() for student in students for c in student)
    folder = tmp_path / "all"
    for name in (b"\xff.ipynb", b"\xfe.ipynb"):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(NB)
    assert len(ingest(folder, UPDATE).submissions) == 6


def test_zips_that_are_small_and_slow(tmp_path):
    rare = io.BytesIO()
    with zipfile.ZipFile(rare, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("x.ipynb", bytes(10**7))
    folders = zipped({f"d{i}/": b"" for i in range(8000)})
    inner = zipped({f"{i}.ipynb": NB for i in range(300)} | {"pad": os.urandom(10**6)})
    files = {"ada.zip": rare.getvalue(), "bob.zip": folders, "cy.zip": zipped({"in.zip": inner})}
    found = ingest(lay(tmp_path, files), UPDATE)
    assert "ada.zip/x.ipynb is packed in a rare way, and was left out." in found.remarks
    assert sorted({s.student for s in found.submissions}) == ["ada", "bob", "cy"]


def test_names_in_zips_that_forgot_to_say_that_they_are_utf8(tmp_path):
    raw = zipped({"Elene-XXXX.ipynb": NB, "bob.ipynb": NB}).replace(b"Elene-XXXX", "Ελένη".encode())
    (tmp_path / "all.zip").write_bytes(raw)
    assert [s.student for s in ingest(tmp_path / "all.zip", UPDATE).submissions] == ["bob", "Ελένη"]


def test_a_notebook_with_what_json_allows(tmp_path):
    huge = b'{"cells":[{"cell_type":"code","source":"x","outputs":[' + b"9" * 5000 + b"]}]}"
    assert cells(huge) == ["x"]
    half = b'{"cells":[{"cell_type":"code","source":"x = \'\\ud800\'"}]}'
    assert cells(half)[0].encode()


def test_a_file_that_has_vanished_says_so(tmp_path):
    submission, _ = one(tmp_path, {"ada.ipynb": NB})
    submission.source.unlink()
    with pytest.raises(OSError, match=r"ada\.ipynb"):
        submission.read()


BROKEN = {
    b"": "empty",
    b"\0" * 100: "empty",
    b"  \n": "empty",
    NB[: len(NB) // 2]: "isn't a notebook, or only a part",
    b"print('hello')": "isn't a notebook",
    b"\x80\x81": "isn't a notebook",
    b"[" * 100_000: "isn't a notebook",
    b"[]": "not a notebook",
    b"3": "not a notebook",
    b'"cells"': "not a notebook",
    b"{}": "no cells",
    b'{"cells": 3}': "no cells",
    b'{"cells": {"a": 1}}': "no cells",
    b" " * (LARGEST + 1) + b"x": "more than 20 MB",
    json.dumps(
        {"cells": [{"cell_type": "code", "source": "x" * 3_000_000}]}
    ).encode(): "letters of code",
}


@pytest.mark.parametrize("words", BROKEN.values())
def test_what_is_no_notebook_is_told_in_words(tmp_path, words):
    for data in (data for data, said in BROKEN.items() if said == words):
        with pytest.raises(Unreadable, match=words):
            cells(data)
        submission, _ = one(tmp_path / str(len(data)), {"ada.ipynb": data})
        assert submission.exercise == UPDATE


CELL = {"cell_type": "code", "source": "x = 1"}


@pytest.mark.parametrize(
    ("notebook", "sources"),
    [
        (
            {"cells": [CELL, 3, None, [], {"cell_type": "markdown", "source": "y"}, CELL]},
            ["x = 1"] * 2,
        ),
        ({"cells": [{"cell_type": "code", "source": ["a\n", 3, "b"]}]}, ["a\nb"]),
        ({"cells": [{"cell_type": "code", "source": 123}, {"cell_type": "code"}]}, ["", ""]),
        ({"cells": [{"cell_type": ["code"], "source": "x"}, {"source": "x"}]}, []),
        ({"worksheets": [{"cells": [{"cell_type": "code", "input": "x"}]}, 3]}, ["x"]),
        ({"cells": [CELL | {"outputs": [{"data": "x" * 10**6}], "metadata": 3}]}, ["x = 1"]),
        ({"cells": []}, []),
    ],
)
def test_whatever_jupyter_would_take_is_taken(notebook, sources):
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert cells(json.dumps(notebook).encode(encoding)) == sources


@pytest.mark.parametrize("text", [b"[3]", b"a: [", b"submission_77: 3", b"[" * 3000, b"", b"\xff"])
def test_a_damaged_list_of_gradescope_costs_names_only(tmp_path, text):
    files = {
        "submission_metadata.yml": text,
        "submission_77/x.ipynb": NB,
        "submission_78/x.ipynb": NB,
    }
    found = ingest(lay(tmp_path, files), UPDATE)
    assert [s.student for s in found.submissions] == ["submission_77", "submission_78"]
    assert found.remarks[0].startswith("submission_metadata.yml can't be understood")


def test_ids_are_files_on_every_system(tmp_path):
    names = [
        "con",
        "a/b",
        "..",
        "-x",
        "x" * 300,
        "Ada",
        "ada ",
        "a:b",
        "a*b",
        "\u202eada",
        "nul\x00",
        "李" * 80,
    ]
    found = [safe(name) for name in names]
    assert all(1 <= len(id) <= 51 and not id.startswith((".", "-")) for id in found)
    assert not set("".join(found)) & set('/\\:*?"<>|\x00')
    lay(tmp_path, {"Ada/x.ipynb": NB, "a:b/x.ipynb": NB, "a*b/x.ipynb": NB, "ADA_/x.ipynb": NB})
    ids = [s.id.casefold() for s in ingest(tmp_path, UPDATE).submissions]
    assert len(set(ids)) == len(ids) == 4


# ---------------------------------------------------------------- the roster

ROSTER = """id,name,email,username,canvas id
s1,Ada Lovelace,ada@uni.example,al17,1234
s2,"King, Bob",bob@uni.example,bk18,1235
s3,Élise Dupont,elise@uni.example,ed19,1236
s4,Lee Ann,lee@uni.example,la20,1237
s5,Ann Lee,ann@uni.example,la21,1238
"""


@pytest.fixture
def roster(tmp_path):
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return Roster.read(tmp_path / "roster.csv")


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Ada Lovelace", "s1"), ("lovelaceada", "s1"), ("LOVELACE, ADA", "s1"), ("al17", "s1"), ("s1", "s1"),
        ("ada@uni.example", "s1"), ("Bob King", "s2"), ("kingbob", "s2"),
        ("dupontelise", "s3"), ("E\u0301lise Dupont", "s3"), ("Lee Ann", None), ("leeann", None),
        ("la20", "s4"), ("Ada", None), ("", None),
    ],
)  # fmt: skip
def test_people_are_known_by_any_of_their_names(roster, name, id):
    person = roster.match(name)
    assert (person and person.student) == id


def test_the_roster_names_submissions(tmp_path, roster):
    files = {
        "lovelaceada_1234_5_x.ipynb": NB,
        "mallory_99_6_x.ipynb": NB,
        "annlee_1238_7_x.ipynb": NB,
    }
    found = ingest(lay(tmp_path / "all", files), UPDATE, roster)
    assert [(s.student, s.lms_id, s.email) for s in found.submissions] == [
        ("mallory", "99", ""), ("s1", "1234", "ada@uni.example"), ("s5", "1238", "ann@uni.example"),
    ]  # fmt: skip
    assert found.remarks == ["mallory isn't on the roster, or could be more than one of it."]


def test_other_peoples_numbers_are_not_mistaken(tmp_path):
    """1234 is Ada's number in Canvas, and Bob's at the university."""
    (tmp_path / "r.csv").write_text("id,name\n1234,Bob King\n77,Ada Lovelace\n")
    roster = Roster.read(tmp_path / "r.csv")
    assert roster.match("lovelaceada", "1234").id == "77"
    assert roster.match("", "1234").id == "1234"


def test_canvas_own_gradebook_is_a_roster(tmp_path):
    text = 'Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"Lovelace, Ada",17,s1,al,1\n'
    (tmp_path / "r.csv").write_text(text)
    (ada,) = Roster.read(tmp_path / "r.csv").people
    assert (ada.name, ada.lms_id, ada.login) == ("Lovelace, Ada", "17", "al")


def test_accents_matter_where_they_tell_people_apart(tmp_path):
    (tmp_path / "r.csv").write_text("id,name\n1,Jose Diaz\n2,José Díaz\n", encoding="utf-8")
    roster = Roster.read(tmp_path / "r.csv")
    assert (roster.match("Jose Diaz").id, roster.match("José Díaz").id) == ("1", "2")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_rosters_of_every_make_are_read(tmp_path, encoding, separator):
    rows = [
        ["ID number", "First name", "Surname", "Email address"],
        ["17", "Élise", "Dupont", "e@x.y"],
        [],
    ]
    text = "\r\n".join(separator.join(row) for row in rows)
    (tmp_path / "r.csv").write_bytes(text.encode(encoding))
    (person,) = Roster.read(tmp_path / "r.csv").people
    assert (person.id, person.name, person.email) == ("17", "Élise Dupont", "e@x.y")


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "needs a header"), ("a,b\n1,2\n", "needs a header"), ("id\n1\n1\n", "'1' twice")],
)
def test_rosters_that_are_none_are_told_in_words(tmp_path, text, words):
    (tmp_path / "r.csv").write_text(text)
    with pytest.raises(ValueError, match=words):
        Roster.read(tmp_path / "r.csv")
    with pytest.raises(OSError, match="nowhere"):
        Roster.read(tmp_path / "nowhere.csv")


def test_every_exercise_knows_its_own_notebook(pytestconfig):
    for id in EXERCISES:
        data = (pytestconfig.rootpath / "exercises" / f"{id}.ipynb").read_bytes()
        from gdtutor.grading.submission import exercise_of

        assert exercise_of(cells(data), "x.ipynb", list(EXERCISES)) == id
