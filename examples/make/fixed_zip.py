"""Office files are zip archives stamped with the time of writing; this takes the time out, so that a rebuild is the same bytes."""

import io
import re
import zipfile
from pathlib import Path

STAMP = (2025, 6, 19, 12, 0, 0)
DATED = re.compile(rb'(<dcterms:(?:modified|created)[^>]*>)[^<]*(<)')


def fix_zip(path: Path) -> None:
    """Rewrites the archive in its own order with one fixed time for every entry."""
    path.write_bytes(without_time(path.read_bytes()))


def without_time(archive_bytes: bytes) -> bytes:
    rewritten = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive_bytes)) as source, zipfile.ZipFile(rewritten, 'w') as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith('.xlsx'):
                content = without_time(undated_workbook(content))
            info = zipfile.ZipInfo(entry.filename, STAMP)
            info.external_attr = 0o644 << 16
            # A reader of ODF expects the first entry, its media type, uncompressed.
            info.compress_type = zipfile.ZIP_STORED if entry.filename == 'mimetype' else zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return rewritten.getvalue()


def undated_workbook(workbook: bytes) -> bytes:
    """The workbook behind a chart says when the library wrote it; nothing lets a caller choose that date."""
    rewritten = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(rewritten, 'w') as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == 'docProps/core.xml':
                content = DATED.sub(rb'\g<1>2025-06-19T12:00:00Z\g<2>', content)
            target.writestr(entry.filename, content)
    return rewritten.getvalue()
