"""Names of the company and of its people."""

NAME = 'Ostrey & Fennimoor Light Railway'
SOCIETY = 'Ostrey & Fennimoor Light Railway Society Limited'
REGISTERED = 'Registered community benefit society no. 4417-R'
OFFICE = 'Station House, Quay Parade, Ostrey'
YEAR = '2024–25'

CHAIR = 'Isolde Marchbanks'
GENERAL_MANAGER = 'Tobias Wrenfield'
CHIEF_ENGINEER = 'Dr Ngozi Hallam'
OPERATIONS = 'Rhys Tallantire'
FINANCE = 'Margit Solberg'
STRUCTURES = 'Peter Quillan'
ROLLING_STOCK = 'Yusuf Cobb'
SIGNALS = 'Beatrix Oduya'
VOLUNTEERS = 'Hester Anstruther'
SECRETARY = 'Lucian Frobe'
INSPECTOR = 'A. J. Farthingale'

# name, role, appointed, meetings attended out of 8, committee
DIRECTORS = [
    (CHAIR, 'Chair', 2019, 8, 'Nominations'),
    (GENERAL_MANAGER, 'General Manager', 2017, 8, 'Operations and Safety'),
    (FINANCE, 'Director of Finance', 2021, 8, 'Audit and Risk (in attendance)'),
    ('Gwendolen Pryce-Abara', 'Member director', 2018, 7, 'Audit and Risk (chair)'),
    ('Commander Hugh Lasseter', 'Ostrey Harbour Trust nominee', 2015, 6, 'Property'),
    ('Samira Behzadi', 'Member director', 2022, 8, 'Operations and Safety (chair)'),
    ('Owen Trevanion', 'Hartmoor County Council nominee', 2023, 5, 'Audit and Risk'),
    ('Lettice Okonjo', 'Staff director, driver at Dunmallow', 2020, 8, 'Operations and Safety'),
    ('Fergus Dunwoody', 'Member director', 2024, 4, 'Property (chair)'),
    ('The Revd Callum Haigh', 'Volunteer director', 2016, 7, 'Nominations (chair)'),
]
