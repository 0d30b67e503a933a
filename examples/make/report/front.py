"""Cover, imprint, contents, the Chair's statement and the year at a glance."""

from reportlab.platypus import NextPageTemplate, PageBreak, Paragraph

from railway import calendar, money, stations
from railway.company import CHAIR, GENERAL_MANAGER, NAME, OFFICE, REGISTERED, SOCIETY, YEAR
from report.drawings import draw_cover_scene, journeys_chart, line_diagram
from report.layout import (
    BRASS,
    GREEN,
    HEADINGS,
    HEIGHT,
    LEAD,
    MARGIN,
    QUOTE,
    SMALL,
    bullets,
    chapter,
    contents,
    gap,
    prose,
    section,
    signed,
    table,
    thousands,
)

PUNCTUALITY = sum(calendar.PUNCTUAL) / 12


def draw_cover(canvas, _doc) -> None:
    canvas.saveState()
    draw_cover_scene(canvas)
    canvas.setFillColor(GREEN)
    canvas.setFont('Serif-Bold', 34)
    canvas.drawString(MARGIN, HEIGHT - 150, 'Annual Report')
    canvas.drawString(MARGIN, HEIGHT - 190, 'and Accounts')
    canvas.setFont('Sans', 16)
    canvas.setFillColor(BRASS)
    canvas.drawString(MARGIN, HEIGHT - 220, 'for the year to 31 March 2025')
    canvas.setFillColor(GREEN)
    canvas.setFont('Sans-Semibold', 13)
    canvas.drawString(MARGIN, HEIGHT - 80, NAME)
    canvas.setFont('Sans', 9)
    canvas.drawString(MARGIN, HEIGHT - 94, 'From the sea to the summit since 1879')
    canvas.restoreState()


def imprint() -> list:
    return [
        NextPageTemplate('front'),
        PageBreak(),
        gap(118),
        *prose(f'{SOCIETY}', style=HEADINGS[1]),
        *prose(
            f'{REGISTERED}. Registered office: {OFFICE}. Telephone enquiries are answered by a person between 07.00 and 19.00.',
            'Principal bankers: Hartmoor Savings Bank, Ostrey. Auditors: Pell & Duckworth LLP, Dunmallow. Solicitors: '
            'Quarrie Stone, Fennimoor. Independent competent person for structures: Marsh & Adair Consulting Engineers.',
            f'This report was approved by the Board on 19 June 2025 and signed on its behalf by {CHAIR}, Chair, and '
            f'{GENERAL_MANAGER}, General Manager. It will be laid before the members at the annual general meeting in '
            'the goods shed at Dunmallow on Saturday 12 July 2025 at 14.00. Trains from both ends of the line arrive in time.',
            'Printed by the Penhurrow Press on paper made from hop bines. Large print, audio and Easy Read versions are '
            'kept at every staffed station. Set in Source Serif and Source Sans.',
            style=SMALL,
        ),
    ]


def contents_pages() -> list:
    return [PageBreak(), Paragraph('Contents', HEADINGS[0]), contents()]


def chairs_statement() -> list:
    change = 100 * (stations.TOTAL_JOURNEYS / stations.TOTAL_JOURNEYS_BEFORE - 1)
    return [
        *chapter('Chair’s statement'),
        *prose(
            'A railway that starts on a harbour wall and ends on a moor is at the mercy of two kinds of weather. This '
            'year we had both, at once, on the same Friday.',
            style=LEAD,
        ),
        *prose(
            'At about half past five on the morning of 18 October the sea came over the parapet at Ostrey and took a part '
            'of it away. Ninety minutes later a beech tree that had stood beside Gap Farm since before the railway came '
            'down across the line in front of the first train from Dunmallow. Nobody was hurt in either place. By the '
            'evening we had buses at every station, quarry stone on its way from Saint Orrin in our own wagons, and a '
            'bowl of soup in the hands of every passenger who had reached Dunmallow and could get no further. I was not '
            'asked to approve the soup. I approve of it.',
            f'The figures in this report show a railway in better health than those two photographs in the newspapers '
            f'suggested. We carried {thousands(stations.TOTAL_JOURNEYS)} passengers, {change:.1f} per cent more than the year '
            f'before, and made a surplus of £{money.SURPLUS},000 after a deficit of £{-money.SURPLUS_BEFORE},000. The relining of '
            'Aske Tunnel, the largest single work since the reopening, was finished. A steam locomotive that had '
            'stood cold for eleven years returned to traffic and has paid for its own coal.',
            'They also show what it cost. Cash fell by two thirds. We spent the reserve that we keep for bad winters, in '
            'a bad winter, which is what it is for; but it is spent, and the Board’s first duty in the coming year is to '
            'build it up again before we promise anything new. Members will find the plain arithmetic under “Reserves” in '
            'the financial review, and I would ask that it be read before the wish list is.',
            'One matter needs to be said without decoration. The crack in arch 7 of Hobbin Viaduct was found by our own '
            'examination, but the stain below it had been visible from the mill path for two years, had been photographed '
            'by walkers, and had been reported to us, twice, on postcards. The postcards were filed under compliments, '
            'because they had a nice view of the viaduct on the front. We have changed how we read our post. We have also '
            'written to both correspondents, and one of them now walks the line with us every quarter.',
        ),
        *prose('“A railway is a long thin village, and everybody in it looks out of the window.”', style=QUOTE),
        *prose(
            'That sentence is from the speech that my predecessor, Edmund Vane-Tempest Cole, gave when the first train of the '
            'new company arrived in Fennimoor in 1998. Edmund died in February, aged ninety-one, and was carried from '
            'Tarrow Bridge to Saint Orrin behind No. 7 on a morning of hard frost, with the whole of the upland service '
            'running eleven minutes late and not one complaint. We shall miss his voice at meetings and his habit of '
            'paying for a first-class ticket on trains that have had no first class since 1939.',
            'I thank the staff, the volunteers, the County, the Harbour Trust, our 4,862 members, and the people who come '
            'out in the rain to hold a gate. Three directors retire by rotation at the annual meeting and offer '
            'themselves again; I am one of them.',
        ),
        *prose(f'<b>{CHAIR}</b><br/>Chair, 19 June 2025'),
    ]


def at_a_glance() -> list:
    booked, cancelled = sum(calendar.TRAINS_BOOKED), sum(calendar.TRAINS_CANCELLED)
    income, income_before = money.total(money.INCOME)
    rows = [
        (
            'Passenger journeys',
            thousands(stations.TOTAL_JOURNEYS),
            thousands(stations.TOTAL_JOURNEYS_BEFORE),
            signed(100 * (stations.TOTAL_JOURNEYS / stations.TOTAL_JOURNEYS_BEFORE - 1)) + ' %',
        ),
        ('Trains booked to run', thousands(booked), '17,904', signed(100 * (booked / 17904 - 1)) + ' %'),
        ('Trains cancelled', thousands(cancelled), '214', signed(100 * (cancelled / 214 - 1)) + ' %'),
        ('On time within five minutes', f'{PUNCTUALITY:.1f} %', '93.5 %', f'{signed(PUNCTUALITY - 93.5)} points'),
        ('Freight lifted, tonnes', '48,630', '51,975', signed(100 * (48630 / 51975 - 1)) + ' %'),
        (
            'Income',
            f'£{thousands(income)},000',
            f'£{thousands(income_before)},000',
            signed(100 * (income / income_before - 1)) + ' %',
        ),
        ('Surplus (deficit)', f'£{money.SURPLUS},000', f'(£{-money.SURPLUS_BEFORE},000)', ''),
        ('Employees, full-time equivalent', '103.4', '101.8', '+1.6 %'),
        ('Volunteer hours', '61,240', '57,905', '+5.8 %'),
        ('Members', '4,862', '4,617', '+5.3 %'),
        ('Energy used, gigajoules', '14,980', '16,240', '−7.8 %'),
        ('Passengers killed or seriously injured', 'none', 'none', ''),
    ]
    return [
        *chapter('The year at a glance'),
        *table(
            f'Table 1. Key figures {YEAR}',
            ['', 'This year', 'Last year', 'Change'],
            [(f'<b>{row[0]}</b>', *row[1:]) for row in rows],
            [46, 20, 20, 18],
            ruled=False,
            right=(1, 2, 3),
        ),
        *section('What went well'),
        bullets(
            'Aske Tunnel was relined and drained, and the speed limit in it raised from 40 to 65 km/h.',
            'Locomotive No. 7, “Orrin Maid”, returned to service on 17 May after eleven years, and steam and charter income rose by more than three quarters.',
            'Fennimoor West passed sixty thousand journeys, twice what was forecast when it was opened in 2004.',
            'Fuel cost fell by £79,000 as the railcars ran farther on their batteries.',
            'The Inspectorate of Light Railways closed nine of its eleven outstanding recommendations.',
        ),
        *section('What did not'),
        bullets(
            'Punctuality missed the target of 94 per cent in seven months of twelve.',
            'Slate traffic fell by a tenth when the export quay at Ostrey was closed behind the damaged wall.',
            'The tunnel was handed back eight days late, and six school days were lost to buses.',
            'Two drivers left for the main line and were not replaced until March; Sunday services on the branch suffered for it.',
        ),
        *section('Where the railway goes'),
        *prose(
            'The main line runs 41.6 kilometres from the sea at Ostrey Harbour to the market town of Fennimoor, over a '
            'summit of 287 metres. A branch of 6.1 kilometres leaves it at Dunmallow Junction for the slate village of '
            'Saint Orrin. The line is of metre gauge, double for its first 1.3 kilometres and single beyond, with five passing loops.'
        ),
        line_diagram(),
        *section('Journeys month by month'),
        journeys_chart(),
    ]


def review() -> list:
    return [
        *chapter('General Manager’s review'),
        *section('What we set out to do'),
        *prose(
            'The business plan of March 2024 set ten objectives. I report on each of them, including those that I '
            'would rather not, in the order in which they were written.'
        ),
        *table(
            'Table 2. Objectives for the year and what became of them',
            ['No.', 'Objective', 'Result', 'Met'],
            [
                (
                    '1',
                    'Finish the relining of Aske Tunnel by 12 February',
                    'Finished 20 February, 64 days of closure instead of 56',
                    'Late',
                ),
                ('2', 'Run 94 per cent of trains on time', f'{PUNCTUALITY:.1f} per cent', 'No'),
                ('3', 'Carry 1,065,000 passengers', thousands(stations.TOTAL_JOURNEYS), 'Yes'),
                ('4', 'Return locomotive No. 7 to service', 'First public train 17 May', 'Yes'),
                ('5', 'Order two railcars', 'Contract signed 28 January for numbers 107 and 108', 'Yes'),
                ('6', 'Break even before grants for capital works', f'Surplus of £{money.SURPLUS},000', 'Yes'),
                ('7', 'Close ten recommendations of the Inspectorate', 'Nine closed', 'No'),
                ('8', 'Cut energy for each train kilometre by 5 per cent', 'Cut by 8.9 per cent', 'Yes'),
                ('9', 'Sell half of all tickets before travel', '46 per cent', 'No'),
                ('10', 'Make every staffed station accessible by ramp', 'All but Ostrey Town platform 2', 'Partly'),
            ],
            [8, 52, 52, 12],
        ),
        *section('The October gale'),
        *prose(
            'A forecast of severe gales reached us at 16.10 on the Thursday. We do what the handbook says in such cases: '
            'the late trains were booked to stable at Dunmallow and Fennimoor instead of at the Harbour, two gangs slept '
            'in the mess vans, and the plough siding was cleared so that an engine could get out at either end. That '
            'decision kept five of our six railcars on the right side of the breach and is the reason that there was an '
            'upland service at all on the Friday afternoon.',
            'The line between Ostrey Harbour and Ostrey Town was shut for nineteen days, and single-line working on the '
            'landward track lasted until the first week of March. I want to record what the slate people did. Forty '
            'hours after the breach the quarry had cut, for nothing, six hundred tonnes of armour stone in blocks that '
            'our cranes could lift, and its drivers worked the Sunday to load it.',
            'We learned three things. The sea wall alarm, which rings in Ostrey box, is of no use when Ostrey box is '
            'being evacuated; it now rings at Dunmallow as well. Bus operators need a station name that a driver from '
            'another county can find, and “Saltpans Halt” is not one. And passengers forgive a great deal when somebody '
            'walks along the platform and tells them the truth every quarter of an hour, even if it is the same truth.',
        ),
        *section('Aske Tunnel'),
        *prose(
            'The tunnel was the cause of a permanent speed restriction for thirty years and of most of our broken rails '
            'in winter, since water that came through the lining froze on them. The work was planned as two blocks of '
            'closure, in November and in January, to keep the school traffic moving before Christmas.',
            'The first block went well. The second began with the discovery of a roost of bats behind the old lining, in '
            'a place that two surveys had missed, and the law rightly stopped us for five days until they could be '
            'moved by licensed hands. Three more days went to a batch of sprayed concrete that failed its test. The '
            'cost, after grant, is within one per cent of the sum approved.',
            'Passengers notice the difference most by ear. The tunnel no longer drips.',
        ),
        *section('Customers and what they told us'),
        *prose(
            'We received 1,312 letters, messages and visits that asked for an answer: 611 complaints, 388 compliments, '
            '204 suggestions and 109 that fit no heading. The average time to a full answer was 4.6 working days.'
        ),
        *table(
            'Table 3. Subjects of complaint',
            ['Subject', 'This year', 'Last year', 'What was done'],
            [
                ('Late or cancelled trains', 218, 141, 'Cause and expected time now announced at all stations'),
                ('Crowding', 96, 88, 'Fourth car on the 07.42 and 16.35 from May'),
                ('Buses instead of trains', 84, 22, 'Two operators dropped from the list'),
                ('Heating, too little', 47, 63, 'Trial heat pump in railcar 105'),
                ('Heating, too much', 31, 12, 'Trial heat pump in railcar 105, adjusted'),
                ('Tickets and refunds', 52, 57, 'Refunds by station staff up to £40'),
                ('Staff', 19, 24, 'Each answered by the manager in person'),
                ('Noise of the whistle', 28, 9, 'Explained; No. 7 has a deep one'),
                ('Everything else', 36, 40, ''),
                ('Total', 611, 456, ''),
            ],
            [34, 14, 14, 52],
            right=(1, 2),
            total=True,
        ),
        *prose(f'<b>{GENERAL_MANAGER}</b><br/>General Manager'),
    ]
