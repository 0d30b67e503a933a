"""The accounts, in thousands of pounds: (line, this year, last year)."""

INCOME = [
    ('Passenger fares', 4318, 4072),
    ('Public service contract, Hartmoor County Council', 2150, 2095),
    ('Freight and mails', 946, 1011),
    ('Grants and donations', 731, 402),
    ('Steam, charters and dining trains', 612, 344),
    ('Property, catering and shops', 437, 419),
    ('Parcels', 88, 79),
    ('Other income', 64, 71),
]

SPENDING = [
    ('Staff costs', 4127, 3968),
    ('Maintenance of track and structures', 1394, 1106),
    ('Maintenance of rolling stock', 918, 951),
    ('Depreciation', 812, 774),
    ('Energy and fuel', 588, 667),
    ('Insurance', 341, 309),
    ('Property costs', 276, 268),
    ('Information technology and telephones', 198, 171),
    ('Marketing and information', 143, 150),
    ('Interest payable', 97, 104),
    ('Audit and professional fees', 61, 55),
    ('Other costs', 132, 128),
]


def total(lines: list[tuple[str, int, int]]) -> tuple[int, int]:
    return sum(line[1] for line in lines), sum(line[2] for line in lines)


SURPLUS = total(INCOME)[0] - total(SPENDING)[0]
SURPLUS_BEFORE = total(INCOME)[1] - total(SPENDING)[1]

TANGIBLE = [  # class, cost at start, additions, disposals, depreciation at start, charge, on disposals
    ('Land and buildings', 4120, 96, 0, 1288, 82, 0),
    ('Track and structures', 11864, 1689, 210, 3942, 388, 171),
    ('Signalling and telephones', 1982, 124, 36, 1107, 97, 36),
    ('Rolling stock', 7315, 611, 48, 3376, 204, 40),
    ('Plant, vehicles and equipment', 904, 73, 22, 596, 41, 19),
]


def net_book(row: tuple[str, int, int, int, int, int, int]) -> tuple[int, int]:
    """Net book value at the end and at the start of the year."""
    _, cost, additions, disposals, depreciation, charge, relieved = row
    return cost + additions - disposals - depreciation - charge + relieved, cost - depreciation


FIXED_ASSETS, FIXED_ASSETS_BEFORE = (sum(values) for values in zip(*(net_book(row) for row in TANGIBLE)))

STOCKS = (214, 198)
DEBTORS = (887, 742)
CASH = (610, 1804)
CREDITORS_SHORT = (1342, 1187)
CREDITORS_LONG = (2968, 3104)
DEFERRED_GRANTS = (5110, 4690)


def net_assets() -> tuple[int, int]:
    now = FIXED_ASSETS + STOCKS[0] + DEBTORS[0] + CASH[0] - CREDITORS_SHORT[0] - CREDITORS_LONG[0] - DEFERRED_GRANTS[0]
    before = (
        FIXED_ASSETS_BEFORE
        + STOCKS[1]
        + DEBTORS[1]
        + CASH[1]
        - CREDITORS_SHORT[1]
        - CREDITORS_LONG[1]
        - DEFERRED_GRANTS[1]
    )
    return now, before
