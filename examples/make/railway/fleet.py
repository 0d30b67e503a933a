"""Locomotives, railcars and other vehicles."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Railcar:
    number: int
    name: str
    built: int
    km: int
    failures: int
    availability: float
    account: str

    @property
    def km_per_failure(self) -> int:
        return self.km // max(self.failures, 1)


RAILCARS = [
    Railcar(
        101,
        'Lapwing',
        2009,
        118420,
        9,
        88.4,
        'had its second traction battery fitted in April, with cells of the newer chemistry, and has since run from '
        'Dunmallow to Fennimoor on stored energy alone whenever the rail was dry',
    ),
    Railcar(
        102,
        'Curlew',
        2009,
        96310,
        14,
        79.2,
        'spent nine weeks out of traffic with a cracked bogie frame, found by the apprentice who was cleaning it; the '
        'five sister vehicles were examined at once and none had the fault',
    ),
    Railcar(
        103,
        'Dunlin',
        2011,
        131250,
        7,
        92.6,
        'was the most reliable of the class for the second year and carried a small brass star on its cab side until '
        'somebody at Penhurrow unscrewed it',
    ),
    Railcar(
        104,
        'Whimbrel',
        2011,
        124780,
        10,
        90.1,
        'received the first of the new door controllers and, after a month of opening when asked not to, the first '
        'revision of the software for them',
    ),
    Railcar(
        105,
        'Redshank',
        2016,
        127905,
        8,
        91.7,
        'was fitted with the trial heat pump and used a third less energy for heating than its neighbours between '
        'November and February',
    ),
    Railcar(
        106,
        'Turnstone',
        2016,
        109660,
        12,
        85.3,
        'struck a fallen beech near Gap Farm in the October gale; the coupler did what it was designed to do, the '
        'driver was unhurt, and the cab was replaced from the spares float in sixteen days',
    ),
]

# number or name, kind, built, state, kilometres in the year
OTHER_STOCK = [
    ('No. 7 “Orrin Maid”', 'Steam locomotive, 2-6-2T', 1911, 'Returned to traffic 17 May 2024', 3140),
    ('No. 4 “Fulmar”', 'Steam locomotive, 0-6-0T', 1898, 'Boiler away for repair', 0),
    ('D3 “Badger”', 'Diesel shunter', 1958, 'In traffic', 6215),
    ('D5 “Otter”', 'Diesel locomotive, Bo-Bo', 1974, 'In traffic', 21730),
    ('E2 “Kittiwake”', 'Battery locomotive', 2021, 'In traffic', 17980),
    ('Coaches 11 to 19', 'Bogie coaches, wooden bodied', 1904, 'Seven of nine in traffic', 39600),
    ('Slate wagons (24)', 'Two-axle, drop side', 1988, 'In traffic', 52300),
    ('Van 31', 'Ferry luggage van', 1962, 'In traffic', 11850),
    ('“Old Grievance”', 'Snowplough', 1902, 'Used on four days', 166),
]
