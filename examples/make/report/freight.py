"""Freight, mails and parcels."""

from report.layout import bullets, chapter, prose, section, table


def freight() -> list:
    return [
        *chapter('Freight, mails and parcels'),
        *prose(
            'Freight is a tenth of our income and nine tenths of our letters from neighbours, most of them fond. The '
            'year was the first since 2016 in which tonnage fell.'
        ),
        *table(
            'Table 9. Freight carried',
            ['Traffic', 'From', 'To', 'Tonnes', 'Last year', 'Trains'],
            [
                ('Roofing slate', 'Saint Orrin', 'Ostrey Harbour', '21,940', '25,180', '274'),
                ('Slate waste and armour stone', 'Orrin Quarry', 'Various', '6,310', '2,240', '96'),
                ('Sea salt', 'Saltpans', 'Dunmallow, Fennimoor', '7,485', '7,610', '151'),
                ('Sawn timber', 'Hobbin Mill', 'Ostrey Harbour', '6,130', '9,325', '88'),
                ('Malt, hops and beer', 'Penhurrow', 'All stations', '3,920', '3,645', '203'),
                ('Milk', 'Tarrow Bridge', 'Ostrey Town', '2,470', '2,510', '358'),
                ('Sheep', 'Cold Aske', 'Fennimoor', '375', '1,465', '6'),
                ('Total', '', '', '48,630', '51,975', '1,176'),
            ],
            [40, 28, 34, 16, 16, 14],
            right=(3, 4, 5),
            total=True,
        ),
        *section('Slate'),
        *prose(
            'Slate makes its way down the branch in the small hours and is tipped at the Harbour before the first '
            'passenger train. The export berth lies behind the part of the wall that fell, and for eleven weeks the '
            'slate was stacked at Dunmallow, where it reached the height of the signal box steps. Two cargoes were lost to '
            'road. The shippers have signed for five more years at the old rate, rising with prices.'
        ),
        *section('Salt'),
        *prose(
            'The salt works has been our customer since 1894, with one interruption. Its traffic moves in covered vans '
            'lined with larch, since salt eats everything else we have tried. A trial of bagged table salt by passenger '
            'train, in the luggage van, earned £4,115 and a mention in a cookery book.'
        ),
        *section('Timber and beer'),
        *prose(
            'Hobbin Mill lost a contract for pit props and moved a third less; its manager expects a recovery when the '
            'new kiln is lit. The brewery at Penhurrow, on the other hand, has discovered that beer sent by rail can '
            'be sold as beer sent by rail, and prints a small locomotive on each label.'
        ),
        *section('Mails and parcels'),
        *prose(
            'We hold the contract for letters to the eleven moorland sub-offices until March 2028. On 1,094 of 1,096 '
            'booked deliveries the bags arrived in time for the first round. Parcels handed in at a staffed station by '
            'ten o’clock are delivered to any other by four: 14,705 were, and seven were not. Five of the seven have '
            'since been found.',
            'The oddest consignment of the year was a stuffed pike, returned to the Angler’s Rest at Quillet Bridge '
            'from the taxidermist; the dearest, insured for £62,000, was a violin; and the most troublesome, by general '
            'agreement, was forty hives of bees on 2 August.',
        ),
        *section('Who our customers are'),
        bullets(
            '<b>Saint Orrin Slate</b>: 28,250 tonnes with waste and armour stone; agreement to September 2029.',
            '<b>Ostrey Salt Works</b>: 7,485 tonnes; rolling agreement, two years’ notice.',
            '<b>Hobbin Mill Timber</b>: 6,130 tonnes; siding lease to 2030.',
            '<b>Penhurrow Brewery</b>: 3,920 tonnes; agreement renewed by handshake each Lammas since 2003, and, on the auditors’ advice, now also in writing.',
            '<b>Tarrow Dairies</b>: 2,470 tonnes; daily except Christmas and Good Friday.',
        ),
    ]
