"""Financial review."""

from railway import money
from railway.company import FINANCE
from report.layout import bracketed, chapter, prose, section, table, thousands

# What stands beside each line of income and spending in the review.
INCOME_REASONS = {
    'Passenger fares': 'More journeys, and one month of the new fares',
    'Public service contract, Hartmoor County Council': 'Indexed by 2.6 per cent',
    'Freight and mails': 'Eleven weeks without the slate berth',
    'Grants and donations': 'Gale appeal, £206,000 of the £286,000; legacy of the late Miss Oriel Tansy, £140,000',
    'Steam, charters and dining trains': 'No. 7 at work for ten months and a half',
    'Property, catering and shops': 'Tea',
    'Parcels': 'Five years of growth',
    'Other income': 'Lower interest on less cash',
}


SPENDING_REASONS = {
    'Staff costs': 'Pay award of 4.5 per cent; two vacancies',
    'Maintenance of track and structures': 'Viaduct and wall, less recovered',
    'Maintenance of rolling stock': 'Fewer failures',
    'Depreciation': 'New signals at Wick',
    'Energy and fuel': 'Less gas oil',
    'Insurance': 'Premium rose after two wet years',
    'Property costs': 'Rates',
    'Information technology and telephones': 'Radio mast',
    'Marketing and information': 'Fewer printed timetables, by members’ wish partly restored',
    'Interest payable': 'Capital repaid',
    'Audit and professional fees': 'Railcar contract',
    'Other costs': 'Buses net of recovery',
}


def change(now: int, before: int) -> str:
    difference = now - before
    return f'+{difference}' if difference >= 0 else f'−{-difference}'


def review() -> list:
    income, income_before = money.total(money.INCOME)
    spending, spending_before = money.total(money.SPENDING)
    return [
        *chapter('Financial review'),
        *section('The result'),
        *prose(
            f'Income was £{thousands(income)},000 and spending £{thousands(spending)},000, a surplus of £{money.SURPLUS},000 where last '
            f'year there was a deficit of £{-money.SURPLUS_BEFORE},000. Without the gale appeal and one generous legacy there would '
            'have been a deficit of £87,000, and members should judge the year by that figure and not by the other.'
        ),
        *table(
            'Table 26. Income, £000',
            ['', 'This year', 'Last year', 'Change', 'Reason'],
            [
                *(
                    (name, thousands(now), thousands(before), change(now, before), INCOME_REASONS[name])
                    for name, now, before in money.INCOME
                ),
                ('Total', thousands(income), thousands(income_before), change(income, income_before), ''),
            ],
            [48, 17, 17, 15, 52],
            right=(1, 2, 3),
            total=True,
        ),
        *table(
            'Table 27. Spending, £000',
            ['', 'This year', 'Last year', 'Change', 'Reason'],
            [
                *(
                    (name, thousands(now), thousands(before), change(now, before), SPENDING_REASONS[name])
                    for name, now, before in money.SPENDING
                ),
                ('Total', thousands(spending), thousands(spending_before), change(spending, spending_before), ''),
            ],
            [48, 17, 17, 15, 52],
            right=(1, 2, 3),
            total=True,
        ),
        *section('What the gale cost'),
        *prose(
            'The table sets out the cost of the October gale and who bore it. The insurers paid for what was broken, less an excess, and not for '
            'what we lost while it was; they did not pay for the part of the repair that makes the wall better than it was, which '
            'is to be the whole point of it.'
        ),
        *table(
            'Table 28. Cost of the gale, £000',
            ['Item', 'Cost', 'Insurance', 'Appeal', 'Society'],
            [
                ('Wall, emergency armour', 94, 84, 10, 0),
                ('Wall, permanent repair', 224, 101, 80, 43),
                ('Track and signals', 71, 66, 0, 5),
                ('Railcar 106', 138, 113, 0, 25),
                ('Replacement buses', 62, 0, 62, 0),
                ('Trees', 39, 0, 39, 0),
                ('Income lost, estimated', 187, 0, 95, 92),
                ('Total', 815, 364, 286, 165),
            ],
            [52, 18, 20, 18, 18],
            ruled=False,
            right=(1, 2, 3, 4),
            total=True,
        ),
        *section('Reserves'),
        *prose(
            'The policy of the Board is to hold free reserves equal to three months’ spending, which is about £2,270,000. At 31 March free reserves stood '
            'at £604,000, or twenty-four days. They were £1,735,000 a year before. The tunnel took £452,000 of the difference, the first '
            'payment on the railcars £396,000, and the gale, the viaduct and the weather the rest.',
            'The Board has resolved that for three years the first £350,000 of any surplus shall go to reserves; that no capital '
            'scheme shall be started that is not funded to its end; and that the overdraft, which was not used, shall be '
            'kept at £500,000.',
        ),
        *section('Five years'),
        *table(
            'Table 29. Five-year record, £000',
            ['', '2020–21', '2021–22', '2022–23', '2023–24', '2024–25'],
            [
                ('Passenger fares', '1,286', '2,904', '3,760', '4,072', '4,318'),
                ('All income', '5,918', '7,130', '8,102', thousands(income_before), thousands(income)),
                ('All spending', '6,044', '7,012', '8,037', thousands(spending_before), thousands(spending)),
                ('Surplus (deficit)', '(126)', '118', '65', bracketed(money.SURPLUS_BEFORE), bracketed(money.SURPLUS)),
                ('Cash at year end', '1,490', '1,712', '1,866', thousands(money.CASH[1]), thousands(money.CASH[0])),
                ('Capital spending', '612', '744', '1,105', '1,318', '2,593'),
            ],
            [38, 20, 20, 20, 20, 20],
            ruled=False,
            right=(1, 2, 3, 4, 5),
        ),
        *prose(f'<b>{FINANCE}</b><br/>Director of Finance'),
    ]
