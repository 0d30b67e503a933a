/** Has the file that it is given inspected, prints the id of the child that did it, and waits to be killed. */
import { dirname } from 'node:path';
import { createDocumentParser, defaultDocumentParserSettings } from '../../../../src/adapters/parsing/host.ts';

const [path = ''] = process.argv.slice(2);
const parser = createDocumentParser({ ...defaultDocumentParserSettings, readableFolders: [dirname(path)] });
await parser.inspect(path, { name: 'a.txt', mediaType: null }, new AbortController().signal);
process.stdout.write(`${parser.processIds[0]}\n`);
setInterval(() => {}, 60_000);
