"""The register of bridges, tunnels, walls and embankments."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Structure:
    number: str
    name: str
    km: str
    kind: str
    built: int
    condition: int  # 1 (good) to 5 (poor)
    examined: str
    spent: int  # pounds in the year
    account: str


STRUCTURES = [
    Structure(
        'OF-STR-0002',
        'Harbour sea wall',
        '0.20–1.10',
        'Masonry wall',
        1877,
        4,
        '21 Oct 2024',
        318400,
        'The gale of 18 October took out 27 metres of the parapet and washed ballast from under the down line for '
        'twice that length. The core of the wall held. Temporary armour of quarry stone was placed within four '
        'days, and the permanent repair, with a wave return curve cast in concrete, was complete on 6 March.',
    ),
    Structure(
        'OF-STR-0004',
        'Saltpans swing bridge',
        '4.61',
        'Steel swing span, 38 m',
        1921,
        3,
        '9 Jul 2024',
        86250,
        'The bridge opened 614 times for river traffic. Its hydraulic rams are original and their leather seals '
        'are no longer made; a saddler in Wick St Maur now cuts them to our pattern. The wedge locks stuck on '
        'three hot afternoons and have been given sunshades, which look odd and work.',
    ),
    Structure(
        'OF-STR-0006',
        'Saltpans causeway',
        '4.70–5.95',
        'Embankment in tidal marsh',
        1878,
        3,
        '11 Jul 2024',
        41800,
        'Settlement of 14 millimetres was recorded at the third culvert, within the range of the last ten years. '
        'Brushwood faggots were renewed over 220 metres by the method the contractors of 1878 wrote down for us.',
    ),
    Structure(
        'OF-STR-0009',
        'Quillet Bridge',
        '7.72',
        'Masonry, 3 arches',
        1878,
        2,
        '3 Jun 2024',
        12100,
        'Repointed in lime on the upstream face. Otters are resident in the second arch, and the work was done '
        'from a raft between August and October at their convenience.',
    ),
    Structure(
        'OF-STR-0013',
        'Wick culvert',
        '10.95',
        'Brick culvert, 1.8 m',
        1879,
        3,
        '17 Sep 2024',
        9400,
        'Two displaced rings near the outfall were stitched. A camera survey found a child’s tricycle of about '
        '1930, since claimed.',
    ),
    Structure(
        'OF-STR-0017',
        'Maur retaining wall',
        '11.80–12.04',
        'Dry stone wall',
        1879,
        3,
        '17 Sep 2024',
        22750,
        'The bulge noted in 2022 has not grown. Six more tell-tales were fixed and are read on the first Monday of '
        'the month by the gardener of the house behind it.',
    ),
    Structure(
        'OF-STR-0021',
        'Gap cutting netting',
        '18.10–18.90',
        'Rock cutting',
        1879,
        4,
        '5 Nov 2024',
        67900,
        'Rock fall of about half a cubic metre on 2 November was held by the netting. The loose face above it was '
        'scaled by rope team, and a further 140 square metres of mesh hung in December.',
    ),
    Structure(
        'OF-STR-0023',
        'Hobbin Viaduct',
        '24.92',
        'Masonry, 11 arches',
        1882,
        4,
        '12 Nov 2024',
        402300,
        'The autumn examination found water coming through the crown of arch 7 and a crack along the ring joint. '
        'Trains were restricted to 20 km/h from 14 November. Waterproofing, re-bedding of the haunches and the '
        'drilling of 64 stainless stitching bars were carried out in night possessions, and full line speed was '
        'restored on 29 March.',
    ),
    Structure(
        'OF-STR-0026',
        'Mill leat aqueduct',
        '25.81',
        'Cast iron trough',
        1841,
        2,
        '14 May 2024',
        5300,
        'Older than the railway it crosses. The trough was drained, scraped and painted with bitumen over the '
        'mill’s holiday fortnight, and the eel pass was refitted.',
    ),
    Structure(
        'OF-STR-0030',
        'Cold Aske cattle creep',
        '28.40',
        'Masonry, 3 m span',
        1883,
        1,
        '15 May 2024',
        1150,
        'In excellent order. The cost is that of a new gate for the farmer, whose cattle had improved the old one.',
    ),
    Structure(
        'OF-STR-0031',
        'Aske Tunnel',
        '31.10–31.71',
        'Tunnel, 612 m',
        1883,
        2,
        '20 Feb 2025',
        1131000,
        'The largest work of the year: 380 metres of failing brick lining were replaced, drainage was laid '
        'throughout and the northern portal was rebuilt. The line through the tunnel was closed for 64 days, eight '
        'more than planned.',
    ),
    Structure(
        'OF-STR-0034',
        'Tarrow Bridge',
        '35.28',
        'Lattice girder, 54 m',
        1883,
        3,
        '22 Aug 2024',
        54600,
        'Forty-one rivets were replaced by fitted bolts and the bottom boom was blasted and painted. The paint is '
        'the fourth coat since 1991 and the first to be the right green.',
    ),
    Structure(
        'OF-STR-0036',
        'Fennimoor footbridge',
        '41.45',
        'Steel footbridge',
        1934,
        3,
        '23 Aug 2024',
        7800,
        'Treads renewed in grooved hardwood. The parapet is 70 millimetres lower than the present rule and is '
        'exempt until the next renewal.',
    ),
    Structure(
        'OF-STR-0038',
        'Fennimoor turntable pit',
        '41.55',
        'Brick pit, 15 m',
        1883,
        2,
        '23 Aug 2024',
        3900,
        'Drained, relined on the north quadrant and fitted with an alarm float after the locomotive crew stepped '
        'into rather more water than they expected.',
    ),
    Structure(
        'OF-STR-0041',
        'Orrin incline bridge',
        'branch 2.20',
        'Timber trestle',
        1886,
        4,
        '6 Nov 2024',
        28700,
        'Three larch bents out of nine were replaced. The remainder are listed for renewal over two winters, with '
        'a speed limit of 15 km/h until then.',
    ),
    Structure(
        'OF-STR-0043',
        'Slate Wharf wall',
        'branch 5.80',
        'Slate block wall',
        1886,
        2,
        '6 Nov 2024',
        2600,
        'Ivy removed and the coping reset. Moss was left alone at the request of the county recorder, who had '
        'found in it a springtail new to Hartmoor.',
    ),
]
