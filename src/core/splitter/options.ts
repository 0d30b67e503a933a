import { assertThat, GatewayError } from '../errors.ts';
import { type CompileExpression, everyCodePoint, expressionMatcher, literalMatcher, type Matcher } from './matcher.ts';
import { type PresetName, presetNames, presets } from './presets.ts';
import type { SplitterSettings } from './settings.ts';
import type { SplitOptions } from './split.ts';

export const maxSeparators = 50;
/** UTF-16 units of one separator, literal or expression. */
export const maxSeparatorLength = 1_000;

const wholeText: SplitOptions = { chunkSize: Infinity, chunkMinSize: 0, chunkOverlap: 0, separators: [] };

/**
 * What a caller asked for, ready for `splitText`. As the specification has it: `disableChunking` makes all else
 * irrelevant, and separators of the caller's own replace the preset. Throws `invalid_request` naming the form field.
 */
export function splitterOptions(settings: SplitterSettings, compile: CompileExpression): SplitOptions {
  if (settings.disableChunking) return wholeText;
  const { chunkSize, chunkMinSize, chunkOverlap } = settings;
  requireWhole('chunk_size', chunkSize, 1, Number.MAX_SAFE_INTEGER, ' unless `disable_chunking` is set');
  requireWhole('chunk_min_size', chunkMinSize, 0, chunkSize, ' (`chunk_size`)');
  requireWhole('chunk_overlap', chunkOverlap, 0, chunkSize, ' (`chunk_size`)');
  return { chunkSize, chunkMinSize, chunkOverlap, separators: chooseSeparators(settings, compile) };
}

function chooseSeparators(settings: SplitterSettings, compile: CompileExpression): Matcher[] {
  const { separators, isSeparatorRegex, preset } = settings;
  if (separators.length === 0) return presets[requirePreset(preset)].map(presetMatcher);
  assertThat(
    separators.length <= maxSeparators,
    'invalid_request',
    `\`separators\` may have at most ${maxSeparators} entries; there are ${separators.length}.`,
    { param: 'separators' },
  );
  return separators.map((separator, index) => {
    const param = `separators[${index}]`;
    requireShort(param, separator);
    if (separator === '') return everyCodePoint;
    return isSeparatorRegex ? compile(separator, param) : literalMatcher(separator);
  });
}

function presetMatcher(separator: string | RegExp): Matcher {
  if (separator === '') return everyCodePoint;
  return typeof separator === 'string' ? literalMatcher(separator) : expressionMatcher(separator);
}

function requirePreset(name: string): PresetName {
  const known = presetNames.find((preset) => preset === name);
  if (known !== undefined) return known;
  throw new GatewayError(
    'invalid_request',
    `\`preset_separators\` must be one of ${presetNames.join(', ')}; it is "${name.slice(0, 50)}".`,
    { param: 'preset_separators' },
  );
}

function requireShort(param: string, separator: string): void {
  assertThat(
    separator.length <= maxSeparatorLength,
    'invalid_request',
    `A separator may have at most ${maxSeparatorLength} characters; \`${param}\` has ${separator.length}.`,
    { param },
  );
}

function requireWhole(param: string, value: number, min: number, max: number, remark: string): void {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  assertThat(
    Number.isSafeInteger(value) && value >= min && value <= max,
    'invalid_request',
    `\`${param}\` must be a whole number ${range}${remark}; it is ${value}.`,
    { param },
  );
}
