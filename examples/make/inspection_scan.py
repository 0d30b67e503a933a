"""inspection-scan.pdf: a typed letter and two forms, scanned; there is no text layer."""

import io
import math
from pathlib import Path

import numpy
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from railway.company import INSPECTOR
from raster import jpeg, render, scan

DPI = 170
WIDTH, HEIGHT = A4
LEFT = 26 * mm

LETTER = """
INSPECTORATE OF LIGHT RAILWAYS
Western Division, 9 Assize Lane, Dunmallow

Our ref.  ILR/58/1174                      14 November 2024

The Chief Engineer
Ostrey & Fennimoor Light Railway
Engineer's Office, Wick St Maur

Dear Dr Hallam,

HOBBIN VIADUCT, ARCH 7: EXAMINATION OF 12 NOVEMBER 2024

I write to confirm what I told Mr Quillan on the parapet.

The crown of arch 7 is wet over an area of about four square
metres. The miller, who has watched it for two winters, tells
me that the keystone weeps after northerly rain and is dry
after rain from any other quarter. I believe him. The joint
to the north of the crown has been open for some time, and
there is lime on the stones beneath it.

A crack follows the ring joint on the east face for a length
of 3.8 metres. It is 4 millimetres wide at its widest. Two
of the glass tell-tales placed on Tuesday had broken by
Thursday morning.

I do not consider that the arch is in danger of falling. I
do consider that it should not be asked to carry trains at
speed until the water is kept out of it. I therefore
require:

  1.  that no train pass over the viaduct at more than
      20 km/h from the date of this letter;
  2.  that the tell-tales be read twice in each day;
  3.  that a scheme of repair reach me by 20 December 2024;
  4.  that the arch be repaired and examined again before
      31 March 2025.

A copy of my notes is enclosed on form E.12.

                         Yours sincerely,



                         A. J. Farthingale
                         Inspecting Officer
"""

FORM_ROWS = [
    ('PART', 'FINDING', 'GRADE', 'ACTION'),
    ('Pier 6', 'Sound. Ivy at foot.', '1', 'Cut ivy'),
    ('Pier 7', 'Sound. Old repair in brick', '2', 'None'),
    ('Arch 6', 'Dry. Two spalled stones', '2', 'Watch'),
    ('Arch 7 crown', 'Wet, lime deposit', '4', 'Waterproof'),
    ('Arch 7 ring', 'Crack 3.8 m, 4 mm wide', '4', 'Stitch'),
    ('Arch 7 haunch', 'Hollow when struck', '3', 'Re-bed'),
    ('Arch 8', 'Damp at north edge', '2', 'Watch'),
    ('Parapet east', 'Coping loose, 6 stones', '3', 'Re-set'),
    ('Parapet west', 'Sound', '1', 'None'),
    ('Drain outlets', '9 of 22 blocked', '4', 'Clear at once'),
    ('Refuges', 'Handrail loose in no. 3', '3', 'Tighten'),
    ('Ballast', 'Foul over arches 6 to 8', '3', 'Renew'),
]

READINGS = [
    ('DATE', 'TIME', 'T1 mm', 'T2 mm', 'T3 mm', 'WIND', 'READ BY'),
    ('12 Nov', '09.20', '0.00', '0.00', '0.00', 'N', 'P. Quillan'),
    ('12 Nov', '16.05', '0.05', '0.00', '0.00', 'N', 'P. Quillan'),
    ('13 Nov', '08.55', '0.20', '0.15', '0.00', 'NNE', 'P. Quillan'),
    ('13 Nov', '15.40', '0.30', '0.20', '0.05', 'N', 'D. Rook'),
    ('14 Nov', '09.00', 'broken', '0.40', '0.05', 'NW', 'D. Rook'),
    ('14 Nov', '12.10', 'broken', 'broken', '0.10', 'NW', 'A.J.F.'),
]


def typed(canvas: Canvas, lines: list[str], top: float, size: float = 10.6, leading: float = 15.2) -> float:
    """Types lines with the small unevenness of a machine that has been dropped; answers the height after the last."""
    y = top
    canvas.setFillGray(0.08)
    for number, line in enumerate(lines):
        canvas.setFont('Courier-Bold' if line.isupper() else 'Courier', size)
        canvas.drawString(LEFT + 0.35 * math.sin(number * 1.7), y, line)
        y -= leading
    return y


def signature(canvas: Canvas, x: float, y: float) -> None:
    path = canvas.beginPath()
    path.moveTo(x, y)
    for i in range(1, 13):
        dx, lift = i * 9.5, 13 * math.sin(i * 2.1) + (9 if i == 1 else 0)
        path.curveTo(x + dx - 6, y + lift, x + dx - 9, y - lift * 0.7, x + dx, y + 3 * math.cos(i))
    canvas.setLineWidth(1.1)
    canvas.setStrokeGray(0.2)
    canvas.drawPath(path, stroke=1, fill=0)


def stamp(canvas: Canvas, x: float, y: float, lines: list[str]) -> None:
    canvas.saveState()
    canvas.translate(x, y)
    canvas.rotate(7)
    canvas.setStrokeGray(0.42)
    canvas.setFillGray(0.42)
    canvas.setLineWidth(1.6)
    canvas.rect(0, 0, 104, 13 * len(lines) + 8, stroke=1, fill=0)
    canvas.setFont('Helvetica-Bold', 9.5)
    for number, line in enumerate(lines):
        canvas.drawCentredString(52, 13 * (len(lines) - number) - 6, line)
    canvas.restoreState()


def punch_holes(canvas: Canvas) -> None:
    canvas.setFillGray(0.3)
    for y in (HEIGHT / 2 - 40 * mm, HEIGHT / 2 + 40 * mm):
        canvas.circle(12 * mm, y, 2.7 * mm, stroke=0, fill=1)


def form_table(
    canvas: Canvas, rows: list[tuple[str, ...]], widths: list[float], top: float, row_height: float, boxed: bool
) -> float:
    """A printed form with typed entries, ruled across and, if boxed, down; answers the height of its foot."""
    canvas.setStrokeGray(0.2)
    canvas.setLineWidth(0.7)
    right = LEFT + sum(widths)
    for number in range(len(rows) + 1):
        canvas.line(LEFT, top - number * row_height, right, top - number * row_height)
    for number in range(len(widths) + 1 if boxed else 0):
        x = LEFT + sum(widths[:number])
        canvas.line(x, top, x, top - len(rows) * row_height)
    canvas.setFillGray(0.08)
    for number, row in enumerate(rows):
        x, y = LEFT, top - number * row_height - row_height * 0.66
        for width, text in zip(widths, row):
            canvas.setFont('Helvetica-Bold' if number == 0 else 'Courier', 9 if number == 0 else 10)
            canvas.drawString(x + 7, y, text)
            x += width
    return top - len(rows) * row_height


def printed(canvas: Canvas, text: str, y: float, size: float, bold: bool = True) -> None:
    canvas.setFillGray(0.08)
    canvas.setFont('Helvetica-Bold' if bold else 'Helvetica', size)
    canvas.drawString(LEFT, y, text)


def draw_pages() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)

    punch_holes(canvas)
    y = typed(canvas, LETTER.strip('\n').split('\n'), HEIGHT - 26 * mm)
    signature(canvas, LEFT + 160, y + 50)
    stamp(canvas, WIDTH - 78 * mm, HEIGHT - 66 * mm, ['RECEIVED', '15 NOV 2024', "ENGINEER'S OFFICE"])
    canvas.showPage()

    punch_holes(canvas)
    printed(canvas, 'FORM E.12   EXAMINATION OF A MASONRY STRUCTURE', HEIGHT - 30 * mm, 13)
    printed(
        canvas,
        'To be completed on the site, in ink or by machine. Grade 1 good, 5 dangerous.',
        HEIGHT - 37 * mm,
        9,
        bold=False,
    )
    y = typed(
        canvas,
        [
            'Structure:   Hobbin Viaduct, arches 6 to 8',
            'Reference:   ILR/58/1174, sheet 2',
            f'Examined by: {INSPECTOR}, with P. Quillan',
            'Weather:     cold, wind north, rain in the night',
            'Access:      rope, from the parapet; boat, from the mill',
        ],
        HEIGHT - 50 * mm,
    )
    y = form_table(canvas, FORM_ROWS, [100, 190, 56, 106], y - 6, 27, boxed=False)
    y = typed(
        canvas,
        [
            '',
            'Remarks:',
            'Jackdaws in put-log hole of pier 6. Leave until August.',
            'Drain rods kept at the mill were lent by the miller and',
            'should be returned to him.',
        ],
        y - 8,
    )
    signature(canvas, LEFT + 250, y - 20)
    printed(canvas, 'Signed', y - 22, 9, bold=False)
    canvas.showPage()

    punch_holes(canvas)
    printed(canvas, 'FORM E.14   READINGS OF TELL-TALES AND GAUGES', HEIGHT - 30 * mm, 13)
    y = typed(
        canvas,
        [
            'Structure:   Hobbin Viaduct, arch 7, east face',
            'Reference:   ILR/58/1174, sheet 3',
            'Gauges:      T1 crown, T2 ring joint, T3 springing',
        ],
        HEIGHT - 44 * mm,
    )
    y = form_table(canvas, READINGS, [60, 54, 60, 60, 60, 52, 106], y - 6, 28, boxed=True)
    y = typed(
        canvas,
        [
            '',
            'T1 and T2 replaced 14 Nov at 12.30 with brass gauges,',
            'serial numbers 7731 and 7732, from the stores at Wick.',
            '',
            'Next reading 14 Nov 16.00, then 08.00 and 16.00 daily.',
        ],
        y - 8,
    )
    stamp(canvas, WIDTH - 76 * mm, y - 60, ['COPY TO', 'STRUCTURES FILE 23'])
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def build(folder: Path) -> None:
    generator = numpy.random.default_rng(1882)
    canvas = Canvas(str(folder / 'inspection-scan.pdf'), pagesize=A4, invariant=1)
    canvas.setTitle('Scan 2024-11-15 0911')
    for page, degrees in zip(render(draw_pages(), DPI), (1.8, -2.3, 1.5)):
        image = jpeg(scan(page, degrees, generator), 42)
        canvas.drawImage(ImageReader(io.BytesIO(image)), 0, 0, WIDTH, HEIGHT)
        canvas.showPage()
    canvas.save()
