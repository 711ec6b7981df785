"""What is made from the manifest is up to date, and its links lead somewhere."""

import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "instructors").glob("*.md"))]


def test_pages_are_up_to_date():
    made = subprocess.run(
        [sys.executable, ROOT / "tools" / "make_pages.py", "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (made.stdout, made.stderr) == ("", "")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [
        link for link in links if not link.startswith("http") and not (page.parent / link).exists()
    ]
    assert missing == []
