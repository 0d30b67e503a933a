"""Page templates, styles and the small vocabulary that chapters are written in."""

from collections.abc import Iterable

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    ListFlowable,
    ListItem,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

from fonts import register_fonts
from railway.company import NAME, YEAR

register_fonts()

GREEN = colors.HexColor('#1d4a3a')
BRASS = colors.HexColor('#a8823a')
PALE = colors.HexColor('#eef2ec')
GREY = colors.HexColor('#5c625e')

WIDTH, HEIGHT = A4
MARGIN = 25 * mm
TEXT_WIDTH = WIDTH - 2 * MARGIN
GUTTER = 8 * mm

BODY = ParagraphStyle('body', fontName='Serif', fontSize=10, leading=14.2, spaceAfter=6.5)
NARROW = ParagraphStyle('narrow', parent=BODY, fontSize=9.2, leading=12.6, spaceAfter=5)
LEAD = ParagraphStyle(
    'lead', parent=BODY, fontName='Serif-Italic', fontSize=11.5, leading=16, textColor=GREEN, spaceAfter=10
)
SMALL = ParagraphStyle('small', parent=BODY, fontSize=8.4, leading=11.2, textColor=GREY)
CELL = ParagraphStyle('cell', fontName='Sans', fontSize=8.4, leading=10.6)
CELL_RIGHT = ParagraphStyle('cell-right', parent=CELL, alignment=TA_RIGHT)
CELL_BOLD = ParagraphStyle('cell-bold', parent=CELL, fontName='Sans-Semibold')
CELL_BOLD_RIGHT = ParagraphStyle('cell-bold-right', parent=CELL_BOLD, alignment=TA_RIGHT)
CAPTION = ParagraphStyle(
    'caption', fontName='Sans-Semibold', fontSize=8.8, leading=11.5, textColor=GREEN, spaceBefore=7, spaceAfter=3.5
)
QUOTE = ParagraphStyle(
    'quote', parent=BODY, fontName='Serif-Italic', leftIndent=9 * mm, rightIndent=9 * mm, spaceBefore=4, spaceAfter=9
)
CENTRED = ParagraphStyle('centred', parent=BODY, alignment=TA_CENTER)
HEADINGS = [
    ParagraphStyle('h1', fontName='Serif-Bold', fontSize=22, leading=27, textColor=GREEN, spaceAfter=11),
    ParagraphStyle(
        'h2', fontName='Sans-Semibold', fontSize=13.2, leading=17, textColor=GREEN, spaceBefore=11, spaceAfter=4.5
    ),
    ParagraphStyle(
        'h3', fontName='Sans-Semibold', fontSize=10.3, leading=13.4, textColor=BRASS, spaceBefore=7, spaceAfter=2.5
    ),
]


class Heading(Paragraph):
    """A heading that knows its level, for the contents list, the outline and the running header."""

    def __init__(self, text: str, level: int):
        super().__init__(text, HEADINGS[level])
        self.level = level
        self.keepWithNext = 1


class Report(BaseDocTemplate):
    """A report with a cover, front matter, one-column and two-column pages."""

    def __init__(self, path: str, draw_cover):
        super().__init__(
            path,
            pagesize=A4,
            leftMargin=MARGIN,
            rightMargin=MARGIN,
            invariant=1,
            title=f'{NAME}: Annual Report and Accounts {YEAR}',
            author=NAME,
            subject='Annual report',
            lang='en-GB',
        )
        self.chapter = ''
        bottom, top = 24 * mm, HEIGHT - 27 * mm
        whole = Frame(MARGIN, bottom, TEXT_WIDTH, top - bottom, 0, 0, 0, 0, id='whole')
        half = (TEXT_WIDTH - GUTTER) / 2
        banner_height = 40 * mm
        banner = Frame(MARGIN, top - banner_height, TEXT_WIDTH, banner_height, 0, 0, 0, 0, id='banner')

        def columns(height: float) -> list[Frame]:
            lefts = (MARGIN, MARGIN + half + GUTTER)
            return [Frame(left, bottom, half, height, 0, 0, 0, 0, id=f'column{left:.0f}') for left in lefts]

        self.addPageTemplates(
            [
                PageTemplate('cover', [whole], onPage=draw_cover),
                PageTemplate('front', [whole], onPageEnd=self.draw_furniture),
                PageTemplate('one', [whole], onPageEnd=self.draw_furniture),
                PageTemplate(
                    'two-first',
                    [banner, *columns(top - bottom - banner_height)],
                    onPageEnd=self.draw_furniture,
                    autoNextPageTemplate='two',
                ),
                PageTemplate('two', columns(top - bottom), onPageEnd=self.draw_furniture),
            ]
        )

    def beforeDocument(self) -> None:
        self.chapter = 'Contents'

    def draw_furniture(self, canvas, _doc) -> None:
        canvas.saveState()
        canvas.setFont('Sans', 8)
        canvas.setFillColor(GREY)
        canvas.drawString(MARGIN, HEIGHT - 17 * mm, NAME)
        canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 17 * mm, self.chapter)
        canvas.setStrokeColor(BRASS)
        canvas.setLineWidth(0.6)
        canvas.line(MARGIN, HEIGHT - 19 * mm, WIDTH - MARGIN, HEIGHT - 19 * mm)
        canvas.drawString(MARGIN, 14 * mm, f'Annual Report and Accounts {YEAR}')
        canvas.drawRightString(WIDTH - MARGIN, 14 * mm, f'Page {canvas.getPageNumber()}')
        canvas.restoreState()

    def afterFlowable(self, flowable: Flowable) -> None:
        if not isinstance(flowable, Heading):
            return
        text = flowable.getPlainText()
        if flowable.level == 0:
            self.chapter = text
        key = f'heading-{self.seq.nextf("heading")}'
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text, key, flowable.level, closed=flowable.level > 0)
        self.notify('TOCEntry', (flowable.level, text, self.page, key))


def contents() -> TableOfContents:
    toc = TableOfContents(dotsMinLevel=0)
    toc.tableStyle = TableStyle(
        [(f'{side}PADDING', (0, 0), (-1, -1), 0) for side in ('TOP', 'BOTTOM', 'LEFT', 'RIGHT')]
    )
    toc.levelStyles = [
        ParagraphStyle('toc1', fontName='Sans-Semibold', fontSize=10.2, leading=13, spaceBefore=6, textColor=GREEN),
        ParagraphStyle('toc2', fontName='Serif', fontSize=9.3, leading=12, leftIndent=6 * mm),
        ParagraphStyle('toc3', fontName='Serif', fontSize=8.2, leading=10.4, leftIndent=13 * mm, textColor=GREY),
    ]
    return toc


def chapter(text: str) -> list[Flowable]:
    return [NextPageTemplate('one'), PageBreak(), Heading(text, 0)]


def section(text: str) -> list[Flowable]:
    return [CondPageBreak(32 * mm), Heading(text, 1)]


def topic(text: str) -> list[Flowable]:
    return [CondPageBreak(22 * mm), Heading(text, 2)]


def prose(*paragraphs: str, style: ParagraphStyle = BODY) -> list[Flowable]:
    return [Paragraph(' '.join(text.split()), style) for text in paragraphs]


def bullets(*items: str, style: ParagraphStyle = BODY, numbered: bool = False) -> Flowable:
    marker = (
        {'bulletType': '1', 'bulletFontName': 'Sans', 'bulletFontSize': 9}
        if numbered
        else {'bulletType': 'bullet', 'start': '•', 'bulletFontName': 'Serif', 'bulletFontSize': 10}
    )
    entries = [ListItem(Paragraph(' '.join(item.split()), style), leftIndent=6 * mm) for item in items]
    return ListFlowable(entries, leftIndent=6 * mm, bulletColor=BRASS, spaceAfter=5, **marker)


def table(
    caption: str,
    head: list[str],
    rows: Iterable[Iterable[object]],
    widths: list[float],
    *,
    ruled: bool = True,
    right: Iterable[int] = (),
    total: bool = False,
) -> list[Flowable]:
    """A captioned table. `widths` are shares of the text width, `right` the right-aligned columns, `total` bolds the last row."""
    right_columns = set(right)
    body = [list(row) for row in rows]

    def cell(text: object, column: int, bold: bool) -> Paragraph:
        styles = (CELL_BOLD_RIGHT, CELL_RIGHT) if column in right_columns else (CELL_BOLD, CELL)
        return Paragraph(str(text), styles[0] if bold else styles[1])

    lines = [[cell(text, i, True) for i, text in enumerate(head)]]
    for index, row in enumerate(body):
        lines.append([cell(text, i, total and index == len(body) - 1) for i, text in enumerate(row)])

    style = [
        ('VALIGN', (0, 0), (-1, -1), 'TOP'),
        ('TOPPADDING', (0, 0), (-1, -1), 2.4),
        ('BOTTOMPADDING', (0, 0), (-1, -1), 2.8),
    ]
    if ruled:
        style += [
            ('GRID', (0, 0), (-1, -1), 0.4, colors.HexColor('#9aa79f')),
            ('BACKGROUND', (0, 0), (-1, 0), PALE),
        ]
    else:
        style += [('LEFTPADDING', (0, 0), (0, -1), 0), ('RIGHTPADDING', (-1, 0), (-1, -1), 0)]
    if total and not ruled:
        style.append(('TOPPADDING', (0, -1), (-1, -1), 6))
    share = TEXT_WIDTH / sum(widths)
    made = Table(lines, colWidths=[width * share for width in widths], repeatRows=1, spaceAfter=9)
    made.setStyle(TableStyle(style))
    heading = Paragraph(caption, CAPTION)
    if len(lines) <= 18:
        return [KeepTogether([heading, made])]
    heading.keepWithNext = 1
    return [heading, made]


def gap(height_mm: float) -> Flowable:
    return Spacer(1, height_mm * mm)


def thousands(value: float) -> str:
    return f'{value:,.0f}'


def signed(value: float) -> str:
    """A percentage with its sign, as the report prints it: +4.3, −1.2."""
    return f'{"+" if value >= 0 else "−"}{abs(value):.1f}'


def bracketed(value: int) -> str:
    """An amount as accountants print it: a negative one in brackets."""
    return f'({thousands(-value)})' if value < 0 else thousands(value)
