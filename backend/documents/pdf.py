"""PDF files, page by page, by pypdf."""

import logging
from collections.abc import Iterator
from pathlib import Path

from backend.documents.piece import NotRead, Piece, reading


def pdf_pieces(path: Path) -> Iterator[Piece]:
    """Yield the text of each page. Raise NotRead for a file that is locked, damaged or pictures."""
    import pypdf  # noqa: PLC0415 -- a fifth of a second that only a PDF costs

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it complains about every odd file
    has_text = is_locked = False
    with reading("PDF"):
        reader = pypdf.PdfReader(path)
        is_locked = reader.is_encrypted and not reader.decrypt("")
        for number, page in enumerate(() if is_locked else reader.pages, start=1):
            text = page.extract_text()
            has_text = has_text or bool(text.strip())
            yield Piece(text, f"page {number}")
    if is_locked:
        raise NotRead("it is protected by a password")
    if not has_text:
        raise NotRead("its pages hold pictures only, which are not read")
