"""Builds the generated documents: all of them, or those whose file names are given."""

import sys
from pathlib import Path

import closure_notice
import event_log
import inspection_scan
import meeting_minutes
import novella
import parts_list
import photo_notice
import project_review
import workbook
from report import build as annual_report

FOLDER = Path(__file__).parent.parent / 'documents'

BUILDERS = {
    'annual-report.pdf': annual_report.build,
    'inspection-scan.pdf': inspection_scan.build,
    'log.txt': event_log.build,
    'meeting-minutes.docx': meeting_minutes.build,
    'notice.odt': closure_notice.build,
    'novella.epub': novella.build,
    'parts.csv': parts_list.build,
    'photo-notice.png': photo_notice.build,
    'project-review.pptx': project_review.build,
    'timetable-and-budget.xlsx': workbook.build,
}


def main() -> None:
    names = sys.argv[1:] or list(BUILDERS)
    unknown = [name for name in names if name not in BUILDERS]
    if unknown:
        sys.exit(f'not generated here: {", ".join(unknown)}; choose from {", ".join(BUILDERS)}')
    FOLDER.mkdir(exist_ok=True)
    for name in names:
        BUILDERS[name](FOLDER)
        print(f'{(FOLDER / name).stat().st_size:>9,}  {name}')


if __name__ == '__main__':
    main()
