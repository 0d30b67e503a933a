import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { defaultParsingLimits } from '../../../../src/adapters/parsing/limits.ts';
import { guardArchive } from '../../../../src/adapters/parsing/office/zip-guard.ts';
import { fileOf } from '../../../helpers/parsing.ts';
import { type ZipEntry, zerosEntry, zipOf } from '../../../helpers/zip-writer.ts';

const mebibyte = 1024 * 1024;
const noise = (bytes: number): ZipEntry => ({ name: 'noise.bin', data: randomBytes(bytes), stored: true });

describe('the guard of archives', () => {
  const guard = async (t: Parameters<typeof fileOf>[0], entries: ZipEntry[], limits = {}) =>
    await guardArchive(await fileOf(t, zipOf(entries)), { ...defaultParsingLimits, ...limits });

  test('an archive that is harmless gives the names of its entries', async (t) => {
    assert.deepEqual(await guard(t, [{ name: 'a/b.xml', data: '<a/>' }, noise(10)]), ['a/b.xml', 'noise.bin']);
  });

  test('as many entries as the limit pass, one more is refused', async (t) => {
    const entries = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `${index}`, data: '' }));
    await guard(t, entries(10), { maxArchiveEntries: 10 });
    await assert.rejects(guard(t, entries(11), { maxArchiveEntries: 10 }), {
      code: 'document_too_large',
      publicMessage: 'The file is an archive of 11 entries; at most 10 are read.',
    });
  });

  test('as many bytes as the limit pass, one more is refused', async (t) => {
    await guard(t, [noise(60), { ...noise(40), name: 'b' }], { maxArchiveBytes: 100 });
    await assert.rejects(guard(t, [noise(60), { ...noise(41), name: 'b' }], { maxArchiveBytes: 100 }), {
      code: 'document_too_large',
    });
  });

  test('bytes are counted as they come out, not as they are announced', async (t) => {
    const liar = { ...zerosEntry('a', 4 * mebibyte), inflated: { bytes: 10, crc: 0 } };
    await assert.rejects(guard(t, [liar, noise(mebibyte)]), { code: 'unprocessable_document' });
  });

  test('a ratio below the limit passes, one above is refused', async (t) => {
    const entries = [zerosEntry('zeros', 4 * mebibyte), noise(mebibyte / 4)];
    await guard(t, entries, { maxArchiveRatio: 20 });
    await assert.rejects(guard(t, entries, { maxArchiveRatio: 10 }), {
      code: 'unprocessable_document',
      publicMessage: 'The file unpacks to more than 10 times its size, as no document does.',
    });
  });

  test('a small file may be as empty as it likes', async (t) => {
    await guard(t, [zerosEntry('zeros', mebibyte)]);
  });

  test('an archive in a folder of embedded files is let be, elsewhere it is refused', async (t) => {
    const data = zipOf([{ name: 'a', data: 'a' }]);
    await guard(t, [{ name: 'word/embeddings/sheet.xlsx', data, stored: true }]);
    await assert.rejects(guard(t, [{ name: 'word/media/sheet.png', data, stored: true }]), {
      publicMessage: /archive within it/,
    });
  });

  test('a document type may be declared, entities may not', async (t) => {
    await guard(t, [{ name: 'a.xhtml', data: '<!DOCTYPE html PUBLIC "x" "y"><html/>' }]);
    await guard(t, [{ name: 'a.txt', data: '<!ENTITY a "b">' }]);
    await assert.rejects(guard(t, [{ name: 'a.xhtml', data: '<!DOCTYPE a [<!ENTITY a "b">]>' }]), {
      publicMessage: /XML entities/,
    });
  });

  test('entities are found across the pieces in which an entry is read', async (t) => {
    for (const padding of [65_530, 65_534, 131_066]) {
      const data = `<a>${' '.repeat(padding)}<!ENTITY a "b">`;
      await assert.rejects(guard(t, [{ name: 'a.xml', data: data }, noise(mebibyte)]), { publicMessage: /entities/ });
    }
  });

  test('an OpenDocument under a password is refused', async (t) => {
    const data = '<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>';
    await assert.rejects(guard(t, [{ name: 'META-INF/manifest.xml', data }]), { publicMessage: /password/ });
  });
});
