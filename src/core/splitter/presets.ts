/**
 * The 28 separator lists that the specification names, coarsest separator first. They are those of
 * langchain-text-splitters 1.1.2, the last version before some keywords left the lists, in JavaScript's syntax; keywords
 * that a list repeats are given once, since a repeat could cut nothing. `perl` is our own: Python has no such list.
 *
 * A string is literal. Python treats all of them as expressions, which shows where an entry holds a bare `.`, `$` or
 * `|`: those entries are expressions here, and mean what they mean there.
 */
import { whiteSpaceClass } from './white-space.ts';

export type PresetSeparator = string | RegExp;

const plainText = ['\n\n', '\n', ' ', ''];

const cFamily = [
  ...lineStarts('class', 'void', 'int', 'float', 'double', 'if', 'for', 'while', 'switch', 'case'),
  ...plainText,
];

/** Python's `$` without the multi-line flag, for the list's `$$` and `$`: the end, and before a line feed there. */
const endOfText = /(?=\n?$)/u;

export const presets = {
  cpp: cFamily,
  go: [...lineStarts('func', 'var', 'const', 'type', 'if', 'for', 'switch', 'case'), ...plainText],
  java: [
    ...lineStarts('class', 'public', 'protected', 'private', 'static', 'if', 'for', 'while', 'switch', 'case'),
    ...plainText,
  ],
  kotlin: [
    ...lineStarts('class', 'public', 'protected', 'private', 'internal', 'companion', 'fun', 'val', 'var'),
    ...lineStarts('if', 'for', 'while', 'when', 'case', 'else'),
    ...plainText,
  ],
  js: [
    ...lineStarts('function', 'const', 'let', 'var', 'class', 'if', 'for', 'while', 'switch', 'case', 'default'),
    ...plainText,
  ],
  ts: [
    ...lineStarts('enum', 'interface', 'namespace', 'type', 'class', 'function', 'const', 'let', 'var'),
    ...lineStarts('if', 'for', 'while', 'switch', 'case', 'default'),
    ...plainText,
  ],
  php: [...lineStarts('function', 'class', 'if', 'foreach', 'while', 'do', 'switch', 'case'), ...plainText],
  proto: [...lineStarts('message', 'service', 'enum', 'option', 'import', 'syntax'), ...plainText],
  python: ['\nclass ', '\ndef ', '\n\tdef ', ...plainText],
  r: [
    '\nfunction ',
    '\nsetClass(',
    '\nsetMethod(',
    '\nsetGeneric(',
    ...lineStarts('if', 'else', 'for', 'while', 'repeat'),
    '\nlibrary(',
    '\nrequire(',
    ...plainText,
  ],
  rst: [/\n=+\n/u, /\n-+\n/u, /\n\*+\n/u, /\n\n[^\n][^\n] *\n\n/u, ...plainText],
  ruby: [...lineStarts('def', 'class', 'if', 'unless', 'while', 'for', 'do', 'begin', 'rescue'), ...plainText],
  rust: [...lineStarts('fn', 'const', 'let', 'if', 'while', 'for', 'loop', 'match'), ...plainText],
  scala: [...lineStarts('class', 'object', 'def', 'val', 'var', 'if', 'for', 'while', 'match', 'case'), ...plainText],
  swift: [...lineStarts('func', 'class', 'struct', 'enum', 'if', 'for', 'while', 'do', 'switch', 'case'), ...plainText],
  markdown: [/\n#{1,6} /u, '```\n', /\n\*\*\*+\n/u, /\n---+\n/u, /\n___+\n/u, ...plainText],
  latex: [
    ...['chapter', 'section', 'subsection', 'subsubsection'].map((command) => `\n\\${command}{`),
    ...['enumerate', 'itemize', 'description', 'list', 'quote', 'quotation', 'verse', 'verbatim', 'align'].map(
      (environment) => `\n\\begin{${environment}}`,
    ),
    endOfText,
    endOfText,
    ' ',
    '',
  ],
  html: [
    ...tagStarts('body', 'div', 'p', 'br', 'li', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'span', 'table', 'tr', 'td', 'th'),
    ...tagStarts('ul', 'ol', 'header', 'footer', 'nav', 'head', 'style', 'script', 'meta', 'title'),
    '',
  ],
  sol: [
    ...lineStarts('pragma', 'using', 'contract', 'interface', 'library', 'constructor', 'type', 'function', 'event'),
    ...lineStarts('modifier', 'error', 'struct', 'enum', 'if', 'for', 'while', 'do while', 'assembly'),
    ...plainText,
  ],
  csharp: [
    ...lineStarts('interface', 'enum', 'implements', 'delegate', 'event', 'class', 'abstract'),
    ...lineStarts('public', 'protected', 'private', 'static', 'return'),
    ...lineStarts('if', 'continue', 'for', 'foreach', 'while', 'switch', 'break', 'case', 'else'),
    ...lineStarts('try', 'throw', 'finally', 'catch'),
    ...plainText,
  ],
  cobol: [
    /\nIDENTIFICATION DIVISION[^\n]/u,
    /\nENVIRONMENT DIVISION[^\n]/u,
    /\nDATA DIVISION[^\n]/u,
    /\nPROCEDURE DIVISION[^\n]/u,
    /\nWORKING-STORAGE SECTION[^\n]/u,
    /\nLINKAGE SECTION[^\n]/u,
    /\nFILE SECTION[^\n]/u,
    /\nINPUT-OUTPUT SECTION[^\n]/u,
    ...lineStarts('OPEN', 'CLOSE', 'READ', 'WRITE', 'IF', 'ELSE', 'MOVE', 'PERFORM', 'UNTIL', 'VARYING'),
    ...lineStarts('ACCEPT', 'DISPLAY'),
    /\nSTOP RUN[^\n]/u,
    '\n',
    ' ',
    '',
  ],
  c: cFamily,
  lua: [...lineStarts('local', 'function', 'if', 'for', 'while', 'repeat'), ...plainText],
  perl: [
    ...lineStarts('package', 'sub', 'BEGIN', 'END', 'if', 'unless', 'foreach', 'for', 'while', 'until', 'use'),
    ...plainText,
  ],
  haskell: [
    ...lineStarts('main ::', 'main =', 'let', 'in', 'do', 'where', '::', '=', 'data', 'newtype', 'type'),
    ...lineStarts('module', 'import', 'qualified', 'import qualified', 'class', 'instance', 'case'),
    /\n| /u,
    '\n= {',
    '\n, ',
    ...plainText,
  ],
  elixir: [
    ...lineStarts('def', 'defp', 'defmodule', 'defprotocol', 'defmacro', 'defmacrop'),
    ...lineStarts('if', 'unless', 'while', 'case', 'cond', 'with', 'for', 'do'),
    ...plainText,
  ],
  powershell: [
    ...lineStarts('function', 'param', 'if', 'foreach', 'for', 'while', 'switch', 'class', 'try', 'catch', 'finally'),
    ...plainText,
  ],
  visualbasic6: [
    ...['Sub', 'Function', 'Property{s}+(?:Get|Let|Set)', 'Type', 'Enum'].map(visualBasicDefinition),
    visualBasic('\\n(?!End{s})If{s}+'),
    ...['ElseIf', 'Else', 'Select{s}+Case', 'Case', 'For', 'Do', 'While', 'With'].map((statement) =>
      visualBasic(`\\n${statement}{s}+`),
    ),
    ...plainText,
  ],
} as const satisfies Record<string, readonly PresetSeparator[]>;

export type PresetName = keyof typeof presets;

export const presetNames = Object.keys(presets) as PresetName[];

function lineStarts(...words: string[]): string[] {
  return words.map((word) => `\n${word} `);
}

function tagStarts(...tags: string[]): string[] {
  return tags.map((tag) => `<${tag}`);
}

/** As in Python, only definitions with a stated visibility count: there `\s+?` is a lazy repeat, not an option. */
function visualBasicDefinition(keyword: string): RegExp {
  return visualBasic(`\\n(?!End{s})(?:Public|Private|Friend|Global|Static){s}+?${keyword}{s}+`);
}

/** `{s}` stands for Python's `\s`. */
function visualBasic(source: string): RegExp {
  return new RegExp(source.replaceAll('{s}', `[${whiteSpaceClass}]`), 'u');
}
