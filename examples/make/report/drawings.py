"""Vector drawings of the report: cover scene, line diagram, charts."""

import math

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.charts.linecharts import HorizontalLineChart
from reportlab.graphics.shapes import Circle, Drawing, Group, Line, PolyLine, String
from reportlab.lib import colors
from reportlab.lib.units import mm

from railway import calendar, stations
from report.layout import BRASS, GREEN, GREY, HEIGHT, PALE, TEXT_WIDTH, WIDTH

# Height of the line in metres at each station of the main line.
ALTITUDES = [4, 9, 5, 12, 27, 44, 96, 118, 126, 214, 287, 231, 196, 189]


def draw_cover_scene(canvas) -> None:
    """Hills, sea and the eleven arches of the viaduct."""
    canvas.setFillColor(colors.HexColor('#f6f2e6'))
    canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    for base, rise, period, shade in ((300, 64, 210, '#cfd9cc'), (246, 46, 150, '#a9bfae'), (196, 30, 118, '#7f9f8b')):
        path = canvas.beginPath()
        path.moveTo(0, 0)
        for x in range(0, int(WIDTH) + 8, 6):
            path.lineTo(x, base + rise * math.sin(x / period) + 12 * math.sin(x / 37))
        path.lineTo(WIDTH, 0)
        path.close()
        canvas.setFillColor(colors.HexColor(shade))
        canvas.drawPath(path, stroke=0, fill=1)
    canvas.setFillColor(colors.HexColor('#5d7468'))
    deck, arch = 212, WIDTH / 11
    canvas.rect(0, deck, WIDTH, 15, stroke=0, fill=1)
    for i in range(11):
        left = i * arch
        path = canvas.beginPath()
        path.moveTo(left, 60)
        path.lineTo(left, deck)
        path.lineTo(left + arch, deck)
        path.lineTo(left + arch, 60)
        path.lineTo(left + arch - 7, 60)
        path.lineTo(left + arch - 7, deck - 32)
        path.curveTo(left + arch - 7, deck - 4, left + 7, deck - 4, left + 7, deck - 32)
        path.lineTo(left + 7, 60)
        path.close()
        canvas.drawPath(path, stroke=0, fill=1)
    canvas.setFillColor(GREEN)
    canvas.rect(0, 0, WIDTH, 66, stroke=0, fill=1)
    for left in (250, 312):
        canvas.roundRect(left, deck + 17, 58, 20, 4, stroke=0, fill=1)
        canvas.setFillColor(colors.HexColor('#f0dfae'))
        for i in range(5):
            canvas.rect(left + 6 + i * 10, deck + 26, 7, 7, stroke=0, fill=1)
        canvas.setFillColor(GREEN)
    canvas.setFillColor(colors.white)
    canvas.setFont('Sans', 9)
    canvas.drawString(25 * mm, 30, 'Laid before the members at Dunmallow, 12 July 2025')


def line_diagram() -> Drawing:
    """The gradient profile with the names of the stations."""
    drawing = Drawing(TEXT_WIDTH, 72 * mm)
    base, left = 24 * mm, 26
    main = [station for station in stations.STATIONS if not station.branch]
    points_per_km = (TEXT_WIDTH - left - 8) / 41.6
    points = [(left + station.km * points_per_km, base + altitude * 0.36) for station, altitude in zip(main, ALTITUDES)]
    drawing.add(Line(left, base - 6, TEXT_WIDTH - 8, base - 6, strokeColor=GREY, strokeWidth=0.4))
    x, y = points[7]
    end = x + 6.1 * points_per_km
    drawing.add(PolyLine([x, y, x + 14, y - 14, end, y - 18], strokeColor=BRASS, strokeWidth=1.6))
    drawing.add(Circle(end, y - 18, 2.4, fillColor=colors.white, strokeColor=BRASS, strokeWidth=1.1))
    drawing.add(String(end + 6, y - 20, 'Saint Orrin', fontName='Sans', fontSize=7, fillColor=GREY))
    drawing.add(PolyLine([value for point in points for value in point], strokeColor=GREEN, strokeWidth=2.2))
    slant = (math.cos(0.9), math.sin(0.9), -math.sin(0.9), math.cos(0.9))
    for station, altitude, (x, y) in zip(main, ALTITUDES, points):
        drawing.add(Circle(x, y, 2.4, fillColor=colors.white, strokeColor=GREEN, strokeWidth=1.1))
        drawing.add(
            String(x - 2, y + 6, f'{altitude} m', fontName='Sans', fontSize=6.4, fillColor=BRASS, textAnchor='middle')
        )
        name = String(0, 0, station.name, fontName='Sans', fontSize=7, fillColor=GREY, textAnchor='end')
        drawing.add(Group(name, transform=(*slant, x + 3, base - 12)))
    return drawing


def journeys_chart() -> Drawing:
    drawing = Drawing(TEXT_WIDTH, 50 * mm)
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 30, 18, TEXT_WIDTH - 34, 50 * mm - 26
    chart.data = [
        [value / 1000 for value in calendar.apportion(stations.TOTAL_JOURNEYS_BEFORE, calendar.JOURNEY_SHARE_BEFORE)],
        [value / 1000 for value in calendar.apportion(stations.TOTAL_JOURNEYS, calendar.JOURNEY_SHARE)],
    ]
    chart.bars[0].fillColor, chart.bars[1].fillColor = colors.HexColor('#c9d3cb'), GREEN
    for i in (0, 1):
        chart.bars[i].strokeColor = None
    chart.groupSpacing = 6
    chart.categoryAxis.categoryNames = [month[:3] for month in calendar.MONTHS]
    for axis in (chart.categoryAxis, chart.valueAxis):
        axis.labels.fontName, axis.labels.fontSize, axis.labels.fillColor = 'Sans', 7, GREY
        axis.strokeColor = GREY
    chart.valueAxis.valueMin, chart.valueAxis.valueMax, chart.valueAxis.valueStep = 0, 140, 20
    chart.valueAxis.visibleGrid, chart.valueAxis.gridStrokeColor = True, PALE
    drawing.add(chart)
    drawing.add(
        String(
            30,
            50 * mm - 6,
            'Thousands of journeys; pale bars show the year before',
            fontName='Sans',
            fontSize=7,
            fillColor=GREY,
        )
    )
    return drawing


def punctuality_chart() -> Drawing:
    drawing = Drawing(TEXT_WIDTH, 44 * mm)
    chart = HorizontalLineChart()
    chart.x, chart.y, chart.width, chart.height = 30, 18, TEXT_WIDTH - 34, 44 * mm - 26
    chart.data = [calendar.PUNCTUAL, [94] * 12]
    chart.lines[0].strokeColor, chart.lines[0].strokeWidth = GREEN, 2
    chart.lines[1].strokeColor, chart.lines[1].strokeDashArray = BRASS, (3, 2)
    chart.categoryAxis.categoryNames = [month[:3] for month in calendar.MONTHS]
    for axis in (chart.categoryAxis, chart.valueAxis):
        axis.labels.fontName, axis.labels.fontSize, axis.labels.fillColor = 'Sans', 7, GREY
        axis.strokeColor = GREY
    chart.valueAxis.valueMin, chart.valueAxis.valueMax, chart.valueAxis.valueStep = 86, 98, 2
    drawing.add(chart)
    drawing.add(
        String(
            30,
            44 * mm - 6,
            'Per cent on time; the broken line is the target',
            fontName='Sans',
            fontSize=7,
            fillColor=GREY,
        )
    )
    return drawing
