/** The least PDF that has text on many pages: one font, one content stream a page, lines from top to bottom. */
export class PdfBuilder {
  readonly #pages: string[] = [];

  /** Lines of ASCII without brackets and backslashes. */
  addPage(lines: readonly string[]): void {
    const shown = lines.map((line) => `(${line}) Tj T*`).join('\n');
    this.#pages.push(`BT /F1 10 Tf 14 TL 50 790 Td\n${shown}\nET`);
  }

  bytes(): Buffer {
    const firstPage = 4;
    const kids = this.#pages.map((_, index) => `${firstPage + 2 * index} 0 R`).join(' ');
    const objects = [
      '<< /Type /Catalog /Pages 2 0 R >>',
      `<< /Type /Pages /Kids [${kids}] /Count ${this.#pages.length} >>`,
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
      ...this.#pages.flatMap((content, index) => [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${firstPage + 2 * index + 1} 0 R >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ]),
    ];
    let text = '%PDF-1.4\n';
    const offsets = objects.map((object, index) => {
      const offset = text.length;
      text += `${index + 1} 0 obj\n${object}\nendobj\n`;
      return offset;
    });
    const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
    text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
    text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.lastIndexOf('xref\n0 ')}\n%%EOF\n`;
    return Buffer.from(text, 'latin1');
  }
}
