"""meeting-minutes.docx: minutes of the Operations and Safety Committee."""

from datetime import datetime
from pathlib import Path

from docx import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from fixed_zip import fix_zip
from railway import company

GREEN = RGBColor(0x1D, 0x4A, 0x3A)

PRESENT = [
    ('Samira Behzadi', 'Member director, in the chair', 'in person'),
    (company.GENERAL_MANAGER, 'General Manager', 'in person'),
    (company.OPERATIONS, 'Head of Operations', 'in person'),
    (company.CHIEF_ENGINEER, 'Chief Engineer', 'by telephone to 15.20, then in person'),
    (company.SIGNALS, 'Signal Engineer', 'in person'),
    ('Lettice Okonjo', 'Staff director', 'in person'),
    (company.ROLLING_STOCK, 'Rolling Stock Manager', 'in person'),
    (company.SECRETARY, 'Secretary, minutes', 'in person'),
]

ACTIONS = [
    ('2025/027', 'Second look at the evacuation of Dunmallow box, with a stopwatch', company.OPERATIONS, '14 Feb 2025'),
    (
        '2025/028',
        'Write to the owner of the ram at Tarrow Bridge, kindly but for the third time',
        company.GENERAL_MANAGER,
        '31 Jan 2025',
    ),
    ('2025/029', 'Price heated gloves for point-clearing gangs, twelve pairs', company.ROLLING_STOCK, '29 Jan 2025'),
    ('2025/030', 'Trial of hooks for tokens in all cabs', 'Lettice Okonjo', '28 Feb 2025'),
    (
        '2025/031',
        'Borrow thermal camera from the fire brigade to look for wet masonry',
        company.STRUCTURES,
        '7 Feb 2025',
    ),
    ('2025/032', 'Tell the choir', company.SECRETARY, 'at once'),
    ('2025/033', 'Report on bus drivers who cannot find Saltpans Halt', company.OPERATIONS, '12 Mar 2025'),
]


class Minutes:
    """The document and the three or four shapes that minutes are made of."""

    def __init__(self) -> None:
        self.document = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        header = section.header.paragraphs[0]
        header.text = f'{company.NAME}\tOperations and Safety Committee'
        header.paragraph_format.tab_stops.clear_all()
        header.style.paragraph_format.tab_stops.clear_all()
        header.paragraph_format.tab_stops.add_tab_stop(Cm(16), WD_TAB_ALIGNMENT.RIGHT)
        section.footer.paragraphs[0].text = 'Confidential to members of the Committee until confirmed'
        normal = self.document.styles['Normal']
        normal.font.name, normal.font.size = 'Georgia', Pt(10.5)
        normal.paragraph_format.space_after = Pt(6)
        for level, size in ((1, 13), (2, 11.5)):
            style = self.document.styles[f'Heading {level}']
            style.font.name, style.font.size, style.font.color.rgb = 'Calibri', Pt(size), GREEN
            style.element.rPr.rFonts.set(qn('w:asciiTheme'), 'majorHAnsi')

    def title(self, text: str, below: str) -> None:
        self.document.add_heading(text, 0)
        self.document.add_paragraph(below)

    def item(self, heading: str, *paragraphs: str) -> None:
        self.document.add_heading(heading, 1)
        for text in paragraphs:
            self.document.add_paragraph(text)

    def sub_item(self, heading: str, *paragraphs: str) -> None:
        self.document.add_heading(heading, 2)
        for text in paragraphs:
            self.document.add_paragraph(text)

    def points(self, *texts: str, numbered: bool = False) -> None:
        for text in texts:
            self.document.add_paragraph(text, style='List Number' if numbered else 'List Bullet')

    def resolved(self, text: str) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.add_run('RESOLVED ').bold = True
        paragraph.add_run(text)

    def table(self, head: tuple[str, ...], rows: list[tuple[str, ...]], widths_cm: list[float]) -> None:
        table = self.document.add_table(rows=1, cols=len(head))
        table.style = 'Table Grid'
        table.autofit = False
        for column, width in zip(table.columns, widths_cm):
            column.width = Cm(width)
        for cell, text in zip(table.rows[0].cells, head):
            cell.paragraphs[0].add_run(text).bold = True
            shade = OxmlElement('w:shd')
            shade.set(qn('w:val'), 'clear')
            shade.set(qn('w:fill'), 'E6ECE7')
            cell._tc.get_or_add_tcPr().append(shade)
        for row in rows:
            for cell, text in zip(table.add_row().cells, row):
                cell.text = text
        for row in table.rows:
            for cell, width in zip(row.cells, widths_cm):
                cell.width = Cm(width)
                cell.paragraphs[0].paragraph_format.space_after = Pt(2)
        self.document.add_paragraph()


def build(folder: Path) -> None:
    minutes = Minutes()
    minutes.title(
        'Minutes of the Operations and Safety Committee',
        'Held in the goods office, Dunmallow Junction, on Wednesday 22 January 2025 from 14.00 to 16.45',
    )
    minutes.item('1. Present')
    minutes.table(('Name', 'Office', 'Attended'), PRESENT, [5, 6, 5])
    minutes.document.add_paragraph(
        'Apologies: The Revd Callum Haigh, who was conducting a funeral. Peter Quillan was on the viaduct and sent a note.'
    )

    minutes.item(
        '2. Minutes of 11 December 2024',
        'Confirmed, after “the Committee was horrified” in item 6 had been changed to “the Committee noted with concern”.',
    )
    minutes.item(
        '3. Matters arising',
        'Of nine actions seven were done. The two that remain are the new lock for the lamp room, which has come without a key, and '
        'the letter to the County about grit, which the County says has not arrived and of which it has sent us a copy.',
    )

    minutes.item('4. Aske Tunnel: second closure', 'Dr Hallam reported from the northern portal.')
    minutes.points(
        'Work stopped on 9 January when bats were found behind the lining at chainage 214. A licensed handler came on the 11th.',
        'Work began again on the morning of the 14th, with a hundred metres taped off.',
        'The concrete of 15 January failed at seven days, this morning: 21 newtons where 35 were asked for. About eighteen cubic metres must come out.',
        'The contractor has not yet agreed who pays. The Committee advised against shouting.',
    )
    minutes.resolved(
        'to move the reopening from 12 to 20 February and to tell passengers the true reason, including the bats.'
    )

    minutes.item('5. Hobbin Viaduct')
    minutes.sub_item(
        '5.1 Speed restriction',
        'Drivers have kept to the restriction without exception. Mr Tallantire asked for the lineside boards to be moved forty metres '
        'out, since in snow they cannot be read from the present place before the brake must be applied.',
    )
    minutes.sub_item(
        '5.2 Repair',
        'Mr Quillan’s note said that drilling would begin on 3 February in night possessions of five hours, that the grout mix had '
        'been settled, and that he would be grateful if somebody could send up dry socks.',
    )
    minutes.resolved('to approve the method statement, revision C, and to send the socks.')

    minutes.item(
        '6. Cold of 10 to 12 January',
        'The Committee thanked Bethan Ruddock and Iolo Marsh, who kept the points at Cold Aske clear by hand for fourteen hours. Mr Cobb was asked '
        'about point heaters. He said that the supply at Cold Aske would run either the heaters or the kettle.',
    )
    minutes.points(
        'Gloves: to be priced (action 2025/029).',
        'Relief: nobody is to be out for more than three hours below minus five.',
        'Kettle: to be replaced by a gas ring.',
    )

    minutes.item(
        '7. Late trains on choir nights',
        'The choir of Fennimoor rehearses on the last Friday of the month until half past nine. The 21.40 leaves when the altos are still on the stairs. '
        'Driver Okonjo said that the crew would not mind waiting, provided that the sopranos do not wait for each other as well.',
    )
    minutes.resolved(
        'that on the last Friday of each month the 21.40 from Fennimoor be held for eleven minutes, and that the connection at Dunmallow wait for it.'
    )

    minutes.item(
        '8. Incident 24/084: the runaway trolley',
        'The Committee watched the recording from the mast at Cold Aske twice. It asked why the trolley had not derailed at the trap points. '
        'Ms Oduya explained that the trap had been clipped out of use for the possession, by the book, and that the book was wrong.',
    )
    minutes.points(
        'The rule is changed: traps stay in use whenever any vehicle is on the gradient.',
        'Trolleys are to be chained, with a padlock painted orange, whenever nobody has a hand on them.',
        'The handbook will carry the change from issue 9.',
        numbered=True,
    )

    minutes.item(
        '9. Any other business',
        'Ms Oduya reported that the new semaphore for Wick St Maur had been delivered left-handed. It will be exchanged. Mr Frobe was asked whether '
        'the Committee might meet one month in a room with a stove.',
    )
    minutes.item('10. Actions')
    minutes.table(('Number', 'Action', 'Owner', 'By'), ACTIONS, [2.2, 7.4, 4, 2.6])
    minutes.item(
        '11. Next meeting',
        'Wednesday 26 February 2025 at 14.00, at Fennimoor, in the ticket office, where there is a stove.',
    )

    properties = minutes.document.core_properties
    properties.title, properties.author = (
        'Minutes of the Operations and Safety Committee, 22 January 2025',
        company.SECRETARY,
    )
    properties.comments = ''
    properties.created = properties.modified = datetime(2025, 1, 24, 10, 0)
    path = folder / 'meeting-minutes.docx'
    minutes.document.save(str(path))
    fix_zip(path)
