"""The financial statements and their notes."""

from railway import money
from report.layout import bracketed, bullets, chapter, gap, prose, section, table, thousands, topic


def statements() -> list:
    income, income_before = money.total(money.INCOME)
    spending, spending_before = money.total(money.SPENDING)
    net, net_before = money.net_assets()
    current = money.STOCKS[0] + money.DEBTORS[0] + money.CASH[0]
    current_before = money.STOCKS[1] + money.DEBTORS[1] + money.CASH[1]
    return [
        *chapter('Financial statements'),
        *table(
            'Income and expenditure account for the year to 31 March 2025, £000',
            ['', 'Note', '2025', '2024'],
            [
                ('Income', '1', thousands(income), thousands(income_before)),
                ('Operating costs', '2, 3', f'({thousands(spending - 97)})', f'({thousands(spending_before - 104)})'),
                (
                    'Operating surplus (deficit)',
                    '',
                    bracketed(income - spending + 97),
                    bracketed(income_before - spending_before + 104),
                ),
                ('Interest payable', '6', '(97)', '(104)'),
                ('Surplus (deficit) before tax', '', bracketed(money.SURPLUS), bracketed(money.SURPLUS_BEFORE)),
                ('Tax', '', '–', '–'),
                ('Surplus (deficit) for the year', '', bracketed(money.SURPLUS), bracketed(money.SURPLUS_BEFORE)),
            ],
            [70, 16, 22, 22],
            ruled=False,
            right=(2, 3),
            total=True,
        ),
        gap(4),
        *table(
            'Balance sheet at 31 March 2025, £000',
            ['', 'Note', '2025', '2024'],
            [
                ('Tangible fixed assets', '4', thousands(money.FIXED_ASSETS), thousands(money.FIXED_ASSETS_BEFORE)),
                ('Stocks', '', money.STOCKS[0], money.STOCKS[1]),
                ('Debtors', '5', money.DEBTORS[0], money.DEBTORS[1]),
                ('Cash at bank and in hand', '', thousands(money.CASH[0]), thousands(money.CASH[1])),
                (
                    'Creditors due within one year',
                    '',
                    f'({thousands(money.CREDITORS_SHORT[0])})',
                    f'({thousands(money.CREDITORS_SHORT[1])})',
                ),
                (
                    'Net current assets',
                    '',
                    bracketed(current - money.CREDITORS_SHORT[0]),
                    bracketed(current_before - money.CREDITORS_SHORT[1]),
                ),
                (
                    'Creditors due after one year',
                    '6',
                    f'({thousands(money.CREDITORS_LONG[0])})',
                    f'({thousands(money.CREDITORS_LONG[1])})',
                ),
                (
                    'Deferred capital grants',
                    '7',
                    f'({thousands(money.DEFERRED_GRANTS[0])})',
                    f'({thousands(money.DEFERRED_GRANTS[1])})',
                ),
                ('Net assets', '', thousands(net), thousands(net_before)),
            ],
            [70, 16, 22, 22],
            ruled=False,
            right=(2, 3),
            total=True,
        ),
        gap(4),
        *table(
            'Cash flow for the year, £000',
            ['', '2025'],
            [
                ('Surplus for the year', money.SURPLUS),
                ('Depreciation', 812),
                ('Increase in stocks', '(16)'),
                ('Increase in debtors', '(145)'),
                ('Increase in creditors due within one year', 155),
                ('Purchase of fixed assets', '(2,593)'),
                ('Proceeds of sale of fixed assets', 50),
                ('Capital grants received, less released', 420),
                ('Repayment of loans', '(136)'),
                ('Decrease in cash', f'({thousands(money.CASH[1] - money.CASH[0])})'),
            ],
            [86, 22],
            ruled=False,
            right=(1,),
            total=True,
        ),
        *prose(
            'These statements were approved by the Board on 19 June 2025. The report of the auditors, which is not qualified, is kept '
            'with the full accounts at the registered office and may be read there by any member on any working day.'
        ),
        *notes(),
    ]


def notes() -> list:
    rows = []
    for row in money.TANGIBLE:
        name, cost, additions, disposals, *_ = row
        now, before = money.net_book(row)
        rows.append(
            (
                name,
                thousands(cost),
                thousands(additions),
                f'({disposals})' if disposals else '–',
                thousands(now),
                thousands(before),
            )
        )
    sums = [sum(row[i] for row in money.TANGIBLE) for i in (1, 2, 3)]
    rows.append(
        (
            'Total',
            thousands(sums[0]),
            thousands(sums[1]),
            f'({sums[2]})',
            thousands(money.FIXED_ASSETS),
            thousands(money.FIXED_ASSETS_BEFORE),
        )
    )
    return [
        *section('Notes to the financial statements'),
        *topic('1. Income'),
        *prose(
            'Fares are taken as income on the day of travel; season tickets are spread over their life. The public service contract with the County runs to 31 March 2030 and '
            'pays monthly in advance. Grants for capital works are deferred and released over the life of the asset.'
        ),
        *topic('2. Staff costs'),
        *prose(
            'Wages and salaries were £3,468,000, social security £312,000 and pensions £347,000. One employee was paid more than £60,000. Directors '
            'other than employees are not paid; they claimed £2,184 in expenses, chiefly train fares, which they are '
            'entitled to travel without.'
        ),
        *topic('3. Operating costs'),
        *prose(
            'Costs include fees to the auditors of £18,400 for the audit and nothing for other work, and rents of £71,200. A provision of £35,000 has '
            'been made for the claim of a contractor about the concrete that was rejected; the Board believes that less will be paid.'
        ),
        *topic('4. Tangible fixed assets'),
        *table(
            'Fixed assets, £000',
            ['Class', 'Cost, 1 April', 'Additions', 'Disposals', 'Net value 2025', 'Net value 2024'],
            rows,
            [46, 22, 18, 18, 24, 24],
            right=(1, 2, 3, 4, 5),
            total=True,
        ),
        *prose(
            'Land is not depreciated. Structures are written off over 60 years, track over 25, signals over 20, railcars over 30 and steam locomotives '
            'not at all, since in the opinion of the auditors they have already done their worst. Additions to track and '
            'structures are chiefly Aske Tunnel (£1,131,000) and the harbour wall.'
        ),
        *topic('5. Debtors'),
        *prose(
            'Trade debtors were £402,000, of which £61,000 was more than ninety days old; amounts due from insurers £238,000; grants due £171,000; prepayments £76,000.'
        ),
        *topic('6. Loans'),
        *table(
            'Loans outstanding, £000',
            ['Lender', 'Purpose', 'Rate %', 'Repayable by', '2025', '2024'],
            [
                ('Ostrey Harbour Trust', 'Platform 3 and canopy', '3.85', '30 June 2033', 612, 688),
                ('Hartmoor Savings Bank', 'Railcars 105 and 106', '4.20', '31 December 2038', 1604, 1664),
                ('Members’ bonds, 2019', 'Fennimoor West', '2.50', '1 May 2029', 888, 888),
                ('Total', '', '', '', 3104, 3240),
            ],
            [38, 38, 14, 32, 14, 14],
            right=(2, 4, 5),
            total=True,
        ),
        *prose(
            'Of the total, £136,000 is due within one year. The Harbour Trust holds a charge over the canopy and has promised in writing not to '
            'remove it in the rain.'
        ),
        *topic('7. Deferred capital grants'),
        *prose(
            'At 1 April the balance was £4,690,000. Received in the year: National Transport Fund for Aske Tunnel £410,000; County for '
            'Tarrow Bridge car park £120,000; appeal for the wall £80,000. Released to income: £190,000. Balance at 31 March: £5,110,000.'
        ),
        *topic('8. Pensions'),
        *prose(
            'The Society pays 9 per cent of salary into a money-purchase scheme. Eleven former members of the scheme of the old railway, the youngest of '
            'them eighty-four, are paid from a fund that was valued in December and is £12,000 in surplus.'
        ),
        *topic('9. Commitments'),
        *prose(
            'Contracts placed but not provided for: railcars 107 and 108, £2,244,000; electronic token instruments, £186,000; lift at Ostrey Town, nil until the contract '
            'is let.'
        ),
        *topic('10. Related parties'),
        *prose(
            'Commander Lasseter is a trustee of the Ostrey Harbour Trust, to which £101,000 was paid in rent, dues and interest. Mr Dunwoody’s sister supplies the railway with marmalade; purchases were £1,340.'
        ),
        *topic('11. Events after the end of the year'),
        bullets(
            'On 30 April the county road over the pass was closed by a landslip, and for nine weeks the railway was the only way to Fennimoor. The effect on fares is still being counted.',
            'On 12 May the roof of the coaling shed at Dunmallow blew off. It was not insured and is not missed.',
        ),
    ]
