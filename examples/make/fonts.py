"""Fonts come from Python packages, so that a page looks the same on every machine."""

from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

SERIF = Path(font_source_serif_pro.__file__).parent / 'files'
SANS = Path(font_source_sans_pro.__file__).parent / 'files'

FONT_FILES = {
    'Serif': SERIF / 'SourceSerifPro-Regular.ttf',
    'Serif-Bold': SERIF / 'SourceSerifPro-Bold.ttf',
    'Serif-Italic': SERIF / 'SourceSerifPro-It.ttf',
    'Serif-BoldItalic': SERIF / 'SourceSerifPro-BoldIt.ttf',
    'Sans': SANS / 'SourceSansPro-Regular.ttf',
    'Sans-Semibold': SANS / 'SourceSansPro-Semibold.ttf',
}


def register_fonts() -> None:
    """Makes the fonts known to reportlab under their short names."""
    for name, path in FONT_FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(path)))
    pdfmetrics.registerFontFamily('Serif', 'Serif', 'Serif-Bold', 'Serif-Italic', 'Serif-BoldItalic')
    pdfmetrics.registerFontFamily('Sans', 'Sans', 'Sans-Semibold', 'Sans', 'Sans-Semibold')
