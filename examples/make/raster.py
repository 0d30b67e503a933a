"""Turns drawn pages into what a scanner or a camera would have made of them."""

import io

import numpy
import pypdfium2
from PIL import Image, ImageFilter


def render(pdf: bytes, dpi: int) -> list[Image.Image]:
    """The pages of a PDF as grey images."""
    return [page.render(scale=dpi / 72).to_pil().convert('L') for page in pypdfium2.PdfDocument(pdf)]


def scan(page: Image.Image, degrees: float, generator: numpy.random.Generator) -> Image.Image:
    """A page laid crookedly on the glass of an old office scanner."""
    turned = page.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=236)
    soft = turned.filter(ImageFilter.GaussianBlur(0.55))
    pixels = numpy.asarray(soft, dtype=numpy.float32)
    height, width = pixels.shape
    # Ink on paper is never quite black and paper never quite white; the lamp fades to one side.
    pixels = 38 + pixels * (205 / 255)
    pixels *= numpy.linspace(1.02, 0.955, width, dtype=numpy.float32)[None, :]
    pixels += generator.normal(0, 5.0, (height, width)).astype(numpy.float32)
    specks = generator.random((height, width)) < 0.00012
    pixels[specks] = 70
    # The lid did not close over the edge.
    pixels[:, : width // 90] *= numpy.linspace(0.35, 1, width // 90)[None, :]
    return Image.fromarray(numpy.clip(pixels, 0, 255).astype(numpy.uint8), 'L')


def jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, 'JPEG', quality=quality, optimize=True)
    return buffer.getvalue()
