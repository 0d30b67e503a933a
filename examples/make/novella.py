"""novella.epub: a short book in six chapters, from the plain text under text/novella."""

import html
import zipfile
from pathlib import Path

from fixed_zip import STAMP

TITLE, AUTHOR = 'The Ninth Lamp', 'Perpetua Lowe'
IDENTIFIER = 'urn:uuid:0f1e7a52-9d0b-4b65-8a55-1884000000a5'
SOURCES = Path(__file__).parent / 'text' / 'novella'

CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""

STYLE = """body { font-family: serif; line-height: 1.45; margin: 5%; }
h1 { font-size: 1.4em; text-align: center; margin: 2em 0 1.5em; }
p { margin: 0; text-indent: 1.3em; }
h1 + p { text-indent: 0; }
.title { text-align: center; text-indent: 0; margin: 1em 0; }
"""


def page(title: str, body: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="en-GB" lang="en-GB">
<head><title>{html.escape(title)}</title><link rel="stylesheet" type="text/css" href="style.css"/></head>
<body>
{body}
</body>
</html>
"""


def chapter(source: Path) -> tuple[str, str]:
    title, *paragraphs = source.read_text(encoding='utf-8').strip().split('\n\n')
    body = '\n'.join(f'<p>{html.escape(paragraph, quote=False)}</p>' for paragraph in paragraphs)
    return title, page(title, f'<h1>{html.escape(title)}</h1>\n{body}')


def package(names: list[str]) -> str:
    items = '\n'.join(
        f'    <item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>' for name in names
    )
    spine = '\n'.join(f'    <itemref idref="{name}"/>' for name in names)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en-GB">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:identifier id="id">{IDENTIFIER}</dc:identifier>
    <dc:title>{TITLE}</dc:title>
    <dc:creator>{AUTHOR}</dc:creator>
    <dc:language>en-GB</dc:language>
    <meta property="dcterms:modified">2025-06-19T12:00:00Z</meta>
  </metadata>
  <manifest>
    <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
    <item id="style" href="style.css" media-type="text/css"/>
{items}
  </manifest>
  <spine>
{spine}
  </spine>
</package>
"""


def build(folder: Path) -> None:
    sources = sorted(SOURCES.glob('*.txt'))
    opening = page(
        TITLE,
        f'<h1>{TITLE}</h1>\n<p class="title">{AUTHOR}</p>\n<p class="title">Written in the hut at Aske Summit, January to Easter 2025</p>',
    )
    chapters = [chapter(source) for source in sources]
    names = [f'chapter-{source.stem}' for source in sources]
    links = '\n'.join(f'<li><a href="{name}.xhtml">{title}</a></li>' for name, (title, _) in zip(names, chapters))
    files = {
        'mimetype': 'application/epub+zip',
        'META-INF/container.xml': CONTAINER,
        'OEBPS/book.opf': package(['title', *names]),
        'OEBPS/nav.xhtml': page('Contents', f'<nav epub:type="toc"><h1>Contents</h1><ol>\n{links}\n</ol></nav>'),
        'OEBPS/style.css': STYLE,
        'OEBPS/title.xhtml': opening,
    }
    for name, (_, text) in zip(names, chapters):
        files[f'OEBPS/{name}.xhtml'] = text
    with zipfile.ZipFile(folder / 'novella.epub', 'w') as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_STORED if name == 'mimetype' else zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
