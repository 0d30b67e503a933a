"""Track, structures, signals and crossings, rolling stock and energy."""

from railway.crossings import CROSSINGS
from railway.fleet import OTHER_STOCK, RAILCARS
from railway.structures import STRUCTURES, Structure
from report.layout import bullets, chapter, prose, section, table, thousands, topic

CONDITION = {1: 'good', 2: 'sound', 3: 'fair', 4: 'watched closely', 5: 'poor'}


def track() -> list:
    return [
        *chapter('Track and structures'),
        *section('Track'),
        *prose(
            'We maintain 47.7 kilometres of route and, with loops and sidings, 61.3 kilometres of track. A little over half is '
            'flat-bottom rail on steel sleepers; the rest is bull-head rail in chairs, much of it older than anybody who '
            'walks on it. The plan is to be rid of chaired track on the main line by 2034 and to keep it on the branch, '
            'where speeds are low and visitors like the sound.',
            'Two ganging lengths, at Wick St Maur and Cold Aske, look after the line with nineteen people, four trolleys and a '
            'tamping machine shared with a harbour railway on the mainland, which comes every September by ferry and '
            'leaves by the same means, if the sea allows, in October.',
        ),
        *table(
            'Table 10. Track renewed and maintained',
            ['Section', 'Rail renewed m', 'Sleepers', 'Ballast t', 'Tamped km', 'Broken rails'],
            [
                ('Ostrey Harbour to Quillet Bridge', '1,140', '1,690', '2,310', '6.2', 1),
                ('Quillet Bridge to Penhurrow', '820', '1,205', '1,480', '5.9', 0),
                ('Penhurrow to Dunmallow Junction', '395', '640', '905', '7.1', 2),
                ('Dunmallow Junction to Cold Aske', '210', '880', '1,120', '3.0', 1),
                ('Cold Aske to Tarrow Bridge', '1,480', '2,110', '2,640', '5.5', 3),
                ('Tarrow Bridge to Fennimoor', '0', '455', '610', '4.4', 0),
                ('Saint Orrin branch', '160', '720', '540', '1.8', 1),
                ('Total', '4,205', '7,700', '9,605', '33.9', 8),
            ],
            [48, 20, 16, 16, 16, 18],
            right=(1, 2, 3, 4, 5),
            total=True,
        ),
        *topic('Broken rails'),
        *prose(
            'Eight rails broke, against eleven. Three of the eight were in or beside Aske Tunnel before it was drained. '
            'All were found by staff on foot or by drivers who felt them; none by the ultrasonic trolley, which '
            'was away for repair in the two months when most of them broke. A second-hand trolley has been bought.'
        ),
        *topic('Drainage'),
        *prose(
            'Water does more harm to this railway than trains do. We jetted 9.8 kilometres of pipe, cleared 212 catch '
            'pits and dug out the crest ditch above Gap cutting for its whole length. At Eelpie Drove the old clay '
            'drain was found to run uphill, as several generations of gangers had maintained in the face of the plans.'
        ),
        *section('Structures'),
        *prose(
            f'The register holds sixteen major structures, on which we spent £{thousands(sum(s.spent for s in STRUCTURES))}, '
            'and 143 minor ones, which had £118,700 between them. Each major structure is examined in detail every '
            'year by our own engineer and every sixth year by an outside one. Condition is given from 1, good, to 5, '
            'poor. None stands at 5.'
        ),
        *table(
            'Table 11. Register of major structures',
            ['Number', 'Structure', 'Kilometre', 'Built', 'Condition', 'Examined', 'Spent £'],
            [
                (
                    s.number,
                    f'{s.name}<br/><font color="#5c625e">{s.kind}</font>',
                    s.km,
                    s.built,
                    s.condition,
                    s.examined,
                    thousands(s.spent),
                )
                for s in STRUCTURES
            ],
            [26, 42, 24, 14, 18, 24, 18],
            right=(3, 4, 6),
        ),
        *section('Structure by structure'),
        *(flowable for s in STRUCTURES for flowable in structure_account(s)),
    ]


def structure_account(s: Structure) -> list:
    age, known = 2025 - s.built, CONDITION[s.condition]
    openings = (
        f'Condition {s.condition}, {known}, after {age} years.',
        f'{known.capitalize()} (condition {s.condition}) when it was examined on {s.examined}.',
        f'Built in {s.built}; condition {s.condition}, {known}.',
    )
    opening = openings[int(s.number[-4:]) % 3]
    return [*topic(f'{s.name} ({s.number})'), *prose(f'{opening} {s.account}')]


def signals() -> list:
    return [
        *chapter('Signals and level crossings'),
        *section('Signalling'),
        *prose(
            'Trains are kept apart by the electric token between Dunmallow and Fennimoor and on the branch, and by axle counters and '
            'colour lights between Ostrey and Dunmallow. Both systems do the same thing, which is to make it impossible '
            'to put two trains where there is room for one. The first has been doing it here since 1892, and its spare '
            'parts are made by us. The second has been doing it since 2007, and its spare parts are no longer made by '
            'anybody.',
            'We therefore decided in November not to extend the newer system up the valley but to renew the older one, '
            'with electronic instruments that look to the signalman like the brass ones and talk to each other over the '
            'fibre laid for the County in 2022. Tarrow Bridge to Fennimoor will be the first section.',
        ),
        *table(
            'Table 12. Signal boxes',
            ['Box', 'Opened', 'Levers', 'Shifts', 'Failures', 'Minutes lost'],
            [
                ('Ostrey', 1902, 48, 3, 21, 604),
                ('Wick St Maur', 1931, 18, 2, 9, 233),
                ('Dunmallow Junction', 1886, 61, 3, 34, 1120),
                ('Cold Aske', 1883, 12, 2, 6, 212),
                ('Fennimoor', 1883, 27, 2, 11, 319),
                ('Saint Orrin ground frame', 1886, 4, 0, 3, 88),
            ],
            [44, 16, 16, 16, 16, 20],
            right=(1, 2, 3, 4, 5),
        ),
        *topic('Failures that mattered'),
        bullets(
            'On 14 April a rodent ate through the cable of the axle counter head at Quillet Bridge. The section showed occupied for five hours, and trains were talked through.',
            'On 2 July lightning destroyed the telephone and four relays at Gap Farm. Spares were on the site in fifty minutes, carried by the farmer’s daughter on a quad bicycle.',
            'On 30 November the token for Cold Aske to Tarrow Bridge was carried past its instrument to Fennimoor in a coat pocket. The coat has been given a hook.',
            'On 19 February a firmware update at Westgate put its clock back to 1970; barriers worked, and logs did not.',
        ),
        *topic('Telephones and radio'),
        *prose(
            'The radio covers 97 per cent of the route since a mast was put up at Kestrel Gap in August. Aske Tunnel has a '
            'leaky cable for the first time. The omnibus telephone, on which every box hears every other, was to have been withdrawn; '
            'after the gale, when it was the only thing that worked for eleven hours, it will not be.'
        ),
        *section('Level crossings'),
        *prose(
            'Fourteen public crossings remain of the thirty-three of 1991. The road count was taken in June on a Tuesday '
            'and a Saturday. A near miss is any event in which a person or vehicle was on the crossing with a train '
            'less than twenty seconds away.'
        ),
        *table(
            'Table 13. Level crossings',
            ['Crossing', 'Km', 'Protection', 'Vehicles a day', 'Near misses', 'Remark'],
            CROSSINGS,
            [24, 14, 32, 16, 14, 58],
            right=(3, 4),
        ),
    ]


def rolling_stock() -> list:
    total_km = sum(car.km for car in RAILCARS)
    failures = sum(car.failures for car in RAILCARS)
    return [
        *chapter('Rolling stock and energy'),
        *section('Railcars'),
        *prose(
            f'The six battery-diesel railcars ran {thousands(total_km)} kilometres and failed in traffic {failures} times, or once in '
            f'{thousands(total_km // failures)} kilometres; last year it was once in 9,870. A failure is counted when it '
            'delays a passenger by three minutes or more, and we count them ourselves, so the figure should be read '
            'by the unkind with suspicion and by the kind with interest.'
        ),
        *table(
            'Table 14. Railcar performance',
            ['No.', 'Name', 'Built', 'Kilometres', 'Failures', 'Km per failure', 'Available %'],
            [
                (c.number, c.name, c.built, thousands(c.km), c.failures, thousands(c.km_per_failure), c.availability)
                for c in RAILCARS
            ],
            [12, 24, 14, 22, 16, 24, 20],
            ruled=False,
            right=(2, 3, 4, 5, 6),
        ),
        *topic('Car by car'),
        *prose(*(f'<b>{c.number} {c.name}</b> {c.account}.' for c in RAILCARS)),
        *topic('New railcars'),
        *prose(
            'Numbers 107 and 108 were ordered in January for £2.64 million the pair, with delivery in the autumn of 2026. They '
            'will have larger batteries, wide doors at platform height, and windows that open. The names will be '
            'chosen by the pupils of the valley’s nine primary schools from a list of wading birds; the Board has reserved the '
            'right to refuse “Godwit” only if it is spelt wrongly.'
        ),
        *section('Locomotives, coaches and wagons'),
        *table(
            'Table 15. Other stock',
            ['Vehicle', 'Kind', 'Built', 'State', 'Kilometres'],
            [(*row[:4], thousands(row[4])) for row in OTHER_STOCK],
            [32, 42, 14, 40, 18],
            right=(2, 4),
        ),
        *topic('“Orrin Maid”'),
        *prose(
            'The overhaul of No. 7 took eleven years, 31,000 volunteer hours and £418,000, four fifths of it given by the public. The '
            'boiler was retubed with 162 tubes, the frames were straightened where a collision of 1937 had left them '
            'eleven millimetres out, and the original builder’s plate was bought back from a public house in another '
            'country. She burns about 11 kilograms of coal to the kilometre, and we have begun trials with a compressed '
            'fuel of waste coffee and olive stones, which smells better than either.'
        ),
        *topic('“Fulmar”'),
        *prose(
            'The boiler of No. 4 was lifted in March and sent away by road. Its firebox, which is copper and of 1898, has '
            'wasted at the foundation ring beyond what the insurers will allow. Members’ donations stood at £61,300 of '
            'the £185,000 needed at the end of the year.'
        ),
        *section('Energy'),
        *prose(
            'Energy for each train kilometre fell by 8.9 per cent, to 21.4 megajoules. The larger part came from running on '
            'batteries between Dunmallow and Cold Aske, charged from the water turbine at Hobbin Mill, which had enough '
            'water to drive it on 301 days. The smaller part came from switching engines off at stations, which was always the rule.'
        ),
        *table(
            'Table 16. Energy used',
            ['Source', 'Unit', 'This year', 'Last year', 'Share of energy %'],
            [
                ('Gas oil', 'litres', '214,600', '300,300', '51.4'),
                ('Electricity from the grid', 'kWh', '1,022,000', '968,000', '24.6'),
                ('Hobbin Mill turbine', 'kWh', '611,400', '438,700', '14.7'),
                ('Solar roofs at Fennimoor and Wick', 'kWh', '96,200', '91,500', '2.3'),
                ('Coal', 'tonnes', '34.8', '0.0', '6.8'),
                ('Wood pellets, stations', 'tonnes', '1.7', '2.1', '0.2'),
            ],
            [46, 14, 20, 20, 26],
            ruled=False,
            right=(2, 3, 4),
        ),
    ]
