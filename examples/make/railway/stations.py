"""The sixteen stations, in line order."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Station:
    code: str
    name: str
    km: float
    branch: bool
    opened: int
    platforms: int
    journeys: int
    journeys_before: int
    step_free: str
    note: str

    @property
    def change(self) -> float:
        return 100 * (self.journeys - self.journeys_before) / self.journeys_before


STATIONS = [
    Station(
        'OSH',
        'Ostrey Harbour',
        0.0,
        False,
        1879,
        3,
        231480,
        218930,
        'all platforms',
        'Platform 3 was lengthened by 18 metres in May so that a four-car railcar set and the ferry luggage van can '
        'stand clear of the quay crossing. The new canopy over the ferry queue kept several thousand people dry on '
        'the first Saturday of the school holidays, when the mid-morning boat was held outside the bar by fog.',
    ),
    Station(
        'OST',
        'Ostrey Town',
        1.3,
        False,
        1879,
        2,
        198204,
        196511,
        'platform 1 only',
        'The footbridge remains the weak point: a traveller in a wheelchair who arrives from Fennimoor must go on to '
        'the Harbour and come back. Design work for a lift was finished in January and the County has promised two '
        'fifths of its cost.',
    ),
    Station(
        'SPH',
        'Saltpans Halt',
        4.2,
        False,
        1923,
        1,
        22617,
        19840,
        'yes',
        'The Halt had its best year since counting began. The salt works now runs tours on three days a week, and '
        'its visitors are told, correctly, that there is nowhere to park.',
    ),
    Station(
        'QUB',
        'Quillet Bridge',
        7.9,
        False,
        1879,
        2,
        48902,
        47115,
        'yes',
        'The waiting room on the down side, closed after the flood of 2021, was re-floored in reclaimed pitch pine '
        'and reopened with a library of 340 donated paperbacks. None has yet been returned to the wrong station.',
    ),
    Station(
        'WSM',
        'Wick St Maur',
        11.4,
        False,
        1879,
        2,
        71335,
        69207,
        'yes',
        'Wick is where the suburban service from Ostrey would turn back if it ran every half hour. A reversing signal '
        'was installed in March in readiness, and the loop was relaid in second-hand 45 kg rail.',
    ),
    Station(
        'PNH',
        'Penhurrow',
        14.8,
        False,
        1879,
        1,
        30118,
        31442,
        'yes',
        'Penhurrow lost its secondary school in July, and with it about ninety season tickets. The evening train '
        'that had carried the drama club was retimed for the benefit of the brewery, which reports itself satisfied.',
    ),
    Station(
        'KGP',
        'Kestrel Gap',
        18.6,
        False,
        1931,
        1,
        12749,
        10981,
        'no',
        'A request stop with eleven steps and no road. Growth came entirely from walkers on the new Gap Edge path, '
        'whose guidebook describes our platform lamp as “visible from improbable distances”.',
    ),
    Station(
        'DMJ',
        'Dunmallow Junction',
        22.3,
        False,
        1879,
        3,
        117562,
        112904,
        'all platforms',
        'The junction handled 41 connections a day on weekdays, of which 38 are cross-platform. The refreshment room '
        'took its first million pounds since reopening in 1998, most of it, by volume, in tea.',
    ),
    Station(
        'HBM',
        'Hobbin Mill',
        25.7,
        False,
        1883,
        1,
        18446,
        18873,
        'yes',
        'Use fell slightly while trains crept over the viaduct and passengers from the mill cottages found the bus '
        'quicker into Dunmallow. The siding was let to the mill for timber loading until 2030.',
    ),
    Station(
        'CAS',
        'Cold Aske',
        29.5,
        False,
        1883,
        2,
        26981,
        24655,
        'yes',
        'The passing loop at Cold Aske was the hinge of the whole upland timetable and lost only 212 minutes all '
        'year. The flower bed on platform 2 came second in the county’s wayside garden class.',
    ),
    Station(
        'ASU',
        'Aske Summit',
        32.9,
        False,
        1883,
        1,
        9873,
        11204,
        'yes',
        'Closed for 64 days in all while the tunnel was relined, which accounts for the whole of the fall. The hut '
        'was repainted and the altitude board corrected from 286 to 287 metres after a survey by local pupils.',
    ),
    Station(
        'TAB',
        'Tarrow Bridge',
        35.4,
        False,
        1883,
        1,
        20507,
        19118,
        'yes',
        'The car park grew from nineteen spaces to fifty-two in August and was full by the second week. Four of the '
        'spaces have charging posts fed from the railway’s own supply.',
    ),
    Station(
        'FNW',
        'Fennimoor West',
        39.0,
        False,
        2004,
        1,
        62390,
        54726,
        'yes',
        'The fastest growing of the larger stations: the new health centre opened opposite the platform in June, and '
        'a fifth of its patients now come by train. A second shelter was ordered before the first winter.',
    ),
    Station(
        'FNM',
        'Fennimoor',
        41.6,
        False,
        1883,
        3,
        176848,
        170332,
        'all platforms',
        'The ticket office was moved into the former parcels hall, which has a stove. Queues shortened at once; it '
        'is not established whether the new counter or the stove deserves the credit.',
    ),
    Station(
        'OQH',
        'Orrin Quarry Halt',
        25.7,
        True,
        1886,
        1,
        7214,
        6950,
        'no',
        'Used chiefly by the quarry’s day shift and by climbers at weekends. The platform edge was rebuilt in slate '
        'waste by the quarry’s own apprentices at no cost to the Society.',
    ),
    Station(
        'STO',
        'Saint Orrin',
        28.4,
        True,
        1886,
        1,
        33084,
        30277,
        'yes',
        'The pilgrimage of 21 September brought 2,316 people in one day, carried in eleven trains, three of them '
        'steam. The bay platform lamp standards were recast from an original found in a garden.',
    ),
]

TOTAL_JOURNEYS = sum(station.journeys for station in STATIONS)
TOTAL_JOURNEYS_BEFORE = sum(station.journeys_before for station in STATIONS)
