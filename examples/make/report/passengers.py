"""Passenger services: journeys, stations, punctuality, fares."""

from railway import calendar
from railway.stations import STATIONS, TOTAL_JOURNEYS, TOTAL_JOURNEYS_BEFORE, Station
from report.drawings import punctuality_chart
from report.layout import chapter, prose, section, signed, table, thousands, topic


def change_sentence(station: Station) -> str:
    """How use of a station moved, said in words that depend on how far and which way."""
    change, share = station.change, 100 * station.journeys / TOTAL_JOURNEYS
    count, before = thousands(station.journeys), thousands(station.journeys_before)
    if change <= -5:
        return f'Use fell hard, from {before} journeys to {count}, or by {abs(change):.1f} per cent.'
    if change < 0:
        return f'It lost a little ground: {count} journeys, against {before} the year before.'
    if change < 2:
        return f'Use was all but level at {count} journeys, {share:.1f} per cent of the line’s total.'
    if change < 5:
        return f'Journeys rose by {change:.1f} per cent to {count}.'
    if change < 10:
        return f'A strong year brought {count} journeys, {thousands(station.journeys - station.journeys_before)} more than last.'
    return f'Use leapt by {change:.1f} per cent, to {count} from {before}.'


# What an average day means at each station.
A_DAY = {
    'OSH': 'On an average day {daily} people start a journey here, and half as many again on a Saturday in August.',
    'OST': 'Of its {daily} travellers a day a quarter come before nine o’clock and do not look up.',
    'SPH': 'That is {daily} a day, and on tour days twice as many.',
    'QUB': 'Some {daily} people a day set out from here, fewer when the library is being sorted.',
    'WSM': 'At {daily} a day it is the busiest station below the junction after the two at Ostrey.',
    'PNH': 'The {daily} who start here on an average day include eleven brewers.',
    'KGP': 'The daily average, {daily}, hides the difference between a wet Tuesday and a fine Sunday.',
    'DMJ': 'Only {daily} people a day begin their journey at the junction; four times as many change there.',
    'HBM': 'On an average day {daily} people join a train here, most of them the same ones.',
    'CAS': 'It serves {daily} travellers a day and a parish of three hundred.',
    'ASU': 'The {daily} a day who did come walked, looked, drank tea and went down again.',
    'TAB': 'The platform now sees {daily} people on an average day, of whom some walked.',
    'FNW': 'Some {daily} passengers start here daily, three in ten of them with an appointment.',
    'FNM': 'It sends {daily} people a day down the hill and, on market days, nearly a thousand.',
    'OQH': 'That is {daily} a day, or one shift and a rope.',
    'STO': 'Pilgrims included, {daily} people a day set out from the village.',
}


def passengers() -> list:
    change = 100 * (TOTAL_JOURNEYS / TOTAL_JOURNEYS_BEFORE - 1)
    flow = [
        *chapter('Passenger services'),
        *section('The service we ran'),
        *prose(
            'On weekdays twenty-three trains each way served the lower part of the line between Ostrey Harbour and '
            'Dunmallow Junction, sixteen the upper part to Fennimoor and nine the branch. The pattern has not changed in '
            'its bones since 1998: an hourly train over the whole line, filled in to half-hourly at the seaward end in '
            'the morning and evening, each meeting its neighbour at Cold Aske and each waiting for the bus at Fennimoor '
            'for no longer than six minutes.',
            'Three changes were made in the year. The 07.42 from Dunmallow was given a fourth car; the last train from '
            'Ostrey on Fridays and Saturdays was moved from 22.50 to 23.20, at the request of the cinema; and the early '
            'Sunday train was extended to the Harbour to meet the first boat.',
        ),
        *section('Journeys'),
        *prose(
            f'Passengers made {thousands(TOTAL_JOURNEYS)} journeys, {change:.1f} per cent more than in the year before. The '
            'number is of journeys begun, counted from tickets, passes and the doorway counters, and adjusted for the '
            'people who travel on a day rover and change their minds.'
        ),
        *table(
            'Table 4. Journeys begun at each station',
            ['Code', 'Station', 'Opened', 'Platforms', 'This year', 'Last year', 'Change %'],
            [
                *(
                    (
                        s.code,
                        s.name,
                        s.opened,
                        s.platforms,
                        thousands(s.journeys),
                        thousands(s.journeys_before),
                        signed(s.change),
                    )
                    for s in STATIONS
                ),
                (
                    '',
                    'All stations',
                    '',
                    '',
                    thousands(TOTAL_JOURNEYS),
                    thousands(TOTAL_JOURNEYS_BEFORE),
                    signed(change),
                ),
            ],
            [10, 36, 14, 16, 20, 20, 18],
            right=(2, 3, 4, 5, 6),
            total=True,
        ),
        *table(
            'Table 5. Journeys by month',
            ['Month', 'This year', 'Last year', 'Per day'],
            [
                (month, thousands(now), thousands(before), thousands(now / 30.2))
                for month, now, before in zip(
                    calendar.MONTHS,
                    calendar.apportion(TOTAL_JOURNEYS, calendar.JOURNEY_SHARE),
                    calendar.apportion(TOTAL_JOURNEYS_BEFORE, calendar.JOURNEY_SHARE_BEFORE),
                )
            ],
            [30, 24, 24, 20],
            ruled=False,
            right=(1, 2, 3),
        ),
        *section('Station by station'),
    ]
    for station in STATIONS:
        flow += topic(station.name)
        flow += prose(
            f'{change_sentence(station)} {station.note} {A_DAY[station.code].format(daily=round(station.journeys / 362))}'
        )
    flow += punctuality()
    flow += fares()
    return flow


MONTH_REMARKS = [
    'A crossing telephone fault at Eelpie Drove cost more than any train.',
    'Steam returned, and was on time.',
    'The best month of the year.',
    'Heat, and the swing bridge.',
    'Crowds: station stops of two minutes took three.',
    'Sheep, pilgrims and fog, in that order.',
    'The gale.',
    'Buses over the pass; slow trains on the viaduct.',
    'Frozen points on six mornings.',
    'Tunnel shut; connections held for buses.',
    'The tunnel reopened on the 20th.',
    'Viaduct still slow until the 29th, but recovery time was added in the timetable.',
]


def punctuality() -> list:
    booked, cancelled = sum(calendar.TRAINS_BOOKED), sum(calendar.TRAINS_CANCELLED)
    minutes = sum(cause[1] for cause in calendar.DELAY_CAUSES)
    minutes_before = sum(cause[2] for cause in calendar.DELAY_CAUSES)
    return [
        *section('Punctuality'),
        *prose(
            f'Of {thousands(booked)} trains in the timetable {thousands(booked - cancelled)} ran. A train is on time if it reaches '
            'its last stop within five minutes of the time in the public timetable, whatever may have happened on the '
            'way. We publish each month’s figure at every station on the third working day of the next, in the same size of type '
            'whether it is good or bad.'
        ),
        punctuality_chart(),
        *table(
            'Table 6. Trains and punctuality by month',
            ['Month', 'Booked', 'Cancelled', 'On time %', 'Remark'],
            [
                *zip(
                    calendar.MONTHS,
                    map(thousands, calendar.TRAINS_BOOKED),
                    calendar.TRAINS_CANCELLED,
                    calendar.PUNCTUAL,
                    MONTH_REMARKS,
                )
            ],
            [20, 14, 16, 16, 62],
            ruled=False,
            right=(1, 2, 3),
        ),
        *prose(
            f'Delays added up to {thousands(minutes)} minutes, against {thousands(minutes_before)} the year before. Weather '
            'and the viaduct between them account for the whole of the increase and more; without those two the line '
            'had its best year since detailed records began in 2006.'
        ),
        *table(
            'Table 7. Minutes of delay by cause',
            ['Cause', 'This year', 'Last year', 'Share %'],
            [
                *(
                    (cause, thousands(now), thousands(before), f'{100 * now / minutes:.1f}')
                    for cause, now, before in calendar.DELAY_CAUSES
                ),
                ('Total', thousands(minutes), thousands(minutes_before), '100.0'),
            ],
            [56, 20, 20, 16],
            right=(1, 2, 3),
            total=True,
        ),
        *topic('Animals'),
        *prose(
            'The heading “livestock and wild animals” rose by 252 minutes. One ram at Tarrow Bridge, known to the train '
            'crews by several names, was responsible for 118 of them in person, on nine occasions, and has been sold by its '
            'owner to a farm with no railway.'
        ),
    ]


def fares() -> list:
    return [
        *section('Fares and tickets'),
        *prose(
            'Fares rose by 3.2 per cent on 2 March, the first increase for two years. The single fare from end to end '
            'is now £9.80 and the child’s fare remains one pound for any distance, which it has been since the '
            'reopening and which the Board regards as a promise.'
        ),
        *table(
            'Table 8. Tickets sold by kind',
            ['Ticket', 'Sold', 'Income £', 'Income per ticket £'],
            [
                ('Single', '241,870', '1,052,100', '4.35'),
                ('Day return', '187,340', '1,311,400', '7.00'),
                ('Line rover, one day', '41,260', '577,600', '14.00'),
                ('Weekly season', '18,930', '482,700', '25.50'),
                ('Monthly season', '5,120', '389,100', '76.00'),
                ('Child, any distance', '152,600', '152,600', '1.00'),
                ('Ferry through ticket', '33,410', '284,000', '8.50'),
                ('Dog, bicycle, pram or cello', '34,250', '68,500', '2.00'),
            ],
            [44, 20, 22, 26],
            right=(1, 2, 3),
        ),
        *prose(
            'The last row deserves a word. A member asked at the annual meeting why a cello should pay and a double '
            'bass should not. The answer is that a cello takes a seat and a double bass takes the guard’s van, where '
            'there is always room.'
        ),
    ]
