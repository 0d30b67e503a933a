"""Community and heritage."""

from report.layout import bullets, chapter, prose, section, table


def community() -> list:
    return [
        *chapter('Community and heritage'),
        *section('Schools'),
        *prose(
            'Two hundred and eleven school parties, 5,940 children, rode to the museum at Dunmallow or to the summit. The commonest question asked of '
            'drivers was whether the train has a steering wheel. The second was whether the driver is allowed to go to the '
            'toilet. Both are answered in a leaflet.'
        ),
        *section('The museum'),
        *prose('The museum in the old lamp room had 18,300 visitors. Among the gifts of the year were:'),
        bullets(
            'the single-line staff of 1879, lettered OSTREY–DUNMALLOW, found serving as a curtain rod in Wick St Maur;',
            'eleven glass negatives of the building of Hobbin Viaduct, by the contractor’s wife, Adelaide Rooke;',
            'a porter’s whistle dug up at Kestrel Gap by a dog;',
            'the minute book of the Mutual Improvement Class of 1911 to 1926, with a debate on whether women could fire a locomotive, carried in favour, and a note that one had been doing so since 1917.',
        ),
        *section('Arts on the line'),
        *prose(
            'The writer in residence spent the winter in the hut at Aske Summit and finished a novella about a lamp-man. The '
            'choir of Fennimoor sang in nine trains. A string quartet played all of the Harbour timetable, set to music by a '
            'pupil of Penhurrow as her farewell to her school: the connection at Dunmallow is in seven-eight.'
        ),
        *section('Accessibility'),
        *table(
            'Table 25. Access at stations',
            ['Measure', 'Stations with it', 'Change in the year'],
            [
                ('Step-free to every platform', '12 of 16', '+1'),
                ('Step-free to at least one platform', '14 of 16', '0'),
                ('Ramp kept at the platform', '15 of 16', '+3'),
                ('Tactile edge', '11 of 16', '+2'),
                ('Spoken train announcements', '13 of 16', '+4'),
                ('Hearing loop at the counter', '6 of 6 staffed', '+1'),
                ('Quiet room', '2 of 6 staffed', '+1'),
                ('Timetable at a height that a child or wheelchair user can read', '16 of 16', '+16'),
            ],
            [70, 30, 26],
            right=(1, 2),
        ),
        *prose(
            'The last row was suggested by an eight-year-old in a letter of two lines. It cost £310 and took a week.'
        ),
        *section('Grants that we gave'),
        *prose(
            'The community fund takes a penny from each ticket. It gave £7,900 in sums of up to £800: to the Wick defibrillator, '
            'the Cold Aske village hall roof, swimming lessons for Saint Orrin, a translation of the timetable into four '
            'languages heard at the Harbour, the Tarrow Bridge bell ropes, and nine others.'
        ),
    ]
