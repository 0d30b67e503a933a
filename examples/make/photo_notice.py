"""photo-notice.png: an enamelled notice on a fence, photographed by hand on a dull day."""

from pathlib import Path

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from fonts import FONT_FILES

SIZE = (1240, 930)

LINES = [
    ('Serif-Bold', 62, 'NOTICE'),
    ('Sans-Semibold', 36, 'COLD ASKE STATION'),
    ('Serif', 33, 'Passengers are earnestly requested'),
    ('Serif-Bold', 40, 'not to feed the goat.'),
    ('Serif', 31, 'Her name is Marmalade. Since Easter'),
    ('Serif', 31, 'she has eaten four timetables, one hat'),
    ('Serif', 31, 'and the minutes of the garden committee.'),
    ('Sans', 25, 'Found loose? Telephone the signalman, Aske 17.'),
    ('Sans', 25, 'By order, H. Anstruther, 9 May 2025'),
]


def board() -> Image.Image:
    """The notice itself, flat: cream enamel, green rim, four screws, a chip out of one corner."""
    width, height = 760, 640
    image = Image.new('RGB', (width, height), (28, 72, 58))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((16, 16, width - 16, height - 16), 18, fill=(238, 232, 212))
    draw.rounded_rectangle((28, 28, width - 28, height - 28), 12, outline=(28, 72, 58), width=3)
    y = 52
    for name, size, text in LINES:
        font = ImageFont.truetype(str(FONT_FILES[name]), size)
        draw.text((width / 2, y), text, font=font, fill=(26, 50, 42), anchor='ma')
        y += int(size * 1.64)
    for x, top in ((44, 44), (width - 44, 44), (44, height - 44), (width - 44, height - 44)):
        draw.ellipse((x - 8, top - 8, x + 8, top + 8), fill=(120, 112, 96), outline=(70, 62, 50))
        draw.line((x - 5, top - 3, x + 5, top + 3), fill=(60, 52, 42), width=2)
    draw.polygon(
        [(width, height), (width - 46, height), (width - 22, height - 20), (width, height - 52)], fill=(104, 66, 44)
    )
    return image


def fence(generator: numpy.random.Generator) -> Image.Image:
    """Weathered upright boards."""
    width, height = SIZE
    image = Image.new('RGB', SIZE)
    draw = ImageDraw.Draw(image)
    x = -20
    while x < width:
        board_width = int(generator.integers(128, 150))
        shade = int(generator.integers(-9, 9))
        draw.rectangle((x, 0, x + board_width, height), fill=(116 + shade, 108 + shade, 96 + shade))
        for _ in range(34):
            at, tone = x + int(generator.integers(4, board_width - 4)), int(generator.integers(-13, 9))
            draw.line(
                (at, 0, at + int(generator.integers(-5, 5)), height),
                fill=(116 + shade + tone, 108 + shade + tone, 96 + shade + tone),
                width=2,
            )
        draw.line((x + board_width, 0, x + board_width, height), fill=(48, 44, 40), width=5)
        x += board_width + 2
    return image.filter(ImageFilter.GaussianBlur(1.6))


def perspective(corners: list[tuple[float, float]], size: tuple[int, int]) -> list[float]:
    """Coefficients that Pillow needs to lay a picture of this size on these four corners."""
    width, height = size
    flat = [(0, 0), (width, 0), (width, height), (0, height)]
    rows, values = [], []
    for (x, y), (u, v) in zip(corners, flat):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return numpy.linalg.solve(numpy.array(rows, dtype=float), numpy.array(values, dtype=float)).tolist()


def build(folder: Path) -> None:
    generator = numpy.random.default_rng(17)
    picture, notice = fence(generator), board()
    corners = [(212, 138), (1022, 108), (1040, 792), (196, 770)]
    shadow = Image.new('L', SIZE, 0)
    ImageDraw.Draw(shadow).polygon([(x + 14, y + 18) for x, y in corners], fill=150)
    picture.paste((30, 27, 24), mask=shadow.filter(ImageFilter.GaussianBlur(12)))
    coefficients = perspective(corners, notice.size)
    laid = notice.transform(SIZE, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC)
    mask = Image.new('L', notice.size, 255).transform(
        SIZE, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC
    )
    picture.paste(laid, mask=mask)

    pixels = numpy.asarray(picture.filter(ImageFilter.GaussianBlur(0.7)), dtype=numpy.float32)
    height, width, _ = pixels.shape
    across, down = numpy.meshgrid(numpy.linspace(-1, 1, width), numpy.linspace(-1, 1, height))
    light = 1.02 - 0.16 * (across**2 + down**2) + 0.06 * across - 0.05 * down
    pixels = pixels * light[:, :, None].astype(numpy.float32)
    # One grain for all three channels: it looks like film and compresses three times better than coloured noise.
    pixels += generator.normal(0, 2.2, (height, width, 1)).astype(numpy.float32)
    photo = Image.fromarray(numpy.clip(pixels, 0, 255).astype(numpy.uint8), 'RGB')
    photo.quantize(96, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        folder / 'photo-notice.png', optimize=True
    )
