"""timetable-and-budget.xlsx: the winter timetable, the budget and the renewals, as the office keeps them."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import xlsxwriter

from railway import company
from railway.stations import STATIONS

# Minutes after departure from the Harbour at each station of the main line, stops included.
RUNNING_MINUTES = [0, 4, 9, 15, 21, 27, 34, 42, 49, 57, 66, 72, 79, 84]

# number, first departure, last station served (index), days, remark
DEPARTURES = [
    ('1D01', time(5, 48), 13, 'MF', 'Mails; milk empties to Tarrow Bridge'),
    ('1D03', time(6, 35), 13, 'MF', ''),
    ('2D05', time(7, 5), 7, 'MF', 'School traffic'),
    ('1D07', time(7, 42), 13, 'MS', 'Four cars on schooldays'),
    ('2D09', time(8, 12), 4, 'MF', 'Starts from platform 2'),
    ('1D11', time(8, 45), 13, 'D', ''),
    ('1D13', time(9, 50), 13, 'D', 'Meets the 09.30 boat'),
    ('1D15', time(10, 50), 13, 'D', ''),
    ('1D17', time(11, 50), 13, 'D', 'Dining car on Sundays'),
    ('1D19', time(12, 50), 13, 'D', ''),
    ('1D21', time(13, 50), 13, 'D', ''),
    ('1D23', time(14, 50), 13, 'D', 'Meets the 14.20 boat'),
    ('2D25', time(15, 25), 7, 'MF', 'Schooldays only'),
    ('1D27', time(15, 50), 13, 'D', ''),
    ('1D29', time(16, 35), 13, 'MF', 'Four cars'),
    ('1D31', time(17, 20), 13, 'MS', ''),
    ('1D33', time(18, 20), 13, 'D', ''),
    ('1D35', time(19, 50), 13, 'D', ''),
    ('1D37', time(21, 20), 13, 'MS', ''),
    ('1D39', time(23, 20), 7, 'FS', 'Fridays and Saturdays; cinema'),
]

# code, cost centre, budget head, last year's outturn, this year's budget, remark
BUDGET = [
    (4010, 'Income', 'Passenger fares', 4318000, 4660000, 'Full year of the March 2025 fares'),
    (4020, 'Income', 'Public service contract', 2150000, 2206000, 'Index 2.6 per cent'),
    (4030, 'Income', 'Freight and mails', 946000, 1035000, 'Slate berth open all year'),
    (4040, 'Income', 'Grants and donations', 731000, 470000, 'No appeal assumed'),
    (4050, 'Income', 'Steam and charters', 612000, 660000, '61 days of steam'),
    (4060, 'Income', 'Property and catering', 437000, 452000, ''),
    (4070, 'Income', 'Parcels', 88000, 94000, ''),
    (4090, 'Income', 'Other', 64000, 40000, ''),
    (5110, 'Staff', 'Drivers and guards', -1421000, -1498000, 'Two more drivers from March'),
    (5120, 'Staff', 'Stations', -803000, -829000, ''),
    (5130, 'Staff', 'Signal boxes', -548000, -571000, ''),
    (5140, 'Staff', 'Track and structures', -711000, -744000, ''),
    (5150, 'Staff', 'Workshops', -472000, -490000, ''),
    (5160, 'Staff', 'Office', -172000, -176000, ''),
    (6210, 'Running', 'Gas oil', -301000, -288000, '205,000 litres'),
    (6220, 'Running', 'Electricity', -249000, -262000, ''),
    (6230, 'Running', 'Coal and trial fuels', -38000, -41000, '36 tonnes'),
    (6310, 'Running', 'Insurance', -341000, -388000, 'Quoted 11 March 2025'),
    (6320, 'Running', 'Information technology', -198000, -205000, ''),
    (6330, 'Running', 'Marketing and timetables', -143000, -149000, ''),
    (7310, 'Works', 'Track materials', -612000, -640000, ''),
    (7320, 'Works', 'Structures', -620000, -470000, 'Viaduct finished'),
    (7330, 'Works', 'Drainage', -162000, -190000, ''),
    (7340, 'Works', 'Sandbags and flood boards', 0, -6250, 'New head after the October gale'),
    (7350, 'Works', 'Railcar parts', -704000, -688000, ''),
    (7360, 'Works', 'Locomotive and coach parts', -214000, -221000, ''),
    (8010, 'Other', 'Property costs', -276000, -284000, ''),
    (8020, 'Other', 'Depreciation', -812000, -861000, ''),
    (8030, 'Other', 'Interest', -97000, -92000, ''),
    (8040, 'Other', 'Audit and fees', -61000, -58000, ''),
    (8050, 'Other', 'Contingency', -132000, -115750, 'Includes sardines, £180'),
]

RENEWALS = [
    (
        'RN-2501',
        'Harbour wall, stage 1',
        date(2025, 5, 6),
        date(2025, 10, 3),
        940000,
        0.62,
        'Tides above 5.1 m stop work',
    ),
    ('RN-2502', 'Viaduct drainage, arches 1 to 6', date(2025, 6, 2), date(2025, 9, 12), 128000, 1.0, ''),
    (
        'RN-2503',
        'Token instruments, upland',
        date(2025, 9, 15),
        date(2026, 3, 20),
        210000,
        0.15,
        'Instruments from the makers in two lots',
    ),
    (
        'RN-2504',
        'Incline trestle, bents 4 to 6',
        date(2025, 11, 3),
        date(2026, 2, 20),
        96000,
        0.0,
        'Larch felled, seasoning at Hobbin Mill',
    ),
    ('RN-2505', 'Lift, Ostrey Town', date(2026, 1, 12), date(2026, 9, 25), 465000, 0.05, 'Grant letter signed'),
    (
        'RN-2506',
        'Rail, kilometres 29 to 31',
        date(2025, 10, 6),
        date(2025, 11, 14),
        188000,
        0.0,
        'Second-hand 54 kg rail',
    ),
    (
        'RN-2507',
        'Point heaters, Cold Aske',
        date(2025, 9, 1),
        date(2025, 10, 31),
        37500,
        0.4,
        'Needs the new supply cable first',
    ),
    ('RN-2508', 'Platform lamps, Kestrel Gap', date(2025, 8, 4), date(2025, 8, 15), 4800, 1.0, ''),
    (
        'RN-2509',
        'Turntable bearing, Fennimoor',
        date(2026, 2, 2),
        date(2026, 2, 27),
        22400,
        0.0,
        'Bearing cast; to be scraped in by hand',
    ),
    (
        'RN-2510',
        'Crossing barriers, Mill Cottages',
        date(2026, 3, 2),
        date(2026, 12, 11),
        310000,
        0.0,
        'Subject to order',
    ),
]


def build(folder: Path) -> None:
    book = xlsxwriter.Workbook(str(folder / 'timetable-and-budget.xlsx'))
    book.set_properties(
        {
            'title': 'Winter timetable and budget 2025–26',
            'author': company.FINANCE,
            'created': datetime(2025, 6, 19, 12),
        }
    )
    title = book.add_format({'bold': True, 'font_size': 15, 'font_color': '#1d4a3a'})
    head = book.add_format(
        {'bold': True, 'bg_color': '#1d4a3a', 'font_color': 'white', 'text_wrap': True, 'valign': 'top', 'border': 1}
    )
    clock = book.add_format({'num_format': 'hh:mm', 'align': 'center'})
    pounds = book.add_format({'num_format': '#,##0;[Red]-#,##0'})
    bold_pounds = book.add_format({'num_format': '#,##0;[Red]-#,##0', 'bold': True, 'top': 1})
    day = book.add_format({'num_format': 'd mmm yyyy', 'align': 'left'})
    share = book.add_format({'num_format': '0 %'})
    timetable(book, title, head, clock)
    budget(book, title, head, pounds, bold_pounds)
    renewals(book, title, head, day, pounds, share, bold_pounds)
    for sheet in book.worksheets():
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
    book.close()


def timetable(book, title, head, clock) -> None:
    sheet = book.add_worksheet('Timetable')
    main = [station.name for station in STATIONS if not station.branch]
    sheet.write(0, 0, 'Down trains, Ostrey Harbour to Fennimoor, from 14 December 2025', title)
    sheet.write(
        1,
        0,
        'MF Mondays to Fridays; MS Mondays to Saturdays; FS Fridays and Saturdays; D daily. No trains on 25 December.',
    )
    sheet.write_row(3, 0, ['Train', 'Days', *main, 'Remark'], head)
    sheet.set_row(3, 46)
    for row, (number, start, last, days, remark) in enumerate(DEPARTURES, 4):
        sheet.write_row(row, 0, [number, days])
        for index, minutes in enumerate(RUNNING_MINUTES[: last + 1]):
            at = datetime.combine(date(2025, 12, 14), start) + timedelta(minutes=minutes)
            sheet.write_datetime(row, 2 + index, at.time(), clock)
        sheet.write(row, 2 + len(main), remark)
    sheet.set_column(0, 1, 6)
    sheet.set_column(2, 15, 9.5)
    sheet.set_column(16, 16, 36)
    sheet.freeze_panes(4, 2)


def budget(book, title, head, pounds, bold_pounds) -> None:
    sheet = book.add_worksheet('Budget 2025-26')
    sheet.write(0, 0, 'Budget for the year to 31 March 2026, pounds', title)
    sheet.write(1, 0, 'Approved by the Board on 20 March 2025. Spending is negative.')
    sheet.write_row(3, 0, ['Code', 'Group', 'Head', 'Outturn 2024-25', 'Budget 2025-26', 'Change', 'Remark'], head)
    first = 4
    for row, (code, group, name, before, now, remark) in enumerate(BUDGET, first):
        sheet.write_row(row, 0, [code, group, name])
        sheet.write_number(row, 3, before, pounds)
        sheet.write_number(row, 4, now, pounds)
        sheet.write_formula(row, 5, f'=E{row + 1}-D{row + 1}', pounds, now - before)
        sheet.write(row, 6, remark)
    last = first + len(BUDGET)
    sums = [sum(line[index] for line in BUDGET) for index in (3, 4)]
    sheet.write(last, 2, 'Surplus')
    for column, value in zip('DEF', [*sums, sums[1] - sums[0]]):
        sheet.write_formula(f'{column}{last + 1}', f'=SUM({column}{first + 1}:{column}{last})', bold_pounds, value)
    sheet.set_column(0, 1, 9, book.add_format({'align': 'left'}))
    sheet.set_column(2, 2, 28)
    sheet.set_column(3, 5, 15)
    sheet.set_column(6, 6, 40, book.add_format({'indent': 1}))
    sheet.freeze_panes(4, 0)


def renewals(book, title, head, day, pounds, share, bold_pounds) -> None:
    sheet = book.add_worksheet('Renewals')
    sheet.write(0, 0, 'Renewals: state at 30 September 2025', title)
    sheet.write_row(2, 0, ['Number', 'Work', 'Start', 'Finish', 'Days', 'Cost £', 'Done', 'Remark'], head)
    first = 3
    for row, (number, work, start, finish, cost, done, remark) in enumerate(RENEWALS, first):
        sheet.write_row(row, 0, [number, work])
        sheet.write_datetime(row, 2, datetime.combine(start, time()), day)
        sheet.write_datetime(row, 3, datetime.combine(finish, time()), day)
        sheet.write_formula(row, 4, f'=D{row + 1}-C{row + 1}+1', None, (finish - start).days + 1)
        sheet.write_number(row, 5, cost, pounds)
        sheet.write_number(row, 6, done, share)
        sheet.write(row, 7, remark)
    last = first + len(RENEWALS)
    sheet.write(last, 1, 'Total')
    sheet.write_formula(last, 5, f'=SUM(F{first + 1}:F{last})', bold_pounds, sum(line[4] for line in RENEWALS))
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 34)
    sheet.set_column(2, 3, 13)
    sheet.set_column(4, 6, 10)
    sheet.set_column(7, 7, 42, book.add_format({'indent': 1}))
