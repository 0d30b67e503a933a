"""The report year, month by month: 1 April 2024 to 31 March 2025."""

MONTHS = [
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
    'January',
    'February',
    'March',
]

# Share of the year's journeys in per cent; each row sums to 100.
JOURNEY_SHARE = [7.6, 8.6, 9.2, 10.9, 11.8, 8.9, 7.9, 6.6, 8.4, 5.9, 6.3, 7.9]
JOURNEY_SHARE_BEFORE = [7.9, 8.3, 8.8, 10.6, 11.9, 8.5, 8.6, 7.1, 7.8, 6.2, 6.6, 7.7]

TRAINS_BOOKED = [1488, 1567, 1560, 1705, 1705, 1590, 1519, 1410, 1457, 1426, 1316, 1488]
TRAINS_CANCELLED = [11, 9, 6, 19, 22, 10, 94, 41, 27, 38, 21, 8]
# Per cent of trains at their last stop within five minutes of the timetable.
PUNCTUAL = [94.1, 95.0, 95.6, 93.2, 92.7, 94.8, 88.3, 89.9, 91.4, 90.2, 92.6, 95.1]

# Aske Summit gauge: rain in mm, lowest temperature in degrees Celsius, strongest gust in km/h, days of fog.
WEATHER = [
    (96, -0.4, 71, 4),
    (68, 2.9, 58, 6),
    (51, 5.8, 52, 3),
    (74, 8.1, 60, 2),
    (88, 7.7, 66, 1),
    (121, 4.2, 79, 5),
    (213, 1.6, 131, 7),
    (167, -2.8, 96, 9),
    (152, -3.9, 104, 8),
    (118, -8.7, 88, 6),
    (84, -5.1, 73, 7),
    (79, -2.2, 69, 5),
]

# cause, minutes this year, minutes last year
DELAY_CAUSES = [
    ('Weather and sea', 6218, 3907),
    ('Speed restriction at Hobbin Viaduct', 4102, 0),
    ('Railcar faults', 3345, 4210),
    ('Signals, tokens and crossings', 2871, 3164),
    ('Station work and crowding', 2240, 1986),
    ('Waiting for ferry or bus connections', 1917, 1845),
    ('Livestock and wild animals on the line', 1126, 874),
    ('Swing bridge open to river traffic', 988, 1302),
    ('Train crew', 731, 962),
    ('Steam and charter working', 604, 418),
    ('Not explained', 213, 340),
]


def apportion(total: int, weights: list[float]) -> list[int]:
    """Whole numbers in the ratio of the weights that add up to the total (largest remainder)."""
    scale = total / sum(weights)
    floors = [int(weight * scale) for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: floors[i] - weights[i] * scale)
    for i in by_remainder[: total - sum(floors)]:
        floors[i] += 1
    return floors
