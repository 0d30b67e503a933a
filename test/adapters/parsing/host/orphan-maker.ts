/** Starts to read the file it is given and prints the id of the child that does. */
import { dirname } from 'node:path';
import { createDocumentParser, defaultDocumentParserSettings } from '../../../../src/adapters/parsing/host.ts';
import { noOptions } from '../../../helpers/parsing.ts';

const [path = ''] = process.argv.slice(2);
const parser = createDocumentParser({ ...defaultDocumentParserSettings, readableFolders: [dirname(path)] });
const { signal } = new AbortController();
const found = await parser.inspect(path, { name: 'a.html', mediaType: null }, signal);
const reading = parser.extract(path, found, { from: 1, to: 1 }, noOptions, signal)[Symbol.asyncIterator]().next();
process.stdout.write(`${parser.processIds[0]}\n`);
await reading;
