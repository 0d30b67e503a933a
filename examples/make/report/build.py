"""Puts the chapters together."""

from pathlib import Path

from report import (
    accounts,
    climate,
    community,
    diary,
    finance,
    freight,
    front,
    governance,
    infrastructure,
    nature,
    passengers,
    people,
    safety,
)
from report.layout import Report


def build(folder: Path) -> None:
    report = Report(str(folder / 'annual-report.pdf'), front.draw_cover)
    report.multiBuild(
        [
            *front.imprint(),
            *front.contents_pages(),
            *front.chairs_statement(),
            *front.at_a_glance(),
            *front.review(),
            *diary.diary(),
            *passengers.passengers(),
            *freight.freight(),
            *infrastructure.track(),
            *infrastructure.signals(),
            *infrastructure.rolling_stock(),
            *safety.safety(),
            *people.people(),
            *nature.nature(),
            *climate.weather(),
            *community.community(),
            *finance.review(),
            *accounts.statements(),
            *governance.governance(),
            *governance.ahead(),
            *governance.appendices(),
        ]
    )
