"""Safety: the figures, the incidents, the recommendations."""

from report.layout import chapter, prose, section, table, topic

INCIDENTS = [
    (
        '24/019',
        '14 April 2024',
        'Quillet Bridge',
        'A train was talked past a signal at danger, with authority, and then past a second '
        'one, without. The driver stopped of his own accord after sixty metres. The form of words has been changed so that an '
        'authority names one signal only and ends with the word “stop”.',
    ),
    (
        '24/043',
        '3 August 2024',
        'Quay Parade crossing',
        'A delivery rider passed beneath a lowering barrier nine seconds before a railcar. The '
        'rider had earphones in. Cameras and a louder bell were fitted, and the rider wrote the text of our new poster.',
    ),
    (
        '24/058',
        '17 August 2024',
        'Ostrey Harbour',
        'A child of four fell between train and platform and was lifted out unhurt by the guard. The gap '
        'on the curve was 210 millimetres; a rubber edge has brought it to 75.',
    ),
    (
        '24/071',
        '18 October 2024',
        'Gap Farm',
        'Railcar 106 ran into a fallen tree at 22 km/h. The driver had been warned and was driving at caution. '
        'One passenger had coffee spilt on her. The coupler’s crush element was used up, as designed.',
    ),
    (
        '24/077',
        '2 November 2024',
        'Gap cutting',
        'About half a cubic metre of rock fell into the netting. The slip wire worked, the signals went '
        'to danger and the first train stopped 340 metres short.',
    ),
    (
        '24/084',
        '21 November 2024',
        'Cold Aske',
        'A contractor’s trolley, left without its brake pinned, ran 1.4 kilometres downhill and came to rest '
        'in the loop against the buffer of a standing ballast wagon. Nobody was near. The contractor’s site manager has gone, and '
        'every trolley now carries a chain and a padlock in a colour that can be seen.',
    ),
    (
        '24/096',
        '11 January 2025',
        'Aske Summit',
        'A member of staff slipped on ice and broke an ankle on the way to de-ice the steps. Grit bins are '
        'now at both ends of each platform, so that nobody need walk over ice to fetch grit.',
    ),
    (
        '24/117',
        '8 March 2025',
        'Dunmallow Junction',
        'Smoke from a refreshment-room toaster set off the alarm in the signal box above, which was '
        'evacuated for six minutes with three trains moving. The detectors are now on separate circuits and the toaster has been '
        'moved to where it can do no harm.',
    ),
]


def safety() -> list:
    return [
        *chapter('Safety'),
        *prose(
            'No passenger has been killed or seriously injured on this railway since it was reopened. We begin each Board '
            'meeting with that sentence and with the question of what might make it untrue.'
        ),
        *section('The figures'),
        *table(
            'Table 17. Accidents and incidents',
            ['', '2022–23', '2023–24', '2024–25'],
            [
                ('Passengers, minor injuries', 14, 17, 15),
                ('Staff and volunteers, injuries with absence', 6, 4, 5),
                ('Members of the public, injuries', 1, 0, 1),
                ('Signals passed without authority', 3, 2, 1),
                ('Trains derailed in traffic', 0, 0, 0),
                ('Wagons derailed in sidings', 2, 4, 2),
                ('Fires', 1, 0, 0),
                ('Near misses at crossings', 7, 6, 4),
                ('Assaults on staff', 3, 5, 4),
                ('Trespass reported', 41, 38, 52),
                ('Close calls reported by staff', 119, 187, 264),
            ],
            [60, 20, 20, 20],
            right=(1, 2, 3),
        ),
        *prose(
            'We want the last row to rise. A close call is something that might have hurt somebody and did not; the 264 cards '
            'handed in are 264 chances that were free of charge. The best card of the year, chosen by the staff, came from a '
            'cleaner who noticed that the fire bucket outside the lamp room at Fennimoor had paraffin in it.'
        ),
        *section('Incidents that we learned from'),
        *(
            flowable
            for number, day, place, account in INCIDENTS
            for flowable in (*topic(f'Incident {number}: {place}'), *prose(f'{day}. {account}'))
        ),
        *section('Recommendations of the Inspectorate'),
        *prose(
            'Two recommendations of the Inspectorate of Light Railways remained open from earlier years and nine were made in '
            'this. Nine of those eleven were closed before 31 March.'
        ),
        *table(
            'Table 18. Recommendations',
            ['Reference', 'Subject', 'Due', 'State'],
            [
                ('ILR 23/07', 'Second means of escape from Dunmallow box', '30 Jun 2024', 'Closed 11 Jun 2024'),
                ('ILR 23/12', 'Lift or ramp at Ostrey Town', '31 Mar 2026', 'Open; design complete'),
                ('ILR 24/01', 'Form of words for passing signals', '31 May 2024', 'Closed 20 May 2024'),
                ('ILR 24/02', 'Platform gap at Ostrey Harbour', '30 Sep 2024', 'Closed 29 Aug 2024'),
                ('ILR 24/03', 'Competence records of volunteers', '31 Oct 2024', 'Closed 30 Oct 2024'),
                ('ILR 24/04', 'Lamp hoods at Mill Cottages', '30 Nov 2024', 'Closed 4 Nov 2024'),
                ('ILR 24/05', 'Trolley brakes and chains', '31 Dec 2024', 'Closed 12 Dec 2024'),
                ('ILR 24/06', 'Examination of arch 7, Hobbin Viaduct', '31 Mar 2025', 'Closed 28 Mar 2025'),
                ('ILR 24/07', 'Sea wall alarm to a second box', '31 Jan 2025', 'Closed 22 Jan 2025'),
                ('ILR 24/08', 'Grit at both platform ends', '28 Feb 2025', 'Closed 14 Feb 2025'),
                ('ILR 24/09', 'Timber trestle, Orrin incline', '31 Oct 2026', 'Open; three of nine bents renewed'),
            ],
            [22, 58, 24, 40],
        ),
    ]
