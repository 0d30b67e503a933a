import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { htmlToMarkdown } from '../../../../src/adapters/parsing/html/html-to-markdown.ts';

const markdownOf = (html: string) => htmlToMarkdown(html, 256);

const cases: { name: string; html: string; expected: string }[] = [
  { name: 'headings and emphasis', html: '<h2>A</h2><p>b <b>c</b> <em>d</em></p>', expected: '## A\n\nb **c** *d*' },
  {
    name: 'the title is the heading of a page that has none',
    html: '<html><head><title> My\n page </title></head><body><p>a</p></body></html>',
    expected: '# My page\n\na',
  },
  {
    name: 'the title of a page with a heading is left out',
    html: '<html><head><title>T</title></head><body><h1>H</h1></body></html>',
    expected: '# H',
  },
  {
    name: 'scripts, styles, navigation and hidden text are left out',
    html: '<script>x</script><style>y</style><nav>menu</nav><p hidden>h</p><p style="display: none">n</p><p>a</p>',
    expected: 'a',
  },
  {
    name: 'the main part of a page stands for the page',
    html: '<body><header>Site</header><main><p>text</p></main><footer>foot</footer></body>',
    expected: 'text',
  },
  {
    name: 'links to other sites are kept, those within the site are text',
    html: '<p><a href="https://x.org/a_(b)">out</a> <a href="/in">in</a> <a href="#a">here</a> <a href="javascript:x()">js</a></p>',
    expected: '[out](https://x.org/a_%28b%29) in here js',
  },
  {
    name: 'pictures give their description, never their bytes',
    html: '<p>a <img src="data:image/png;base64,AAAA" alt="a\n picture"> <img src="b.png"> c</p>',
    expected: 'a a picture c',
  },
  {
    name: 'nested lists',
    html: '<ul><li>a<ol start="3"><li>b</li><li>c</li></ol></li><li><p>d</p><p>e</p></li></ul>',
    expected: '- a\n  3. b\n  4. c\n- d\n\n  e',
  },
  { name: 'task lists', html: '<ul><li><input type="checkbox" checked> a</li></ul>', expected: '- [x] a' },
  {
    name: 'code with its language, blank lines and backticks',
    html: '<pre><code class="language-js">a()\n\n```\nb()</code></pre>',
    expected: '````js\na()\n\n```\nb()\n````',
  },
  { name: 'nothing is escaped', html: '<p>a_b *c* [1] $5 # x</p>', expected: 'a_b *c* [1] $5 # x' },
  {
    name: 'a table with a head',
    html: '<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>',
    expected: '| A | B |\n| --- | --- |\n| 1 | 2 |',
  },
  {
    name: 'a table without a head',
    html: '<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>',
    expected: '| a | b |\n| --- | --- |\n| 1 | 2 |',
  },
  {
    name: 'empty rows and columns of a table are left out',
    html: '<table><tr><td>a</td><td></td><td>b</td></tr><tr><td></td><td> </td><td></td></tr><tr><td>1</td><td></td><td>2</td></tr></table>',
    expected: '| a | b |\n| --- | --- |\n| 1 | 2 |',
  },
  {
    name: 'a cell over rows is repeated, one over columns is not',
    html: '<table><tr><th colspan="2">h</th><th>x</th></tr><tr><td rowspan="2">2025</td><td>Q1</td><td>1</td></tr><tr><td>Q2</td><td>2</td></tr></table>',
    expected: '| h |  | x |\n| --- | --- | --- |\n| 2025 | Q1 | 1 |\n| 2025 | Q2 | 2 |',
  },
  {
    name: 'lists, line breaks and pipes stay within their cell',
    html: '<table><tr><th>a</th><th>b</th></tr><tr><td><ul><li>x</li><li>y</li></ul></td><td>1|2<br>3</td></tr></table>',
    expected: '| a | b |\n| --- | --- |\n| - x<br>- y | 1\\|2<br>3 |',
  },
  {
    name: 'a table for the layout becomes blocks',
    html: '<table><tr><td><h2>A</h2><table><tr><td>1</td><td>2</td></tr></table></td></tr><tr><td>foot</td></tr></table>',
    expected: '## A\n\n| 1 | 2 |\n| --- | --- |\n\nfoot',
  },
  {
    name: 'a table within a table of data becomes lines of its cell',
    html: '<table><tr><th>a</th><th>b</th></tr><tr><td>x</td><td><table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table></td></tr></table>',
    expected: '| a | b |\n| --- | --- |\n| x | 1 2<br>3 4 |',
  },
  {
    name: 'a caption stands before its table',
    html: '<table><caption>C</caption><tr><td>a</td><td>b</td></tr></table>',
    expected: 'C\n\n| a | b |\n| --- | --- |',
  },
];

describe('HTML as Markdown', () => {
  for (const { name, html, expected } of cases) test(name, () => assert.equal(markdownOf(html), expected));

  test('cells that claim to span a world do not fill it', () => {
    const cell = '<td rowspan="65534" colspan="9999999">x</td>';
    assert.ok(markdownOf(`<table>${`<tr>${cell}${cell}</tr>`.repeat(3)}</table>`).length < 20_000);
  });

  test('a list of very many items is numbered in good time', () => {
    const markdown = markdownOf(`<ol>${'<li>a</li>'.repeat(20_000)}</ol>`);
    assert.ok(markdown.endsWith('20000. a'));
  });
});
