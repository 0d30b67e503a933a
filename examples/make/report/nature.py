"""Lineside natural history, in two columns."""

from reportlab.platypus import FrameBreak, NextPageTemplate, PageBreak

from report.layout import NARROW, Heading, prose

NATURE = {
    'Terns on the coal stage': [
        'Little terns nested for the first time on the disused coal stage at Ostrey Harbour: nineteen pairs, from which '
        'twenty-two young flew. The stage is gravel, flat, and surrounded on three sides by water and on the fourth by '
        'a fence that keeps foxes from coal that has not been there since 1966. Shunting beside it was moved to the '
        'afternoon until 2 August.',
    ],
    'Bats': [
        'The roost behind the tunnel lining proved to be of Natterer’s bats, between ninety and a hundred of them. Four '
        'chambers with narrow slots were built into the new lining on the uphill side. By the end of March, three were in use.',
    ],
    'The orchid bank': [
        'The cutting side at Church Path, mown once a year in September since 2011, had 2,204 spikes of green-winged orchid, '
        'from eleven in the first count. Mowings go to the zoo at Fennimoor, whose tortoises are particular.',
    ],
    'Water voles': [
        'The leat below Hobbin Mill held at least fourteen occupied burrows. Bank work near it was done by hand.',
    ],
    'Invaders': [
        'Knotweed was treated at six places and is believed dead at four. Rhododendron was cleared from 1.9 hectares '
        'above Tarrow Bridge with the help of prisoners from the open prison, who asked to come back.',
    ],
    'Trees': [
        'After the gale 318 trees within falling distance were looked at by an arborist; 41 were felled, 77 reduced and 200 left '
        'alone. The beech at Gap Farm, which was 190 years old by its rings, has become eleven platform benches.',
    ],
    'Otters': [
        'The pair in the second arch of Quillet Bridge raised two cubs. A platform notice gives their hours, which they '
        'do not keep.',
    ],
    'Glow-worms': [
        'Counted by volunteers on five nights in July along the disused loop at Penhurrow: 61 lights on the best of them. '
        'The platform lamps there are now switched off between trains.',
    ],
    'Mosses': [
        'The county recorder listed forty-three species on the retaining wall at Slate Wharf in one afternoon and was '
        'late for the last train, which waited.',
    ],
    'Hares': [
        'One leveret was raised between the rails of the back siding at Fennimoor West. The siding was closed by hand '
        'signal for seventeen days, an entry in the occurrence book that the Inspectorate has asked to frame.',
    ],
    'Bees': [
        'Nine hives stand in the walled former cattle dock at Penhurrow. They gave 104 kilograms of honey, sold in the '
        'refreshment room as “Down Line Heather”.',
    ],
    'Swifts and swallows': [
        'Thirty-one pairs of swifts used the goods shed at Fennimoor. Swallows nested inside the waiting room at '
        'Hobbin Mill, where the door is now kept open from April and passengers are advised to choose their seat.',
    ],
}


def nature() -> list:
    flow = [
        NextPageTemplate('two-first'),
        PageBreak(),
        Heading('Lineside natural history', 0),
        *prose(
            'The railway owns 214 hectares of land on which hardly anybody walks. These notes are by the lineside wardens, '
            'edited by Hester Anstruther. Counts are of the breeding season of 2024 unless another date is given.'
        ),
        FrameBreak(),
    ]
    for name, notes in NATURE.items():
        flow += [Heading(name, 1), *prose(*notes, style=NARROW)]
    return flow
