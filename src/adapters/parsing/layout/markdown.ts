const tagLike = /<(?=[A-Za-z/!?])/g;

/** Text that means itself in the middle of a line: no tag, no reference. Emphasis marks are left as they are. */
export const escapeInline = (text: string): string => text.replaceAll(tagLike, '\\<');

/** Characters that would make a heading, quote, list, rule or table of a line that is none. */
const blockMark = /^(?:#{1,6}(?=\s|$)|>|[-+*](?=\s)|\||`{3,}|~{3,})/;
const orderedMark = /^(\d{1,9})([.)])(?=\s)/;
/** A line of `=` or `-` would turn the line above it into a heading. */
export const separatorLine = /^(?:[=\-_*~.·—–]\s?){4,}$/;

export function escapeLine(text: string): string {
  const line = escapeInline(text);
  if (blockMark.test(line)) return `\\${line}`;
  return line.replace(orderedMark, '$1\\$2');
}

const escapeCell = (text: string): string => escapeInline(text).replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();

/** A GFM table; the first row is its header, because GFM has no table without one. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map((row) => row.length));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const padded = rows.map((row) => Array.from({ length: width }, (_, column) => escapeCell(row[column] ?? '')));
  const [header = [], ...body] = padded;
  return [line(header), line(Array.from({ length: width }, () => '---')), ...body.map(line)].join('\n');
}

export function renderCode(lines: readonly string[]): string {
  const longest = Math.max(2, ...lines.map((line) => /^`+/.exec(line)?.[0].length ?? 0));
  const fence = '`'.repeat(longest + 1);
  return [fence, ...lines, fence].join('\n');
}
