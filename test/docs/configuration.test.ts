import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { describe, it } from 'node:test';
import { readSettings } from '../../engines/settings.ts';
import { type Config, loadConfig, parseConfig } from '../../src/config.ts';
import { projectPath } from '../helpers/project.ts';
import { variablesRead } from '../helpers/variables-read.ts';

interface Row {
  key: string;
  variable: string | null;
  default: string;
}

const page = readFileSync(projectPath('docs/configuration.md'), 'utf8');
const readme = readFileSync(projectPath('README.md'), 'utf8');
const noFile = { SWITCHYARD_CONFIG: '' };

/** The rows of every table whose first cell is a key of the configuration. */
function rowsOf(markdown: string): Row[] {
  const cells = [...markdown.matchAll(/^\| `([a-z]\w*(?:\.\w+)?)` \| (?:`([A-Z_]+)` )?\| (.+?) \|/gm)];
  return cells.map(([, key = '', variable = null, text = '']) => ({
    key,
    variable,
    default: text.replaceAll('`', ''),
  }));
}

/** Every setting as `section.name` with its value. */
function settingsOf(config: Config): Map<string, unknown> {
  const entries = Object.entries(config).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([inner, leaf]): [string, unknown] => [`${name}.${inner}`, leaf])
      : [[name, value] as [string, unknown]],
  );
  return new Map(entries);
}

/** A default as the tables write it. */
function written(key: string, value: unknown): string {
  const cores = availableParallelism();
  if (key === 'models.threads' && value === Math.min(4, cores)) return 'one per core, at most 4';
  if (key === 'documents.parserProcesses' && value === cores) return 'one per core';
  if (value === null || (Array.isArray(value) && value.length === 0)) return 'none';
  if (key === 'dataDir' || key === 'models.dir') return relative(process.cwd(), String(value));
  if (key === 'webhooks.scheduleMs' && Array.isArray(value)) return value.map(writtenPause).join(', ');
  if (typeof value !== 'number') return String(value);
  const units = key.endsWith('Bytes') ? bytes : key.endsWith('Ms') ? milliseconds : [];
  const [unit, size] = units.findLast(([, candidate]) => value % candidate === 0) ?? ['', 1];
  const amount = value / size;
  return unit === '' ? amount.toLocaleString('en', { useGrouping: 'min2' }) : `${amount} ${unit}`;
}

/** Of a schedule, where a day is no pause that anybody speaks of. */
function writtenPause(ms: unknown): string {
  const hours = Number(ms) / 3_600_000;
  return hours >= 1 ? `${hours} h` : written('pauseMs', ms).replace(/^0 days$/, '0');
}

const bytes: [string, number][] = [
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
  ['GiB', 1024 ** 3],
];
const milliseconds: [string, number][] = [
  ['s', 1_000],
  ['min', 60_000],
  ['days', 86_400_000],
];

describe('the configuration page', () => {
  const rows = rowsOf(page);
  const settings = settingsOf(parseConfig({}));

  it('has one row for every setting and none for anything else', () => {
    assert.deepEqual(rows.map(({ key }) => key).sort(), [...settings.keys()].sort());
  });

  it('names the variable of every setting that has one', () => {
    const vendors = page.split('## Models\n')[1]?.split('```')[0] ?? '';
    const ofVendors = [...vendors.matchAll(/`([A-Z_]{5,})`/g)].map(([, variable = '']) => variable);
    const named = [...rows.flatMap(({ variable }) => variable ?? []), ...new Set(ofVendors)];
    const read = variablesRead(loadConfig);
    read.delete('SWITCHYARD_CONFIG');
    assert.deepEqual(named.sort(), [...read].sort());
  });

  it('names every variable of the launcher', () => {
    for (const variable of variablesRead(readSettings)) assert.match(page, new RegExp(`\`${variable}\``));
  });
});

for (const [name, markdown] of [
  ['docs/configuration.md', page],
  ['README.md', readme],
] as const) {
  describe(`the settings in ${name}`, () => {
    const settings = settingsOf(parseConfig({}));
    const rows = rowsOf(markdown);

    it('are there', () => {
      assert.ok(rows.length > 5);
    });

    it('have the defaults that are written beside them', () => {
      for (const row of rows) assert.equal(row.default, written(row.key, settings.get(row.key)), row.key);
    });

    it('are set by the variables that are written beside them', () => {
      const samples = [
        '17',
        'a-long-enough-text',
        'http://127.0.0.1:17',
        'warn',
        'worker',
        'true',
        '10.0.0.0/8',
        'ui:8080',
      ];
      for (const { key, variable } of rows) {
        if (variable === null) continue;
        const isSet = samples.some((sample) => {
          const value = settingAfter(key, { ...noFile, [variable]: sample });
          return value !== null && String(value).endsWith(sample);
        });
        assert.ok(isSet, `${variable} does not set ${key}`);
      }
    });
  });
}

/** What the setting is in that environment; null where the environment is refused. */
function settingAfter(key: string, environment: Record<string, string>): unknown {
  try {
    return settingsOf(loadConfig(environment)).get(key);
  } catch {
    return null;
  }
}
