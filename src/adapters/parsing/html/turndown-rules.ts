import type TurndownService from 'turndown';
import type { HtmlElement } from './dom.ts';

/** Where our Markdown differs from Turndown's. */
export function addTextRules(service: TurndownService): void {
  const itemsSeen = new WeakMap<HtmlElement, number>();

  service.addRule('item', {
    filter: 'li',
    replacement(content, item: HtmlElement) {
      const list = item.parentElement;
      const index = list === null ? 0 : (itemsSeen.get(list) ?? 0);
      if (list !== null) itemsSeen.set(list, index + 1);
      const marker = list?.tagName === 'OL' ? `${firstNumber(list) + index}. ` : '- ';
      const [first = '', ...rest] = content
        .trim()
        .replace(/^(\[[ x]\]) +/, '$1 ')
        .split('\n');
      const indented = rest.map((line) => (line.trim() === '' ? '' : ' '.repeat(marker.length) + line));
      return `${[marker + first, ...indented].join('\n')}\n`;
    },
  });
  service.addRule('preformatted', {
    filter: 'pre',
    replacement(_content, element: HtmlElement) {
      const text = (element.textContent ?? '').replace(/^\n/, '').trimEnd();
      return text === '' ? '' : fenced(text, language(element));
    },
  });
  service.addRule('link', {
    filter: 'a',
    replacement(content, link: HtmlElement) {
      const target = link.getAttribute('href')?.trim() ?? '';
      const leadsOut = /^(?:https?:|mailto:)/i.test(target) && content.trim() !== '' && !content.includes('\n');
      return leadsOut ? `[${content}](${target.replaceAll(/[\s()<>]/g, percentEncoded)})` : content;
    },
  });
  service.addRule('struck', { filter: ['del', 's'], replacement: (content) => `~~${content}~~` });
  service.addRule('checkbox', {
    filter: 'input',
    replacement(_content, box: HtmlElement) {
      if (box.closest('li') === null) return '';
      return box.hasAttribute('checked') ? '[x] ' : '[ ] ';
    },
  });
}

function firstNumber(list: HtmlElement): number {
  const start = Number.parseInt(list.getAttribute('start') ?? '1', 10);
  return Number.isNaN(start) ? 1 : start;
}

function language(preformatted: HtmlElement): string {
  const code = preformatted.querySelector('code') ?? preformatted;
  return /\blanguage-([\w+#-]+)/.exec(code.getAttribute('class') ?? '')?.[1] ?? '';
}

/** With a fence longer than any run of backticks in the text. */
function fenced(text: string, info: string): string {
  let longest = 2;
  for (const [run] of text.matchAll(/`{3,}/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return `\n\n${fence}${info}\n${text}\n${fence}\n\n`;
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
