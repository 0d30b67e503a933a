import { GatewayError } from '../../../core/errors.ts';

/** Elements that end where their parent does, or where the next of their kind begins: written without an end, they do not nest. */
const selfEnding = new Set([
  ...['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr'],
  ...['html', 'head', 'body', 'p', 'li', 'dt', 'dd', 'tr', 'td', 'th', 'thead', 'tbody', 'tfoot', 'colgroup'],
  ...['option', 'optgroup', 'rp', 'rt'],
]);
/** Elements in which we look for no others. */
const opaque = new Set(['script', 'style', 'textarea', 'title', 'svg', 'math']);

const tagStart = /<(?:!--|(\/?)([a-z][^\s/>]*))/gi;

/**
 * Refuses a page whose elements nest deeper than `maxDepth` before a tree is made of it: trees are walked by functions
 * that call themselves. One pass, linear in the length of the page.
 */
export function requireShallowHtml(html: string, maxDepth: number): void {
  let depth = 0;
  tagStart.lastIndex = 0;
  for (let found = tagStart.exec(html); found; found = tagStart.exec(html)) {
    const [, slash, name = ''] = found;
    const element = name.toLowerCase();
    if (element === '') tagStart.lastIndex = behind(html, /-->/g, found.index);
    else if (opaque.has(element) && slash === '') {
      tagStart.lastIndex = behind(html, new RegExp(`</${element}`, 'gi'), found.index);
    } else if (!selfEnding.has(element)) depth = Math.max(0, depth + (slash === '/' ? -1 : 1));
    if (depth > maxDepth) {
      throw new GatewayError(
        'unprocessable_document',
        `The HTML nests elements more than ${maxDepth} levels deep, which is not read.`,
      );
    }
  }
}

/** Where `end` ends, at or after `from`; the end of the page if it is not there. */
function behind(html: string, end: RegExp, from: number): number {
  end.lastIndex = from;
  return end.test(html) ? end.lastIndex : html.length;
}
