import { parseHTML } from 'linkedom';

/** As much of the DOM as we touch; the project is compiled without the browser's types. */
export interface HtmlElement {
  readonly tagName: string;
  readonly textContent: string | null;
  readonly parentElement: HtmlElement | null;
  readonly children: Iterable<HtmlElement>;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  querySelector(selector: string): HtmlElement | null;
  querySelectorAll(selector: string): Iterable<HtmlElement>;
  closest(selector: string): HtmlElement | null;
  remove(): void;
  replaceWith(text: string): void;
}

export interface HtmlDocument {
  readonly documentElement: HtmlElement;
  querySelector(selector: string): HtmlElement | null;
  querySelectorAll(selector: string): Iterable<HtmlElement>;
}

/** A fragment becomes the body of a page: the parser makes a whole document only of a text that has its element. */
export function parsePage(html: string): HtmlDocument {
  const page = /<html[\s>]/i.test(html) ? html : `<html><body>${html}</body></html>`;
  const { document }: { document: HtmlDocument } = parseHTML(page);
  return document;
}
