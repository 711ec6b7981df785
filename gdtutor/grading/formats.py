"""Results for machines: Gradescope's results.json, and JUnit's XML for a CI server."""

import re
import xml.etree.ElementTree as ET

from ..check import message
from ..check.judge import CORRECT, NOT_STARTED, WAITING
from .feedback import verdict_of
from .gradebook import number
from .task import INFRASTRUCTURE

NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def gradescope(result):
    """Return a result as Gradescope's autograder wants it, in `results/results.json`.

    Examples
    --------
    >>> gradescope({"status": "ungradable", "words": "The file is empty.", "score": 0, "notes": [],
    ...             "questions": []})
    {'score': 0, 'output': 'The file is empty.', 'visibility': 'visible', \
'stdout_visibility': 'hidden', 'tests': []}
    """
    failed = result["status"] == INFRASTRUCTURE
    words = (
        ["Grading failed for a reason that has nothing to do with you."]
        if failed
        else [result["words"]]
    )
    return {
        "score": result["score"] or 0,
        "output": "\n".join(word for word in (*words, *result["notes"]) if word),
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [
            {
                "name": answer["name"],
                "score": answer["score"],
                "max_score": answer["points"],
                "status": "passed" if answer["status"] == CORRECT else "failed",
                "output": message.text(verdict_of(answer)),
                "output_format": "text",
                "visibility": "visible",
            }
            for answer in result["questions"]
        ],
    }


def junit(results):
    """Return results as JUnit's XML: a suite for each submission, a case for each question.

    Examples
    --------
    >>> print(junit([]))
    <?xml version='1.0' encoding='utf-8'?>
    <testsuites />
    """
    suites = ET.Element("testsuites")
    for result in results:
        counts = {"tests": len(result["questions"]) or 1, "failures": 0, "errors": 0, "skipped": 0}
        suite = ET.SubElement(suites, "testsuite", name=clean(result["id"]))
        for answer in result["questions"]:
            name = f"{answer['name']} ({number(answer['score'])} of {number(answer['points'])})"
            case = ET.SubElement(suite, "testcase", classname=clean(result["id"]), name=name)
            if answer["status"] != CORRECT:
                kind = "skipped" if answer["status"] in (NOT_STARTED, WAITING) else "failure"
                counts["skipped" if kind == "skipped" else "failures"] += 1
                ET.SubElement(case, kind, message=clean(message.text(verdict_of(answer))))
        if not result["questions"]:
            counts["errors"] += 1
            case = ET.SubElement(
                suite, "testcase", classname=clean(result["id"]), name=result["status"]
            )
            ET.SubElement(case, "error", message=clean(result["words"]))
        suite.attrib |= {name: str(n) for name, n in counts.items()}
    ET.indent(suites)
    return ET.tostring(suites, encoding="utf-8", xml_declaration=True).decode()


def clean(text):
    """Return a text without what XML has no place for."""
    return NO_XML.sub("\ufffd", text)
