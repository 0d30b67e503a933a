"""Checks that what each question expects stands in its document, on its page, on one line, and in no other document."""

import email
import email.policy
import html
import json
import re
import sys
import zipfile
from pathlib import Path

import pypdfium2

import inspection_scan
import photo_notice

EXAMPLES = Path(__file__).parent.parent
DOCUMENTS = EXAMPLES / 'documents'

PAGE_NAMES = {'.pptx': r'ppt/slides/slide(\d+)\.xml', '.xlsx': r'xl/worksheets/sheet(\d+)\.xml'}
TEXT_NAMES = {'.docx': r'word/document\.xml', '.odt': r'content\.xml', '.epub': r'OEBPS/.*\.xhtml'}
PARAGRAPH_END = re.compile(r'</(?:w:p|a:p|text:p|text:h|p|h1|li|row)>')


def plain(markup: str) -> str:
    return html.unescape(re.sub(r'<[^>]+>', '', PARAGRAPH_END.sub('\n', markup)))


def workbook_pages(archive: zipfile.ZipFile) -> list[str]:
    """The sheets with their shared strings put back."""
    shared = [
        plain(item) for item in re.findall(r'<si>(.*?)</si>', archive.read('xl/sharedStrings.xml').decode(), re.S)
    ]
    names = sorted(name for name in archive.namelist() if re.fullmatch(PAGE_NAMES['.xlsx'], name))
    return [
        '\n'.join(shared[int(i)] for i in re.findall(r't="s"><v>(\d+)</v>', archive.read(name).decode()))
        for name in names
    ]


def pdf_pages(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def pages(path: Path) -> list[str]:
    """The text of a document, page by page; one page where it has none. Pictures answer what was drawn in them."""
    if path.name == 'inspection-scan.pdf':
        return pdf_pages(inspection_scan.draw_pages())
    if path.name == 'photo-notice.png':
        return ['\n'.join(text for _, _, text in photo_notice.LINES)]
    if path.suffix == '.pdf':
        return pdf_pages(path.read_bytes())
    if path.suffix == '.eml':
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        return [message.get_body(('plain',)).get_content()]
    if path.suffix == '.xlsx':
        with zipfile.ZipFile(path) as archive:
            return workbook_pages(archive)
    if path.suffix in TEXT_NAMES or path.suffix in PAGE_NAMES:
        pattern = TEXT_NAMES.get(path.suffix) or PAGE_NAMES[path.suffix]
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if re.fullmatch(pattern, name)]
            names.sort(key=lambda name: [int(number) for number in re.findall(r'\d+', name)])
            texts = [plain(archive.read(name).decode()) for name in names]
        return texts if path.suffix in PAGE_NAMES else ['\n'.join(texts)]
    return [path.read_text(encoding='utf-8').replace('"', '')]


def main() -> None:
    texts = {path.name: pages(path) for path in sorted(DOCUMENTS.iterdir())}
    questions = json.loads((EXAMPLES / 'questions.json').read_text(encoding='utf-8'))
    faults = [f'no question asks about {name}' for name in texts if name not in {q['document'] for q in questions}]
    for question in questions:
        phrase = question['expect']
        found = {
            name: [i for i, page in enumerate(parts, 1) if any(phrase in line for line in page.splitlines())]
            for name, parts in texts.items()
        }
        places = {name: numbers for name, numbers in found.items() if numbers}
        wanted = {question['document']: [question['page'] or 1]}
        if places != wanted:
            faults.append(f'{phrase!r}: expected at {wanted}, found at {places}')
    print(
        '\n'.join(faults)
        or f'{len(questions)} questions, {len(texts)} documents: every phrase stands where it should and nowhere else'
    )
    sys.exit(bool(faults))


if __name__ == '__main__':
    main()
