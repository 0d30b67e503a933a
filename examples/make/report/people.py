"""Staff, volunteers and the cat."""

from report.layout import bullets, chapter, prose, section, table, topic


def people() -> list:
    return [
        *chapter('People'),
        *section('Staff'),
        *prose(
            'We employed 118 people at the year end, or 103.4 measured as full time. Forty-four are women, against thirty-one five years ago. The average '
            'length of service is 9.3 years; the longest is that of Walter Inskip, relief signalman, who joined the old railway as a '
            'lad porter in 1963, was made redundant by it in 1966, and was waiting on the platform when the new one advertised.'
        ),
        *table(
            'Table 19. Staff by department',
            ['Department', 'People', 'Full-time equivalent', 'Vacancies', 'Apprentices'],
            [
                ('Drivers and guards', 37, '34.2', 1, 3),
                ('Stations and tickets', 26, '20.1', 0, 0),
                ('Signal boxes', 14, '13.0', 1, 1),
                ('Track and structures', 19, '18.5', 2, 2),
                ('Workshops', 13, '12.6', 0, 3),
                ('Office', 9, '5.0', 0, 0),
                ('Total', 118, '103.4', 4, 9),
            ],
            [44, 18, 30, 18, 20],
            ruled=False,
            right=(1, 2, 3, 4),
            total=True,
        ),
        *topic('Pay'),
        *prose(
            'The agreement of July 2024 gave 4.5 per cent to all grades and a further £400 to those below grade four. The highest '
            'salary is 3.4 times the lowest; the members’ rule of 1998 says that it may not exceed four.'
        ),
        *topic('Training'),
        *table(
            'Table 20. Training completed',
            ['Course', 'People', 'Days each', 'Where'],
            [
                ('Driver, full route', 4, 148, 'On the line'),
                ('Guard', 6, 31, 'On the line'),
                ('Signalman, electric token', 3, 64, 'Cold Aske'),
                ('Track safety', 71, 1, 'Wick St Maur'),
                ('Lime mortar', 8, 3, 'Saint Orrin'),
                ('First aid', 55, 2, 'Various'),
                ('Welcoming deaf and blind passengers', 29, 1, 'Ostrey'),
                ('Fireman, steam', 7, 22, 'Dunmallow'),
                ('Working with bees', 2, 1, 'Penhurrow'),
            ],
            [56, 16, 18, 32],
            right=(1, 2),
        ),
        *section('Volunteers'),
        *prose(
            'Six hundred and twelve people gave 61,240 hours. At the living wage that is three quarters of a million pounds, a sum that '
            'we print because we are asked to and do not believe in, since none of them would have done it for that.',
            'The largest group is the Friday Gang, retired in name, who painted Cold Aske, Tarrow Bridge and each other. The youngest '
            'is the junior section at Dunmallow, whose members are between nine and fifteen, and who built the model of the junction on which '
            'signalmen now train.',
        ),
        *table(
            'Table 21. Volunteer hours',
            ['Work', 'Hours', 'People'],
            [
                ('Steam and coaches', '22,910', 148),
                ('Stations and gardens', '14,385', 207),
                ('Trains: guards, stewards, catering', '9,640', 96),
                ('Track and lineside', '6,120', 58),
                ('Archive, museum and school visits', '4,455', 41),
                ('Everything else', '3,730', 62),
                ('Total', '61,240', 612),
            ],
            [60, 20, 20],
            ruled=False,
            right=(1, 2),
            total=True,
        ),
        *section('Telegraph'),
        *prose(
            'The junction cat, Telegraph, completed her sixth year as Assistant Mouser, Grade 2. She accounted for 143 mice and a single, '
            'disputed, stoat, and is paid in sardines against a voucher that the auditors have asked to see and have seen. She '
            'boarded the 17.05 to Saint Orrin without authority on 6 August, was returned by the 18.10, and has since been '
            'issued with a staff pass in her own name, with photograph.'
        ),
        *section('Thanks and farewells'),
        bullets(
            'Nora Gathercole retired from Quillet Bridge booking office after twenty-six years, having sold, by her own tally, 1.1 million tickets.',
            'Sid Aubrey-Lunt, fitter, retired from Dunmallow works; his lathe has been offered to the museum and declined by the works.',
            'Asta Lindqvist and Joel Pemberton qualified as drivers in February.',
            'Driver Lettice Okonjo was re-elected as staff director without a contest.',
        ),
    ]
