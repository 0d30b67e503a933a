"""log.txt: the event recorder of Dunmallow Junction signal box, one night and morning."""

import random
from datetime import datetime, timedelta
from pathlib import Path

TRAINS = [
    # reported at, train, from, to, car
    ('21:58:10', '1D37', 'Ostrey', 'Fennimoor', 103),
    ('22:24:31', '1U36', 'Fennimoor', 'Ostrey', 105),
    ('23:02:47', '2U38', 'Saint Orrin', 'Dunmallow', 104),
    ('00:01:52', '1D39', 'Ostrey', 'Dunmallow', 101),
    ('02:14:06', '6B01', 'Saint Orrin', 'Ostrey', 'D5'),
    ('04:40:19', '6B03', 'Saint Orrin', 'Ostrey', 'D5'),
    ('05:21:44', '5D01', 'Dunmallow', 'Ostrey', 103),
    ('06:29:37', '1D01', 'Ostrey', 'Fennimoor', 106),
    ('06:47:02', '1U02', 'Fennimoor', 'Ostrey', 105),
    ('07:15:55', '1D03', 'Ostrey', 'Fennimoor', 102),
    ('07:40:08', '2B05', 'Dunmallow', 'Saint Orrin', 104),
]

SINGULAR = [
    ('22:41:17', 'NOTE', 'BOX', 'Signalman W. Inskip relieved by B. Ruddock. Fire good. Cat present.'),
    ('23:47:30', 'WARN', 'POWER', 'mains 207 V, below 210 V for 40 s; standby set not started'),
    ('00:33:12', 'INFO', 'CLOCK', 'time set from radio, error +0.4 s'),
    ('01:12:09', 'ALRM', 'AC-0419', 'axle counter disturbed: count in 1, count out 0, section DJ-HM shows occupied'),
    (
        '01:12:41',
        'NOTE',
        'BOX',
        'No train. Lineside camera 6: badger, adult, proceeding in the down direction on the up cess.',
    ),
    ('01:14:55', 'CMND', 'AC-0419', 'conditional reset requested, key 2, by B. Ruddock'),
    ('01:15:03', 'INFO', 'AC-0419', 'reset refused: section must be swept by train or by person'),
    ('01:52:20', 'NOTE', 'BOX', 'Section walked by J. Pemberton with lamp. Clear. Two badgers.'),
    ('01:53:02', 'CMND', 'AC-0419', 'conditional reset requested, key 2, by B. Ruddock, sweep reference SW-2291'),
    ('01:53:05', 'INFO', 'AC-0419', 'reset accepted; section DJ-HM clear'),
    ('03:05:48', 'WARN', 'TEMP', 'relay room 3.8 C, below 5 C; heater 2 started'),
    ('03:31:16', 'WARN', 'RADIO', 'base station Kestrel Gap: no answer for 60 s, calls by way of Penhurrow mast'),
    ('03:38:52', 'INFO', 'RADIO', 'base station Kestrel Gap: answers again'),
    ('05:02:33', 'FAIL', 'PT-117B', 'points not detected reverse after 8.0 s; motor current 6.1 A; code E-4471'),
    ('05:03:10', 'CMND', 'PT-117B', 'swung normal, swung reverse'),
    ('05:03:19', 'INFO', 'PT-117B', 'detected reverse after 4.7 s; motor current 3.9 A'),
    (
        '05:04:40',
        'NOTE',
        'BOX',
        'PT-117B: lump of slate in the stretcher bar slot, about the size of a bun. Kept for the engineer.',
    ),
    ('06:15:00', 'INFO', 'SELF', 'daily self-test: 61 levers, 44 track sections, 19 signals; all correct'),
    ('07:02:26', 'WARN', 'XING-22', 'Dunmallow North: barrier 2 lowered in 9.4 s, limit 9.0 s'),
    ('07:58:01', 'NOTE', 'BOX', 'B. Ruddock relieved by Beatrix Oduya (relief). Fire low. Cat absent.'),
]


def train_events(
    start: datetime, train: str, origin: str, target: str, car: int | str, chance: random.Random
) -> list[tuple[datetime, str, str, str]]:
    """A train passing the junction: offered, signalled, past, cleared."""
    inbound = 'DJ-HM' if origin == 'Fennimoor' else 'DJ-SO' if origin == 'Saint Orrin' else 'KG-DJ'
    outbound = 'DJ-HM' if target == 'Fennimoor' else 'DJ-SO' if target == 'Saint Orrin' else 'KG-DJ'
    signal = chance.choice([12, 14, 19, 27, 31, 33])
    steps = [
        (0, 'INFO', 'BLOCK', f'{train} offered by {origin}, accepted'),
        (21, 'CMND', f'SIG-{signal}', f'lever {signal} reversed for {train}'),
        (23, 'INFO', f'SIG-{signal}', 'proved clear'),
        (chance.randint(95, 160), 'INFO', inbound, f'occupied, {train}'),
        (
            chance.randint(170, 190),
            'INFO',
            'PLATFORM',
            f'{train} arrived, vehicle {car}, platform {chance.choice([1, 2, 3])}',
        ),
    ]
    if target != 'Dunmallow':
        steps += [
            (chance.randint(215, 240), 'INFO', outbound, f'occupied, {train}'),
            (chance.randint(245, 260), 'CMND', f'SIG-{signal}', f'lever {signal} normal'),
            (chance.randint(420, 540), 'INFO', 'BLOCK', f'{train} out of section, {target} line clear'),
        ]
    return [(start + timedelta(seconds=seconds), level, source, text) for seconds, level, source, text in steps]


def build(folder: Path) -> None:
    chance = random.Random(1886)
    evening, morning = '2025-10-15', '2025-10-16'

    def at(clock: str) -> datetime:
        return datetime.fromisoformat(f'{evening if clock > "12" else morning} {clock}')

    events = [(at(clock), level, source, text) for clock, level, source, text in SINGULAR]
    for clock, *train in TRAINS:
        events += train_events(at(clock), *train, chance)
    poll = at('21:45:00')
    while poll < at('08:00:00'):
        events.append(
            (
                poll,
                'INFO',
                'POLL',
                f'42 of 42 objects answered in {chance.randint(180, 260)} ms; battery {chance.randint(256, 259) / 10:.1f} V; relay room {8 - abs((poll - at("03:05:48")).total_seconds() / -9000 + 3) * 0.6 + chance.random() * 0.3:.1f} C',
            )
        )
        poll += timedelta(minutes=5)
    lines = [
        '# Dunmallow Junction signal box, event recorder ER-2, firmware 4.18',
        '# Local time. Levels: INFO CMND NOTE WARN FAIL ALRM',
        '# Begin 2025-10-15 21:45:00',
    ]
    lines += [f'{when:%Y-%m-%d %H:%M:%S} {level} {source:<9} {text}' for when, level, source, text in sorted(events)]
    lines.append(f'# End {morning} 08:00:00, {len(events)} events')
    (folder / 'log.txt').write_text('\n'.join(lines) + '\n', encoding='utf-8')
