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
from gdtutor.grading.submission import LARGEST, Unreadable, cells, exercise_of

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
    assert only.remarks == [f"ada/b.ipynb was left out: A notebook of {MOMENTUM}."]


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
    with pytest.raises(ValueError, match=r"can't be opened.*Download it again"):
        ingest(tmp_path / "broken.zip")
    (tmp_path / "essay.pdf").write_bytes(b"%PDF")
    with pytest.raises(ValueError, match="should be a folder, a zip, or a notebook"):
        ingest(tmp_path / "essay.pdf")
    with pytest.raises(ValueError, match=r"nothing to grade.*essay\.pdf isn't a notebook"):
        ingest(lay(tmp_path / "strays", {"essay.pdf": b"%PDF"}))
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
        "eve isn't a notebook, and was left out.",
    ]
    notes = [s.notes[0] for s in found.submissions]
    assert notes == [
        "Of 2 notebooks for this exercise, x.ipynb counts; not link.ipynb.",
        "Of 2 notebooks for this exercise, x.ipynb counts; not pipe.ipynb.",
    ]
    (folder / "bob" / "x.ipynb").unlink()  # what is left is a pipe: reading it would never end
    assert ingest(folder, UPDATE).submissions[1].problem == "pipe.ipynb isn't a regular file."
    source = found.submissions[0].source
    source.unlink()
    source.symlink_to(secret / "secret.ipynb")
    with pytest.raises(OSError, match="isn't a regular file any more"):
        found.submissions[0].read()


def test_zips_that_would_do_harm(tmp_path):
    bad = tmp_path / "bad.zip"
    bad.write_bytes(
        zipped({"../../ada/x.ipynb": NB, "/etc/bob/x.ipynb": NB, "C:\\cy\\x.ipynb": NB})
    )
    assert sorted(s.student for s in ingest(bad, UPDATE).submissions) == ["C:", "ada", "etc"]
    assert all(not set(s.id) & set('/\\:*?"<>|') for s in ingest(bad, UPDATE).submissions)

    bad.write_bytes(zipped({"ada/x.ipynb": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777))
    assert ingest(bad).submissions[0].problem == "x.ipynb isn't a regular file."

    bomb = zipped({"x.ipynb": bytes(LARGEST + 10**6)})
    assert len(bomb) < 10**5
    submission, _ = one(tmp_path, {"ada.zip": bomb})
    assert "more than 20 MB" in submission.problem
    assert len(submission.read()) == LARGEST + 1  # read no further than that

    damaged = bytearray(zipped({"x.ipynb": NB * 50}))
    damaged[60:90] = bytes(30)
    submission, _ = one(tmp_path / "damaged", {"ada.zip": bytes(damaged)})
    assert "can't be read from its zip" in submission.problem
    with pytest.raises(OSError, match=r"x\.ipynb' can't be read from its zip"):
        submission.read()

    nested = NB
    for depth in range(5):
        nested = zipped({f"{depth}.zip" if depth else "x.ipynb": nested})
    submission, _ = one(tmp_path / "nested", {"ada.zip": nested})
    assert submission.problem == "2.zip is in too many zips."


def test_a_file_that_has_vanished_says_so(tmp_path):
    submission, _ = one(tmp_path, {"ada.ipynb": NB})
    submission.source.unlink()
    with pytest.raises(OSError, match=r"ada\.ipynb"):
        submission.read()


BROKEN = {
    b"": "empty",
    b"\0" * 100: "empty",
    b"  \n": "empty",
    NB[: len(NB) // 2]: "cut off",
    NB[: len(NB) // 2] + bytes(100): "cut off",
    zipped({"x.ipynb": NB}): "is a zip, not a notebook",
    b"%PDF-1.7": "is a PDF",
    b"<!DOCTYPE html>": "is a web page",
    b"print('hello')": "isn't a notebook",
    b"\x80\x81": "isn't a notebook",
    b"[" * 100_000: "nested too deeply",
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
        ({"cells": [CELL | {"source": "x = '\ud800'"}]}, ["x = '?'"]),
        ({"cells": []}, []),
    ],
)
def test_whatever_jupyter_would_take_is_taken(notebook, sources):
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert cells(json.dumps(notebook).encode(encoding)) == sources


@pytest.mark.parametrize(
    "text", [b"[3]", b"a: [", b"submission_77: 3", b"!ruby/object:X {}", b"", b"\xff"]
)
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


# ---------------------------------------------------------------- nobody's work is lost, or another's


def students(files, tmp_path, **more):
    """Return who handed in what, as {student: file}, and the remarks."""
    found = ingest(lay(tmp_path / "all", files), UPDATE, **more)
    assert len({s.id.casefold() for s in found.submissions}) == len(found.submissions)
    return [(s.student, s.file) for s in found.submissions], found.remarks


def test_two_people_of_one_name_are_two(tmp_path):
    files = {f"Ada King_{n}_assignsubmission_file_/x.ipynb": NB for n in (17, 18)}
    found = ingest(lay(tmp_path, files), UPDATE).submissions
    assert [(s.id, s.lms_id) for s in found] == [
        (f"Ada_King-{UPDATE}", "17"), (f"Ada_King-{UPDATE}-2", "18"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["student-{}", "student{}", "03_update_rule_{}", "a ({})/x"])
def test_numbers_that_tell_students_apart_are_no_copies(tmp_path, name):
    files = {f"{name.format(n)}.ipynb": NB for n in (11, 12, 13)}
    assert len(students(files, tmp_path)[0]) == (1 if "(" in name else 3)


def test_names_that_say_nothing_are_not_taken_for_one_person(tmp_path):
    files = {"03_update_rule.ipynb": NB, "03_update_rule (1).ipynb": NB}
    assert [student for student, _ in students(files, tmp_path)[0]] == [
        "03_update_rule", "03_update_rule (1)",
    ]  # fmt: skip


def test_a_student_number_before_the_exercise_is_no_id_of_canvas(tmp_path):
    files = {"ada_2024_03_update_rule.ipynb": NB, "bob_2024_03_update_rule.ipynb": NB}
    assert all(s.lms_id == "" for s in ingest(lay(tmp_path, files), UPDATE).submissions)


@pytest.mark.parametrize("inside", ["ada_1_2_x.ipynb", "Ada_1_assignsubmission_file_/x.ipynb",
                                    "submission_1/x.ipynb", "ada/x.ipynb"])  # fmt: skip
@pytest.mark.parametrize(
    "holder", ["bob/{}", "bob_7_8_work.zip", "Bob_7_assignsubmission_file_/{}"]
)
def test_a_student_cannot_hand_in_for_another(tmp_path, inside, holder):
    spoof = notebook(more="spoof = 1")
    bob = {holder: zipped({inside: spoof})} if "zip" in holder else {holder.format(inside): spoof}
    found = ingest(lay(tmp_path, {"ada/x.ipynb": NB, **bob}), UPDATE).submissions
    assert {s.student.lower(): s.read() for s in found} == {"ada": NB, "bob": spoof}


GROUP = b"""submission_1:
  :submitters:
  - :name: Ada
    :sid: 0123
  - :name: Bob
    :email: bob@uni.example
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-01-01
submission_2:
  :submitters: [3, {":name": [1]}, {":name": Cy, ":sid": }]
"""


def test_what_gradescope_says_holds(tmp_path):
    swapped = GROUP.replace(b"Cy", b"Ada")
    files = {
        "assignment_1_export/submission_metadata.yml": GROUP,
        "assignment_1_export/submission_1/x.ipynb": NB,
        "assignment_1_export/submission_2/x.ipynb": NB,
        "assignment_1_export/submission_2/submission_metadata.yml": swapped,
        "assignment_1_export/submission_3/x.ipynb": NB,
        "assignment_1_export/submission_3/x.zip": zipped({"submission_metadata.yml": swapped}),
    }
    found = ingest(lay(tmp_path, files), UPDATE)
    assert [(s.student, s.lms_id, s.email) for s in found.submissions] == [
        ("Ada", "0123", ""), ("Bob", "", "bob@uni.example"), ("Cy", "", ""), ("submission_3", "", ""),
    ]  # fmt: skip


MINE, THEIRS = notebook(more="mine = 1"), notebook(more="theirs = 1")


@pytest.mark.parametrize(
    "files",
    [
        {"exercises/03_update_rule.ipynb": MINE, "solutions/03_update_rule.ipynb": THEIRS},
        {"03_update_rule.ipynb": MINE, "03_update_rule (1).ipynb": b""},
        {"03_update_rule.ipynb": MINE, "scratch (3).ipynb": notebook("")},
        {"03_update_rule.ipynb": MINE, "zz.ipynb": notebook("momentum")},
        {"03_update_rule.ipynb": MINE, "zz.zip": b"no zip"},
        {"03_update_rule.ipynb": MINE, "zz.pdf": b"%PDF", "zz/": b""},
        {"a.zip": zipped({"b.zip": zipped({"03_update_rule.ipynb": MINE})}), "x.ipynb": b"x"},
    ],
)
def test_of_several_files_a_student_s_own_work_counts(tmp_path, files):
    lay(tmp_path / "folders", {"bob/x.ipynb": NB})
    lay(tmp_path / "folders" / "ada", {k: v for k, v in files.items() if not k.endswith("/")})
    lay(tmp_path / "zips", {"ada.zip": zipped(files), "bob.ipynb": NB})
    for place in ("folders", "zips"):
        ada, bob = ingest(tmp_path / place, UPDATE).submissions
        assert (ada.student, ada.problem, ada.read()) == ("ada", "", MINE)
        assert (bob.student, bob.read()) == ("bob", NB)


def encrypted(data):
    """Return a zip that says it has a password."""
    data, place = bytearray(data), data.find(b"PK\1\2")
    data[6] |= 1
    data[place + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\3\4 junk", "can't be opened as a zip"),
        (b"", "can't be opened as a zip"),
        (zipped({}), "is an empty zip"),
        (zipped({"__MACOSX/._x.ipynb": b""}), "is an empty zip"),
        (encrypted(zipped({"x.ipynb": NB})), "it has a password"),
        (zipped({f"{n}.ipynb": bytes(19_000_000) for n in range(11)}), "has too much in it"),
        (zipped({"x.pdf": b""}), "No notebook was handed in, only x.pdf"),
        (zipped({"x.zip": b"PK"}), "x.zip can't be opened as a zip"),
        (b" " * (LARGEST + 1), "more than 20 MB"),
    ],
)
def test_a_zip_without_a_notebook_is_told_of_whoever_handed_it_in(tmp_path, data, words):
    found = ingest(lay(tmp_path, {"ada.zip": data, "bob.ipynb": NB}), UPDATE).submissions
    assert [s.student for s in found] == ["ada", "bob"]
    assert words in found[0].problem
    assert found[1].problem == ""


def test_a_teacher_s_damaged_download_is_nobody_s_fault(tmp_path):
    damaged = bytearray(zipped({"ada/03_update_rule.ipynb": NB * 50, "bob/x.ipynb": NB}))
    damaged[60:90] = bytes(30)
    (tmp_path / "all.zip").write_bytes(damaged)
    ada, bob = ingest(tmp_path / "all.zip").submissions
    assert (ada.student, ada.exercise, ada.problem, bob.read()) == ("ada", UPDATE, "", NB)
    with pytest.raises(OSError, match="can't be read from its zip"):
        ada.read()


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_whose_decompressor_knows_no_limit_is_not_lit(tmp_path, kind):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        archive.writestr("x.ipynb", bytes(LARGEST - 1))
    submission, _ = one(tmp_path, {"ada.zip": out.getvalue()})
    assert "an unusual kind of zip" in submission.problem


def test_damaged_zips_never_stop_the_others(tmp_path):
    good, draw = zipped({"x.ipynb": NB * 20, "y/z.zip": zipped({"x.ipynb": NB})}), random.Random(0)
    for _ in range(300):
        data = bytearray(good)
        for _ in range(draw.randint(1, 6)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        lay(tmp_path, {"ada.zip": bytes(data), "bob.ipynb": NB})
        found = {s.student: s for s in ingest(tmp_path, UPDATE).submissions}
        assert sorted(found) == ["ada", "bob"]
        assert found["bob"].read() == NB


def test_names_that_would_do_harm(tmp_path):
    names = [
        "..",
        "../",
        "x" * 3000,
        "a/" * 400 + "x.ipynb",
        f"x ({'9' * 5000}).ipynb",
        "a\\",
        "C:/",
    ]
    many = {f"folder {n}/": b"" for n in range(6_000)}
    bad = zipped(dict.fromkeys(names, NB) | many | {"ada/x.ipynb": NB})
    (tmp_path / "all.zip").write_bytes(bad)
    for found in (
        ingest(tmp_path / "all.zip", UPDATE),
        ingest(lay(tmp_path / "all", {"ada.zip": bad})),
    ):
        assert "ada" in [s.student for s in found.submissions]
        for s in found.submissions:
            assert all(c.isprintable() for c in s.student + s.file + s.problem + "".join(s.notes))
            assert len(s.id.encode()) < 240
    (tmp_path / "all.zip").write_bytes(zipped({str(n): b"" for n in range(20_001)}))
    with pytest.raises(ValueError, match="more than 20,000 files"):
        ingest(tmp_path / "all.zip")


def test_names_that_cannot_be_read(tmp_path):
    (tmp_path / "all").mkdir()
    for name in (b"\xff.ipynb", b"\xfe.ipynb", "\u202eada\x1b[1m.ipynb".encode()):
        with open(os.path.join(os.fsencode(tmp_path / "all"), name), "wb") as file:
            file.write(NB)
    found = ingest(tmp_path / "all", UPDATE).submissions
    assert [s.student for s in found] == ["ada[1m", "þ", "ÿ"]
    assert [s.read() for s in found] == [NB] * 3


def test_names_in_a_zip_of_any_make(tmp_path):
    unmarked = zipped({"Elene-XXXX.ipynb": NB}).replace(b"Elene-XXXX", "Ελένη".encode())
    old = zipped({"xx.ipynb": NB}).replace(b"xx.ipynb", "ü.ipynb".encode("cp437") + b" ")
    for number, (data, name) in enumerate(
        [(unmarked, "Ελένη"), (old.replace(b"ipynb ", b"ipynb"), "ü")]
    ):
        if name == "ü":
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as archive:
                archive.writestr("x.ipynb", NB)
            data = out.getvalue().replace(b"x.ipynb", b"\x81.ipynb")
        (tmp_path / f"{number}.zip").write_bytes(data)
        (found,) = ingest(tmp_path / f"{number}.zip", UPDATE).submissions
        assert (found.student, found.read()) == (name, NB)


def test_an_exercise_is_told_by_folders_too(tmp_path):
    files = {
        "submitted/ada/08_momentum/x.ipynb": notebook(""),
        "submitted/bob/08_momentum/x.ipynb": b"",
    }
    found = ingest(lay(tmp_path / "a", files)).submissions
    assert [(s.student, s.exercise, bool(s.problem)) for s in found] == [
        ("ada", MOMENTUM, False), ("bob", MOMENTUM, True),
    ]  # fmt: skip
    files = {f"{id}/{name}.ipynb": NB for id in (UPDATE, MOMENTUM) for name in ("ada", "bob")}
    assert students(files, tmp_path)[0] == [("ada", "ada.ipynb"), ("bob", "bob.ipynb")]


def test_what_a_cell_imports():
    known = list(EXERCISES)

    def about(source, name="x.ipynb"):
        return exercise_of([source], name, known)

    assert about("from gdtutor.questions import (\n  update_rule as ex,\n)") == UPDATE
    assert about("import gdtutor.questions.momentum as m") == MOMENTUM
    assert about("# from gdtutor.questions import momentum") == ""
    both = "from gdtutor.questions import momentum, update_rule"
    assert about(both) == MOMENTUM
    assert about(both, "my update rule.ipynb") == UPDATE
    hostile = "from gdtutor.questions import (" * 60_000 + "\n from" * 10_000
    assert about(hostile) == ""


def test_a_folder_with_too_much_in_it(tmp_path):
    deep = tmp_path.joinpath("all", "ada", *["d"] * 40)
    deep.mkdir(parents=True)
    (deep / "x.ipynb").write_bytes(NB)
    lay(tmp_path / "all", {"bob/x.ipynb": NB})
    ada, bob = ingest(tmp_path / "all", UPDATE).submissions
    assert (ada.problem, bob.problem) == ("It is in too many folders.", "")


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
        ("1234", "s1"), ("ada@uni.example", "s1"), ("Bob King", "s2"), ("kingbob", "s2"),
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
    assert found.remarks == ["mallory isn't on the roster."]


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
        assert exercise_of(cells(data), "x.ipynb", list(EXERCISES)) == id


def test_where_an_id_and_a_name_disagree_nobody_is_meant(tmp_path):
    (tmp_path / "r.csv").write_text("id,name\n1234,Bob King\n77,Ada Lovelace\n78,Ada Lovelace\n")
    roster = Roster.read(tmp_path / "r.csv")
    assert roster.match("lovelaceada", "1234") is None
    assert roster.match("Ada Lovelace", "78").student == "78"
    found = ingest(lay(tmp_path / "all", {"lovelaceada_1234_5_x.ipynb": NB}), UPDATE, roster)
    assert [s.student for s in found.submissions] == ["lovelaceada"]
    assert found.remarks == [
        "lovelaceada could be any of these on the roster: Bob King, Ada Lovelace, Ada Lovelace."
    ]


def test_accents_make_a_difference_where_there_are_both(tmp_path):
    (tmp_path / "r.csv").write_text("id,name\n1,Jose Diaz\n2,José Díaz\n3,कमल\n", encoding="utf-8")
    roster = Roster.read(tmp_path / "r.csv")
    assert [roster.match(n).student for n in ("Jose Diaz", "José Díaz", "diazjose")] == [
        "1",
        "2",
        "1",
    ]
    assert roster.match("कमला") is None  # another name: its last vowel is a mark, not an accent


def test_a_file_s_name_counts_where_nothing_else_does(tmp_path, roster):
    files = {
        "hw3 al17.ipynb": NB,
        "final Bob King.ipynb": NB,
        "x (17).ipynb": NB,
        "eve/s3.ipynb": NB,
    }
    found = ingest(lay(tmp_path / "all", files), UPDATE, roster)
    assert [s.student for s in found.submissions] == ["eve", "s1", "s2", "x"]
    assert found.remarks == ["eve isn't on the roster.", "x isn't on the roster."]


def test_files_of_one_person_under_several_names_come_together(tmp_path, roster):
    files = {"al17.ipynb": NB, "lovelaceada (1).ipynb": NB, "s1/x.ipynb": NB, "bk18.ipynb": NB}
    found = ingest(lay(tmp_path / "all", files), UPDATE, roster).submissions
    assert [(s.student, s.file) for s in found] == [
        ("s1", "lovelaceada (1).ipynb"),
        ("s2", "bk18.ipynb"),
    ]
    assert "not al17.ipynb, x.ipynb" in found[0].notes[0]


EXPORTS = {
    "Canvas": 'Student,ID,SIS User ID,SIS Login ID,Section,x (3)\n"    Points Possible",,,,,13\n'
              '"Lovelace, Ada",17,u1,al,1,\n"Student, Test",18,,,1,\n',
    "Moodle": "Identifier,Full name,Email address,Grade\nParticipant 17,Ada Lovelace,ada@uni.example,\n",
    "Gradescope": "First Name,Last Name,SID,Email\nAda,Lovelace,17,ada@uni.example\n",
    "a spreadsheet": "sep=;\nSurname;First  Name;LMS ID\nLovelace;Ada;17\n",
}  # fmt: skip


@pytest.mark.parametrize("platform", EXPORTS)
def test_what_platforms_export_is_a_roster(tmp_path, platform):
    (tmp_path / "r.csv").write_text(EXPORTS[platform])
    roster = Roster.read(tmp_path / "r.csv")
    (person,) = roster.people
    assert person.lms_id == "17"
    assert roster.match("lovelaceada") == roster.match("nobody", "17") == person


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("id,name\n1,Élise\n".encode("latin-1"), "isn't in UTF-8"),
        (b"PK\3\4\0\0\0\0id,name", "isn't a CSV file"),
        (b"id,name\n1," + b"x" * 200_000, "isn't a CSV file"),
        (b"name\nAda\nAda\n", "'Ada' twice"),
    ],
)
def test_rosters_that_cannot_be_read(tmp_path, data, words):
    (tmp_path / "r.csv").write_bytes(data)
    with pytest.raises(ValueError, match=words):
        Roster.read(tmp_path / "r.csv")
