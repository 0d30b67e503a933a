"""notice.odt: a notice of works at a level crossing, as hung on the gate."""

from pathlib import Path

from odf import dc, meta
from odf.opendocument import OpenDocumentText
from odf.style import (
    ListLevelProperties,
    MasterPage,
    PageLayout,
    PageLayoutProperties,
    ParagraphProperties,
    Style,
    TableCellProperties,
    TableColumnProperties,
    TextProperties,
)
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import H, List, ListItem, ListLevelStyleBullet, ListStyle, P

from fixed_zip import fix_zip
from railway import company

DIARY = [
    ('Mon 3 Nov', '07.00 to 18.00', 'Fencing and lamps set out. Path open with a banksman.'),
    ('Tue 4 to Fri 14 Nov', 'all day and night', 'Path closed. Old deck lifted; drain relaid beneath the track.'),
    ('Sat 15 Nov', 'from 22.40', 'Crane at work beneath floodlights. There will be noise until about 05.00.'),
    ('Mon 17 to Thu 20 Nov', 'all day', 'Path closed. New deck of recycled rubber bolted down; handrail fixed.'),
    ('Fri 21 Nov', 'from 12.00', 'Path open. Cake at the gate at 12.15, weather permitting.'),
]


def build(folder: Path) -> None:
    text = OpenDocumentText()

    def style(
        name: str, size: str, bold: bool = False, align: str = 'start', before: str = '0cm', after: str = '0.25cm'
    ) -> Style:
        made = Style(name=name, family='paragraph')
        made.addElement(ParagraphProperties(textalign=align, margintop=before, marginbottom=after))
        made.addElement(
            TextProperties(
                fontsize=size,
                fontweight='bold' if bold else 'normal',
                fontfamily='Liberation Serif',
                language='en',
                country='GB',
            )
        )
        text.styles.addElement(made)
        return made

    layout = PageLayout(name='page')
    layout.addElement(
        PageLayoutProperties(
            pagewidth='21cm',
            pageheight='29.7cm',
            margintop='2.2cm',
            marginbottom='2cm',
            marginleft='2.4cm',
            marginright='2.4cm',
        )
    )
    text.automaticstyles.addElement(layout)
    text.masterstyles.addElement(MasterPage(name='Standard', pagelayoutname=layout))
    title, heading = style('Title', '26pt', True, 'center', '0.1cm'), style('Heading', '13pt', True, before='0.3cm')
    body, small, cell = (
        style('Body', '11pt', after='0.18cm'),
        style('Small', '9pt'),
        style('Cell', '10.5pt', after='0.05cm'),
    )
    dots = ListStyle(name='Dots')
    level = ListLevelStyleBullet(level=1, bulletchar='•')
    level.addElement(ListLevelProperties(spacebefore='0.4cm', minlabelwidth='0.5cm'))
    dots.addElement(level)
    text.automaticstyles.addElement(dots)
    ruled = Style(name='Ruled', family='table-cell')
    ruled.addElement(TableCellProperties(border='0.03cm solid #444444', padding='0.1cm'))
    text.automaticstyles.addElement(ruled)

    def paragraph(words: str, of: Style = body) -> None:
        text.text.addElement(P(stylename=of, text=words))

    def section(words: str) -> None:
        text.text.addElement(H(outlinelevel=2, stylename=heading, text=words))

    def bullets(*items: str) -> None:
        made = List(stylename=dots)
        for item in items:
            entry = ListItem()
            entry.addElement(P(stylename=body, text=item))
            made.addElement(entry)
        text.text.addElement(made)

    text.text.addElement(H(outlinelevel=1, stylename=title, text='Notice of works'))
    paragraph(f'{company.NAME}, Engineer’s Office, Wick St Maur. Notice EN/25/46, posted 6 October 2025.', small)
    section('Church Path footpath crossing')
    paragraph(
        'The foot crossing at Church Path, kilometre 12.71, will be closed from Tuesday 4 to Friday 21 November 2025 so that its timber deck, which is '
        'worn and in frost is as slippery as it looks, can be taken away and a rubber one put in its place.'
    )
    section('The way round')
    bullets(
        'On foot: by Alder Lane and the subway at Wick Green, eleven minutes longer, lit at night.',
        'With a pram or wheelchair: as above; the subway has a ramp of one in fifteen on the north side.',
        'To church on Sundays: the verger will open the vicarage garden gate from 09.30 to 12.30, which saves six of the eleven minutes.',
        'With cattle: please speak to us first.',
    )
    section('What happens when')
    table = Table(name='Diary')
    for index, width in enumerate(('4cm', '3.8cm', '8.4cm')):
        column = Style(name=f'Column{index}', family='table-column')
        column.addElement(TableColumnProperties(columnwidth=width))
        text.automaticstyles.addElement(column)
        table.addElement(TableColumn(stylename=column))
    for row in [('Day', 'Hours', 'Work'), *DIARY]:
        line = TableRow()
        for words in row:
            box = TableCell(stylename=ruled)
            box.addElement(P(stylename=cell, text=words))
            line.addElement(box)
        table.addElement(line)
    text.text.addElement(table)
    section('Noise on the night of 15 November')
    paragraph(
        'Ear plugs are to be had free from the vestry, from Mrs Pym at the shop, and from the gang. Householders nearest to the line, numbers 1 to 9, have been '
        'offered a night at the Angler’s Rest at the railway’s expense; two families have asked to stay and watch the crane.'
    )
    section('Questions')
    paragraph(
        f'To {company.STRUCTURES}, Structures Engineer, on Wick 340 by day. In an emergency use the telephone on the gatepost, which is answered by '
        'the signalman at all hours. Say where you are first, and then what is wrong.'
    )
    paragraph('The orchid bank is fenced off and will not be touched.', small)
    text.meta.addElement(dc.Title(text='Notice of works: Church Path footpath crossing'))
    text.meta.addElement(meta.InitialCreator(text=company.STRUCTURES))
    path = folder / 'notice.odt'
    text.save(str(path))
    fix_zip(path)
