"""Governance, risks, the plan for the coming year and the appendices."""

from railway.company import DIRECTORS
from report.layout import bullets, chapter, prose, section, table, topic


def governance() -> list:
    return [
        *chapter('Governance and risk'),
        *section('How the Society is governed'),
        *prose(
            'The Society belongs to its members, each of whom has one vote however many shares they hold. No dividend may be paid. The '
            'Board has ten directors: two executives, three elected by members, one by staff, one by volunteers, the '
            'nominees of the County and the Harbour Trust, and a Chair chosen by the rest. It met eight times.'
        ),
        *table(
            'Table 30. Directors and attendance',
            ['Director', 'Office', 'Since', 'Meetings of 8', 'Committee'],
            DIRECTORS,
            [42, 42, 12, 20, 44],
            right=(2, 3),
        ),
        *prose('Mr Dunwoody joined in October. Mr Trevanion was absent from three meetings while serving as a juror.'),
        *section('Committees'),
        bullets(
            '<b>Operations and Safety</b> met eleven times, once by candlelight. It reviewed every incident in this report and walked eight sections of line.',
            '<b>Audit and Risk</b> met five times. It asked for the review of how letters from the public are read, after the matter of the postcards.',
            '<b>Property</b> met four times and let the last empty room on the line, the former telegraph office at Penhurrow, to a clock repairer.',
            '<b>Nominations</b> met twice and will propose two candidates for three places, on the principle that members should have something to do.',
        ),
        *section('Principal risks'),
        *prose(
            'Each risk is scored for likelihood and harm from 1 to 5 and owned by one named person. The Board looks at the whole list '
            'every quarter and at any score above fifteen every meeting.'
        ),
        *table(
            'Table 31. Principal risks',
            ['Risk', 'Score', 'Last year', 'What we do', 'Owner'],
            [
                (
                    'The sea: loss of the wall or causeway',
                    20,
                    16,
                    'Wall raised in three stages; two alarms; stone kept cut at the quarry',
                    'Chief Engineer',
                ),
                (
                    'Reserves too thin for another bad winter',
                    20,
                    9,
                    'First £350,000 of surplus to reserves; no scheme begun unfunded',
                    'Director of Finance',
                ),
                (
                    'Loss of skills: steam, lime, tokens',
                    12,
                    15,
                    'Nine apprentices; film of each craft; retired staff paid to teach',
                    'General Manager',
                ),
                (
                    'Contract with the County not renewed in 2030',
                    12,
                    12,
                    'Joint plan with bus network; yearly review',
                    'General Manager',
                ),
                (
                    'Collision at an open level crossing',
                    15,
                    15,
                    'Barriers at Mill Cottages by 2027; farm users trained each spring',
                    'Head of Operations',
                ),
                (
                    'Failure of axle counters that cannot be bought',
                    16,
                    12,
                    'Spares from three closed lines; renewal of tokens first',
                    'Signal Engineer',
                ),
                (
                    'Attack on computers',
                    12,
                    12,
                    'Tickets can be sold on paper within ten minutes; tested each quarter',
                    'Director of Finance',
                ),
                ('Slate traffic ends', 9, 6, 'New agreement to 2029; waste stone traffic', 'General Manager'),
                (
                    'Fire in a wooden coach',
                    10,
                    10,
                    'Detectors; no cooking under way; stove lit by trained people only',
                    'Rolling Stock Manager',
                ),
            ],
            [44, 12, 15, 62, 30],
            right=(1, 2),
        ),
        *section('Questions from members'),
        *prose(
            'Forty-four questions were put in writing before the last annual meeting. Three of general interest are answered here.'
        ),
        *topic('Why are the seats on the river side always dirty?'),
        *prose(
            'They are not dirty; they are faded. The sun shines on that side of every train that runs before eleven, and the moquette was guaranteed '
            'for an east–west railway. Covers are turned each winter from this year.'
        ),
        *topic('Could the last train wait for the theatre?'),
        *prose(
            'It could, and for a trial of six Saturdays it did. It waited on average for fourteen minutes and 2.3 people. The trial has ended and a taxi is '
            'shared instead, at the cost of the theatre.'
        ),
        *topic('When will the branch be extended to Little Orrin?'),
        *prose(
            'The powers granted in 1887 are still in force, the formation is still there, and so, in the middle of it, are four bungalows. Not soon.'
        ),
    ]


def ahead() -> list:
    return [
        *chapter('The year ahead'),
        *prose(
            'The plan for the coming year is short because the money is. It has four aims: to run the trains on time, to fill the reserve, to make '
            'the Harbour end safe from the sea before the winter, and to be ready for the new railcars.'
        ),
        *section('Capital programme'),
        *table(
            'Table 32. Capital programme 2025–26, £000',
            ['Scheme', 'Cost', 'Grant', 'Own funds', 'Start', 'Finish'],
            [
                ('Harbour wall, first stage of raising', 940, 705, 235, 'May 2025', 'Oct 2025'),
                ('Token instruments, Tarrow Bridge to Fennimoor', 210, 140, 70, 'Sep 2025', 'Mar 2026'),
                ('Orrin incline trestle, three bents', 96, 0, 96, 'Nov 2025', 'Feb 2026'),
                ('Hobbin Viaduct, drainage of arches 1 to 6', 128, 64, 64, 'Jun 2025', 'Sep 2025'),
                ('Lift at Ostrey Town', 465, 465, 0, 'Jan 2026', 'Sep 2026'),
                ('Second stove, Fennimoor ticket office', 2, 0, 2, 'Aug 2025', 'Aug 2025'),
                ('Total', 1841, 1374, 467, '', ''),
            ],
            [58, 14, 14, 20, 22, 22],
            right=(1, 2, 3),
            total=True,
        ),
        *section('Targets'),
        bullets(
            '94 per cent of trains on time, and none of the months below 90;',
            'a surplus of £350,000, all of it to reserves;',
            '1,120,000 journeys;',
            'both open recommendations of the Inspectorate with a funded date;',
            'trespass below forty cases, by fencing at four known gaps and a visit to every school;',
            'the boiler of No. 4 contracted, if and only if the appeal has reached its mark.',
            numbered=True,
        ),
        *section('Beyond'),
        *prose(
            'The half-hourly service to Wick St Maur has been ready in every respect but one, which is trains, since March. It will begin in December 2026 when the new railcars are in use. After that the Board '
            'would like to see a train to the Harbour late enough for the last boat, a fence along the whole of Eelpie Drove, and, in '
            'its lifetime, a footbridge at Kestrel Gap for those who have counted the steps.'
        ),
    ]


def appendices() -> list:
    return [
        *chapter('Appendix A. Gradients and curves'),
        *prose(
            'For engineers, modellers and those who have asked. Gradients are given as one in so many, rising towards Fennimoor unless marked F for falling; '
            'curves are the sharpest in each length.'
        ),
        *table(
            'Table A1. Gradients and curves',
            ['From', 'To', 'Length km', 'Ruling gradient', 'Sharpest curve m', 'Speed km/h'],
            [
                ('Ostrey Harbour', 'Ostrey Town', '1.3', '1 in 190', 140, 25),
                ('Ostrey Town', 'Saltpans Halt', '2.9', '1 in 400 F', 420, 65),
                ('Saltpans Halt', 'Quillet Bridge', '3.7', '1 in 330', 600, 65),
                ('Quillet Bridge', 'Wick St Maur', '3.5', '1 in 180', 380, 65),
                ('Wick St Maur', 'Penhurrow', '3.4', '1 in 150', 310, 60),
                ('Penhurrow', 'Kestrel Gap', '3.8', '1 in 62', 190, 45),
                ('Kestrel Gap', 'Dunmallow Junction', '3.7', '1 in 110', 240, 50),
                ('Dunmallow Junction', 'Hobbin Mill', '3.4', '1 in 240', 300, 60),
                ('Hobbin Mill', 'Cold Aske', '3.8', '1 in 41', 170, 40),
                ('Cold Aske', 'Aske Summit', '3.4', '1 in 44', 210, 65),
                ('Aske Summit', 'Tarrow Bridge', '2.5', '1 in 45 F', 200, 45),
                ('Tarrow Bridge', 'Fennimoor West', '3.6', '1 in 95 F', 350, 60),
                ('Fennimoor West', 'Fennimoor', '2.6', '1 in 210 F', 260, 40),
                ('Dunmallow Junction', 'Orrin Quarry Halt', '3.4', '1 in 52', 150, 35),
                ('Orrin Quarry Halt', 'Saint Orrin', '2.7', '1 in 38', 120, 25),
            ],
            [34, 36, 18, 28, 28, 20],
            right=(2, 4, 5),
        ),
        *chapter('Appendix B. Words used on this railway'),
        *prose(
            'Members have asked for a list of the words in this report that are not used elsewhere, or are used elsewhere to mean something else.'
        ),
        *table(
            'Table B1. Glossary',
            ['Word', 'Meaning'],
            [
                ('Bent', 'A cross frame of a timber trestle.'),
                ('Catch pit', 'A chamber in a drain in which silt settles, to be dug out by somebody.'),
                ('Close call', 'Something that could have hurt a person and did not.'),
                ('Cess', 'The strip beside the track on which one walks, and into which water should not run.'),
                ('Down', 'Away from Ostrey, and therefore, for the first thirty-three kilometres, up.'),
                ('Faggot', 'A bundle of brushwood laid beneath an embankment in soft ground.'),
                (
                    'Fitted bolt',
                    'A bolt that takes the place of a rivet where there is nobody left to hold the other end.',
                ),
                ('Haunch', 'The lower part of an arch, on the shoulders of the pier.'),
                ('Lengthman', 'A person of either sex who looks after a length of track.'),
                (
                    'Occurrence book',
                    'A book in which a signalman writes anything that the train register has no column for.',
                ),
                ('Possession', 'A time in which the track belongs to the engineer and not to the trains.'),
                ('Rail bus', 'A bus that runs because a train does not.'),
                ('Ring joint', 'The mortar between two rings of an arch.'),
                ('Tell-tale', 'A strip of glass across a crack, which breaks if the crack moves.'),
                (
                    'Token',
                    'A piece of metal without which a driver may not enter a single line. There are many and only one can be out.',
                ),
                ('Up', 'Towards Ostrey. See Down.'),
                ('Wave return', 'The curl at the top of a sea wall, which sends the sea back where it came from.'),
            ],
            [28, 120],
            ruled=False,
        ),
        *chapter('Appendix C. Where to find us'),
        *table(
            'Table C1. Offices',
            ['Subject', 'Where', 'When'],
            [
                ('Tickets, lost property, general enquiries', 'Any staffed station', 'From first train to last'),
                ('Freight and parcels', 'Goods office, Dunmallow Junction', 'Monday to Saturday, 06.00 to 18.00'),
                ('Members’ secretary', 'Station House, Quay Parade, Ostrey', 'Tuesday and Thursday'),
                (
                    'Museum and archive',
                    'Lamp room, Dunmallow Junction',
                    'Daily from April to October; Sundays in winter',
                ),
                (
                    'Structures, drainage, neighbours’ walls',
                    'Engineer’s office, Wick St Maur',
                    'By appointment, or in any emergency by railway telephone',
                ),
                ('Volunteering', 'Friday Gang mess van, wherever it is', 'Fridays'),
            ],
            [48, 56, 48],
        ),
        *prose(
            'Members who change their address are asked to tell us before the next report is posted. Two hundred and six copies of the last one came back, of which thirty-one '
            'had been read.'
        ),
    ]
