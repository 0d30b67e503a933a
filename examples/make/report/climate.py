"""Weather, climate and carbon."""

from railway.calendar import MONTHS, WEATHER
from report.layout import chapter, prose, section, table


def weather() -> list:
    rows = [
        (month, rain, f'{low:.1f}'.replace('-', '−'), gust, fog)
        for month, (rain, low, gust, fog) in zip(MONTHS, WEATHER)
    ]
    return [
        *chapter('Weather and climate'),
        *section('The year at Aske Summit'),
        *prose(
            'The summit gauge has been read every day at nine o’clock since 1 January 1884, except for the years in which there '
            'was no railway, when it was read by the schoolmaster. It is one of the longest upland records in the '
            'country, and its handwriting is improving.'
        ),
        *table(
            'Table 22. Weather at Aske Summit',
            ['Month', 'Rain mm', 'Lowest °C', 'Strongest gust km/h', 'Days of fog'],
            [*rows, ('Year', sum(w[0] for w in WEATHER), '−8.7', 131, sum(w[3] for w in WEATHER))],
            [28, 18, 20, 30, 20],
            ruled=False,
            right=(1, 2, 3, 4),
            total=True,
        ),
        *prose(
            'October was the wettest in the record, with 213 millimetres; the previous one, of 1903, had 208. The growing season at '
            'the summit, by the usual definition, is now thirty-one days longer than it was in the 1880s.'
        ),
        *section('Preparing for more of it'),
        *prose(
            'The climate plan adopted in September looks forty years ahead and asks three questions of every asset: what will the sea do '
            'to it, what will the rain do to it, and what will the heat do to it? Thirty-eight assets had a bad answer '
            'to at least one. The cost of improving them is put at £11.6 million over twenty years, of which the Board has '
            'so far found £2.2 million.'
        ),
        *table(
            'Table 23. The ten most exposed assets',
            ['Asset', 'Hazard', 'Possible by', 'Measure', 'Cost £000'],
            [
                ('Harbour sea wall', 'Waves and level', '2030', 'Raise 0.9 m, wave return', 3100),
                ('Saltpans causeway', 'Spring tides', '2040', 'Raise track 0.6 m', 2450),
                ('Swing bridge', 'Heat', 'now', 'New wedges, cooling', 190),
                ('Eelpie Drove', 'River flood', '2035', 'Larger culverts', 640),
                ('Wick St Maur yard', 'Flash flood', '2030', 'Soakaway field', 285),
                ('Gap cutting', 'Frost and rain', 'now', 'Netting, drains', 520),
                ('Dunmallow relay room', 'Heat', '2030', 'Shade and ventilation', 46),
                ('Mill leat', 'Drought', '2040', 'Storage pond', 310),
                ('Aske Drove', 'Peat fire', '2035', 'Wet firebreak', 95),
                ('Orrin incline', 'Flash flood', 'now', 'New trestle', 430),
            ],
            [36, 26, 20, 40, 18],
            right=(4,),
        ),
        *section('Carbon'),
        *table(
            'Table 24. Emissions, tonnes of carbon dioxide equivalent',
            ['Source', '2022–23', '2023–24', '2024–25'],
            [
                ('Gas oil', 838, 806, 576),
                ('Electricity bought', 188, 171, 166),
                ('Coal', 0, 0, 98),
                ('Road vehicles and rail buses', 61, 58, 113),
                ('Materials for works', 310, 402, 967),
                ('Total', 1397, 1437, 1920),
            ],
            [56, 22, 22, 22],
            right=(1, 2, 3),
            total=True,
        ),
        *prose(
            'The total rose because of 1,900 tonnes of concrete in the tunnel and the wall. We could have left it out, as the rules allow; it '
            'would have been a smaller number and a worse one. For each passenger kilometre the figure without works is '
            '31 grams, against 34.'
        ),
    ]
