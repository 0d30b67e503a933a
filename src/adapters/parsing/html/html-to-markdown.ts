import TurndownService from 'turndown';
import { requireShallowHtml } from './depth.ts';
import { type HtmlDocument, parsePage } from './dom.ts';
import { addTableRules } from './table-rules.ts';
import { addTextRules } from './turndown-rules.ts';

/** What is not text of the page: code, controls, embedded media, ways to other pages, what is not shown. */
const noise = [
  ...['script', 'style', 'noscript', 'template', 'iframe', 'object', 'embed', 'audio', 'video', 'canvas', 'svg'],
  ...['button', 'select', 'textarea', 'input:not([type=checkbox])', 'nav', '[role=navigation]'],
  ...['[hidden]', '[aria-hidden=true]', '[style*="display:none"]', '[style*="display: none"]', '.mw-editsection'],
].join(',');

/** The text of an HTML page as Markdown. Links that lead to another site are kept; pictures give their description. */
export function htmlToMarkdown(html: string, maxDepth: number): string {
  requireShallowHtml(html, maxDepth);
  const document = parsePage(html);
  const title = document.querySelector('title')?.textContent?.trim() ?? '';
  for (const element of document.querySelectorAll(noise)) element.remove();
  removeLanguageSwitch(document);
  for (const picture of document.querySelectorAll('img')) picture.replaceWith(picture.getAttribute('alt') ?? '');
  const main = document.querySelector('main');
  const body = main?.textContent?.trim() ? main : (document.querySelector('body') ?? document.documentElement);
  const markdown = createTurndown().turndown(body as unknown as TurndownService.Node);
  const needsTitle = title !== '' && document.querySelector('h1') === null;
  return needsTitle ? `# ${title.replaceAll(/\s+/g, ' ')}\n\n${markdown}` : markdown;
}

/** Items that are nothing but a link to the same page in another language. */
function removeLanguageSwitch(document: HtmlDocument): void {
  for (const link of document.querySelectorAll('li a[hreflang]')) {
    const item = link.closest('li');
    if (item?.textContent?.trim() === link.textContent?.trim()) item?.remove();
  }
}

function createTurndown(): TurndownService {
  const service = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced', emDelimiter: '*', hr: '---' });
  // Backslashes that nobody wrote would stand in what people search; only a fence would swallow what follows.
  service.escape = (text) => text.replace(/^(\s*)(`{3,}|~{3,})/, '$1\\$2');
  addTextRules(service);
  addTableRules(service);
  return service;
}
