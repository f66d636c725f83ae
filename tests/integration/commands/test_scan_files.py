"""`quillgate scan PATH` reads what people keep in files, and never repeats a value."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from backend.__main__ import main
from backend.commands.scan import add_arguments
from backend.commands.scanning.reports import REPORTS

SSN = "536-90-4399"


@pytest.fixture
def report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return how to scan the folder: exit code, JSON report, and everything that was printed."""

    def scan(*options: str) -> tuple[int, dict[str, Any], str]:
        code = main(["scan", str(tmp_path), "--format", "json", *options])
        printed = capsys.readouterr()
        return code, json.loads(printed.out), printed.out + printed.err

    return scan


def pdf(text: str) -> bytes:
    """Return a PDF of one page (ISO 32000-1)."""
    content = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
    page = "/Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< {page} /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    return f"{made}xref\n0 {size}\n0000000000 65535 f \n{table}{tail}".encode()


def test_text_is_told_by_line_and_column(tmp_path: Path, report: Any) -> None:
    (tmp_path / "note.txt").write_text(f"Dear all,\n\nher é SSN is {SSN}.\n")
    code, found, printed = report()
    assert code == 1
    [finding] = found["findings"]
    assert (finding["line"], finding["column"], finding["end_column"]) == (3, 14, 25)
    assert finding["type"] == "US_SSN"
    assert SSN not in printed


def test_a_column_s_name_stands_before_each_of_its_cells(tmp_path: Path, report: Any) -> None:
    rows = "".join(f"x,note {n}\n" for n in range(70))
    (tmp_path / "people.csv").write_text(
        f"name,social security\nann,536904399\n{rows}bob,536904398\n"
    )
    _, found, _ = report()
    assert [(f["type"], f["line"]) for f in found["findings"]] == [("US_SSN", 2), ("US_SSN", 73)]


def test_office_documents_and_pdf_are_read_with_their_places(tmp_path: Path, report: Any) -> None:
    document = docx.Document()
    document.add_paragraph(f"Patient SSN {SSN}")
    document.sections[0].footer.paragraphs[0].text = "mail ann@example.org"
    document.save(str(tmp_path / "a.docx"))
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Patients"
    sheet.append(["Name", "SSN"])
    sheet.append(["Ann", 536904399])
    book.save(tmp_path / "b.xlsx")
    (tmp_path / "c.pdf").write_bytes(pdf(f"SSN {SSN}"))
    _, found, printed = report()
    places = [(Path(f["path"]).name, f["place"], f["type"]) for f in found["findings"]]
    assert places == [
        ("a.docx", "body", "US_SSN"), ("a.docx", "footer 1", "EMAIL_ADDRESS"),
        ("b.xlsx", "sheet Patients", "US_SSN"), ("c.pdf", "page 1", "US_SSN"),
    ]  # fmt: skip
    assert found["not_read"] == []
    assert SSN not in printed


def test_what_cannot_be_read_is_said_and_changes_the_exit_code(tmp_path: Path, report: Any) -> None:
    (tmp_path / "a.bin").write_bytes(b"\0\1\2")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    (tmp_path / "c.docx").write_bytes(b"no archive")
    code, found, _ = report()
    assert code == 3
    assert [Path(other["path"]).name for other in found["not_read"]] == ["a.bin", "b.pdf", "c.docx"]
    assert report("--fail-on", "never")[0] == 0


def test_severity_and_exclusion_decide_the_exit_code(tmp_path: Path, report: Any) -> None:
    (tmp_path / "a.txt").write_text("mail ann@example.org")
    assert report()[0] == 1
    assert report("--fail-on", "critical")[0] == 0
    assert report("--exclude", "*.txt")[:2] == (0, report("--exclude", "a.*")[1])


def test_a_value_on_the_cut_between_two_pieces_is_found_once(tmp_path: Path, report: Any) -> None:
    line = "x" * 99 + "\n"
    (tmp_path / "long.txt").write_text(line * 655 + f"SSN {SSN}\n" + line * 700)
    _, found, _ = report()
    assert [finding["line"] for finding in found["findings"]] == [656]


def test_sarif_names_rules_and_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(f"SSN {SSN}")
    out = tmp_path / "report.sarif"
    assert main(["scan", str(tmp_path / "a.txt"), "--format", "sarif", "--out", str(out)]) == 1
    run = json.loads(out.read_text())["runs"][0]
    [result] = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "us-ssn"
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "endLine": 1, "startColumn": 5, "endColumn": 16}
    assert SSN not in out.read_text() + capsys.readouterr().err


def test_a_path_that_is_not_there_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scan", str(tmp_path / "nowhere")]) == 78
    assert "Nothing was scanned" in capsys.readouterr().err


def test_every_report_can_be_asked_for_and_no_other() -> None:
    parser = ArgumentParser()
    add_arguments(parser)
    for name in REPORTS:
        assert parser.parse_args(["--format", name, "."]).format == name
    with pytest.raises(SystemExit):
        parser.parse_args(["--format", "html", "."])
