/** Who may import whom, as data. Paths are prefixes from the project folder; a file may always import its own room. */

export interface ImportRule {
  /** The files the rule is for: a folder, or one file. The first rule that fits is the one that counts. */
  from: string;
  /** How messages call them. */
  title: string;
  /** Project files that may be imported. */
  values: readonly string[];
  /** Project files of which only types may be imported. */
  types: readonly string[];
  /** npm packages: `any`, some (`@scope/*` for a whole scope), or all but some. */
  packages: 'any' | { only: readonly string[] } | { except: readonly string[] };
  /** Whether Node's own modules and globals (`process`, `Buffer`) may be used. */
  node: boolean;
  /** True where each folder below `from` is a room of its own. */
  folderIsRoom?: boolean;
  /** True where what is imported must not lead to zod, by whatever way. */
  withoutZod?: boolean;
  why: string;
  instead: string;
}

const none = { only: [] } as const;

/** Only these read the environment: one for the servers, one for the command line, which is a program of its own. */
export const environmentReaders = ['src/config.ts', 'src/cli/environment.ts'];

export const importRules: readonly ImportRule[] = [
  {
    from: 'src/core/',
    title: 'core',
    values: [],
    types: [],
    packages: { only: ['zod'] },
    node: false,
    why: 'core is the model and its rules, without any input or output, so that it runs and is tested anywhere',
    instead: 'Put effects into an activity or an adapter and pass their results in; use only globals of the web.',
  },
  {
    from: 'src/protocols/',
    title: 'protocols',
    values: ['src/core/'],
    types: [],
    packages: { only: ['zod'] },
    node: false,
    why: 'a dialect is declarations and pure translation between the wire and core',
    instead: 'Name the verb the endpoint needs, and do the work in its activity.',
  },
  {
    from: 'src/activities/',
    title: 'activities',
    values: ['src/core/', 'src/protocols/'],
    types: ['src/adapters/', 'src/config.ts'],
    packages: none,
    node: true,
    why: 'a verb runs inline and as a job, in tests with other adapters: what it uses of the outside is handed to it',
    instead:
      'Import the type, and take the adapter as a dependency from createVerbs; what it needs of its caller is in Call.',
  },
  {
    from: 'src/workflows/',
    title: 'workflows',
    values: ['src/core/'],
    types: [],
    packages: { only: ['@temporalio/workflow'] },
    node: false,
    withoutZod: true,
    why: 'workflow code is replayed and bundled: it must be deterministic and small',
    instead: 'Call an activity for it, and pass references through the workflow.',
  },
  {
    from: 'src/adapters/',
    title: 'adapters',
    values: ['src/core/', 'src/adapters/http/'],
    types: [],
    packages: 'any',
    node: true,
    folderIsRoom: true,
    why: 'an adapter knows one outside system, so that it can be replaced alone',
    instead: 'Share through core or adapters/http, or let an activity bring the two together.',
  },
  {
    from: 'src/workers/main.ts',
    title: 'workers/main.ts',
    values: ['src/config.ts', 'src/deps.ts', 'src/activities/', 'src/workers/'],
    types: [],
    packages: none,
    node: true,
    why: 'an entry only wires: dependencies, verbs, run',
    instead: 'Move it into deps.ts or into a file of workers/.',
  },
  {
    from: 'src/workers/',
    title: 'workers',
    values: ['src/activities/', 'src/adapters/temporal/', 'src/deps.ts', 'src/core/'],
    types: [],
    packages: { only: ['@temporalio/*'] },
    node: true,
    why: 'the worker process is wiring between Temporal and the verbs; workflows are loaded by path',
    instead: 'Do the work in an activity.',
  },
  {
    from: 'src/api/main.ts',
    title: 'api/main.ts',
    values: ['src/config.ts', 'src/deps.ts', 'src/activities/', 'src/protocols/', 'src/api/'],
    types: [],
    packages: none,
    node: true,
    why: 'an entry only wires: dependencies, verbs, listen',
    instead: 'Move it into deps.ts or into a file of api/.',
  },
  {
    from: 'src/api/',
    title: 'api',
    values: ['src/core/', 'src/protocols/'],
    types: ['src/config.ts'],
    packages: {
      except: ['mongoose', 'mongodb', '@elastic/elasticsearch', '@temporalio/*', 'openai', 'onnxruntime-node'],
    },
    node: true,
    why: 'the HTTP process knows no store, queue or vendor: it receives the verbs as an argument',
    instead: 'Name a verb in core/verbs.ts and call it.',
  },
  {
    from: 'src/deps.ts',
    title: 'deps.ts',
    values: ['src/adapters/', 'src/config.ts', 'src/core/'],
    types: [],
    packages: none,
    node: true,
    why: 'it builds every adapter and knows nothing of what they are used for',
    instead: 'Build what is missing in an adapter.',
  },
  {
    from: 'src/config.ts',
    title: 'config.ts',
    values: ['src/core/'],
    types: [],
    packages: { only: ['zod', 'yaml'] },
    node: true,
    why: 'everything is built from the configuration, so it can depend on nothing that is built',
    instead: 'Read the value here and use it elsewhere.',
  },
  {
    from: 'src/cli/',
    title: 'cli',
    values: [],
    types: [],
    packages: 'any',
    node: true,
    why: 'the command line speaks to the API over HTTP like anybody',
    instead: 'Call the endpoint.',
  },
];
