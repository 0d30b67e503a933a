import { z } from 'zod';
import { metadata } from '../../../core/metadata.ts';
import { presetNames } from '../../../core/splitter/presets.ts';
import type { SplitterSettings } from '../../../core/splitter/settings.ts';
import { decimal } from '../fields.ts';

/** A text field that is left empty was not filled in. */
function optionalField<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (value === '' ? undefined : value), schema);
}

const flag = optionalField(
  z
    .union([
      z.boolean(),
      z.enum(['true', 'false', 'True', 'False', '1', '0']).transform((word) => /^(t|1)/i.test(word)),
    ])
    .default(false),
);
const size = (fallback: number) => optionalField(decimal(z.int().nonnegative()).default(fallback));
const id = optionalField(decimal(z.int().positive()).optional());

/** JSON in a form field. */
const metadataText = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'metadata must be a JSON object' });
      return z.NEVER;
    }
  })
  .pipe(metadata);

/** One separator or several; a form that sends the field empty names none. */
const separators = z.preprocess((value) => {
  const list = [value ?? []].flat();
  return list.length === 1 && list[0] === '' ? [] : list;
}, z.array(z.string()));

/** The fields of `POST /v1/documents` beside the file; all of them arrive as text. */
export const documentForm = z.looseObject({
  name: optionalField(z.string().trim().min(1).max(255).optional()).describe(
    'Name of the document if there is no file, or to override the name of the file.',
  ),
  collection_id: id.describe('The collection to put the document into; its model embeds the chunks.'),
  collection: id.describe('Deprecated: another name of collection_id.'),
  disable_chunking: flag.describe('Makes one chunk of the whole document.'),
  chunk_size: size(2048).describe('Characters of a chunk. 0: the document is not split.'),
  chunk_min_size: size(0).describe('Shorter chunks are dropped.'),
  chunk_overlap: size(0).describe('Characters that a chunk repeats of the one before.'),
  is_separator_regex: flag.describe('Whether `separators` are regular expressions.'),
  separators: separators.describe('Where to cut, tried in this order; used instead of the preset.'),
  preset_separators: optionalField(z.enum(presetNames).default('markdown')),
  metadata: optionalField(metadataText.optional()).describe('A JSON object, added to every chunk of the file.'),
});

export type DocumentForm = z.output<typeof documentForm>;

export function splitterOf(form: DocumentForm): SplitterSettings {
  return {
    chunkSize: form.chunk_size,
    chunkMinSize: form.chunk_min_size,
    chunkOverlap: form.chunk_overlap,
    separators: form.separators,
    isSeparatorRegex: form.is_separator_regex,
    preset: form.preset_separators,
    disableChunking: form.disable_chunking || form.chunk_size === 0,
  };
}
