"""The diary of the year, in two columns."""

from reportlab.platypus import FrameBreak, NextPageTemplate, PageBreak

from report.layout import NARROW, Heading, prose

DIARY = {
    'April 2024': [
        'The summer timetable began on the 7th with a fourth weekday train to Saint Orrin. Eleven people and a whippet '
        'rode the first one.',
        'Railcar 101 left the works with its new battery and ran from Dunmallow to Fennimoor in silence. A signalman '
        'at Cold Aske, who listens for trains, was not amused.',
        'The weighbridge at Slate Wharf was condemned after ninety-eight years and replaced by one that prints.',
    ],
    'May 2024': [
        '“Orrin Maid” worked the 10.20 from Dunmallow on the 17th. The Lord Lieutenant was to have driven the first '
        'hundred yards but had hurt her wrist; her place was taken by the oldest ticket holder present, who had last '
        'been on that footplate in 1958 without permission.',
        'Members voted by 1,204 to 87 to keep cash at ticket offices.',
        'Swifts came back to Fennimoor goods shed on the 9th, three days early.',
    ],
    'June 2024': [
        'The health centre opposite Fennimoor West opened on the 3rd. Within a fortnight the 09.14 was the fullest '
        'train of the morning.',
        'The Midsummer Mail ran overnight from the Harbour to the Summit, with a sorting van and 6,400 letters '
        'franked on the way.',
        'Best month of the year for punctuality, at 95.6 per cent.',
    ],
    'July 2024': [
        'The swing bridge stuck open on the 19th, 23rd and 30th in temperatures above thirty degrees. Its wedges now '
        'have parasols.',
        'Eleven hundred pupils of Penhurrow school left for the last time by special train; the headteacher waved '
        'until it was out of sight, then caught the bus.',
        'Quay Parade level crossing was painted by night, in the dry, for the first time in living memory.',
    ],
    'August 2024': [
        'Busiest day of the year: Saturday the 17th, 7,926 journeys, with all six railcars, both diesels and the '
        'wooden coaches in use at once.',
        'A delivery rider passed under the lowering barrier at Quay Parade on the 3rd. He apologised in person and is '
        'now a volunteer.',
        'Tarrow Bridge car park was more than doubled and filled in nine days.',
    ],
    'September 2024': [
        'The Saint Orrin pilgrimage fell on a fine Saturday, the 21st. Eleven trains; nobody was left behind.',
        'The gathering of the moor flocks put 4,800 sheep across Aske Drove crossing in two days. Trains ran between '
        'flocks by arrangement with the head shepherd, who has been issued with a timetable and a railway radio.',
        'The County agreed to pay two fifths of a lift at Ostrey Town.',
    ],
    'October 2024': [
        'The gale of the 18th is described in the General Manager’s review. Gust of 131 km/h at Aske Summit; waves '
        'over the harbour light; line breached at 05.32.',
        'Quarry stone began to arrive at the breach on the 20th, and by the 22nd the tide no longer reached the '
        'ballast.',
        'The cab of railcar 106, which had met a beech, was lifted off on the 25th.',
    ],
    'November 2024': [
        'First tunnel closure, from the 4th. Buses took thirty-eight minutes over the pass and ran in fog on nine days.',
        'Trains returned to Ostrey Harbour on the 6th by the landward track.',
        'Arch 7 of Hobbin Viaduct was found to be leaking and cracked, on the 12th. Two days later trains were '
        'slowed over the whole structure.',
    ],
    'December 2024': [
        'Santa trains carried 21,870 people. One Santa, whose beard is his own, made forty-four trips and had no '
        'voice by Christmas Eve.',
        'The plough “Old Grievance” went out on the 9th, her one hundred and twenty-second winter.',
        'The goods shed at Dunmallow was lit for the first carol night; the choir of Fennimoor came down by train.',
    ],
    'January 2025': [
        'Coldest night: −8.7 degrees at the Summit on the 11th. Points at Cold Aske were kept free by hand for '
        'fourteen hours by two people, who have both been thanked and both been given better gloves.',
        'Second tunnel closure began on the 6th; bats were found on the 9th.',
        'The contract for railcars 107 and 108 was signed on the 28th, with Brandt & Halvorsen of Lisse.',
    ],
    'February 2025': [
        'Edmund Vane-Tempest Cole, first chair of the Society, was carried to Saint Orrin behind No. 7 on the 14th.',
        'Aske Tunnel reopened on the 20th. The first train was the milk empties.',
        'New drivers Asta Lindqvist and Joel Pemberton passed out on the same afternoon, on the same train, in turn.',
    ],
    'March 2025': [
        'The permanent repair of the sea wall was finished on the 6th.',
        'The speed restriction over Hobbin Viaduct was lifted on the 29th, before the first train.',
        'Wick St Maur received its reversing signal, the first new semaphore on the line since 1931. It has been '
        'given a name, which is not printable in a report to members.',
    ],
}


def diary() -> list:
    flow = [
        NextPageTemplate('two-first'),
        PageBreak(),
        Heading('Diary of the year', 0),
        *prose(
            'From the occurrence books at Ostrey, Dunmallow and Fennimoor, from station cats’ correspondents, and from '
            'memory. Times are railway time, which is to say ordinary time observed by everybody.'
        ),
        FrameBreak(),
    ]
    for month, entries in DIARY.items():
        flow += [Heading(month, 1), *prose(*entries, style=NARROW)]
    return flow
