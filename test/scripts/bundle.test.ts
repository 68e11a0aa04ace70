import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundle, functionNames, root, type Target, targets } from '../../scripts/bundle.ts';

/** Used to prove our own words against the vendors'; never deployed. PERF: one of them is 100 ms of cold start. */
const vendorSdk = /node_modules\/(@aws-sdk|@aws-crypto|@smithy|aws4|aws-sdk|tencentcloud|qcloud|cos-)/;

/**
 * KiB, minified: what they were on 2026-11-22, and little more. A vague alarm behind the exact
 * ones: it asks for a look at what came along, not for a larger number. See docs/decisions/0015-bundle-weight.md.
 */
const ceilings: Readonly<Record<string, number>> = {
  assumeRole: 178,
  getFederationToken: 178,
  sts: 238,
  mintOnEvent: 184,
  refreshLeases: 176,
  health: 11,
};

const folder = mkdtempSync(join(tmpdir(), 'credmint-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cloudFolders = (): string[] =>
  readdirSync(join(root, 'lib/clouds'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

interface Named {
  readonly cloud: string;
  /** Only how it is called. */
  readonly upstream: boolean;
}

/** The clouds that a function names in its import of the registry; all of them where it imports the whole. */
const namedClouds = (source: string): Named[] => {
  const clause = /import\s+(?:\{([^}]*)\}|\*\s+as\s+\w+)\s+from\s+'\.\.\/lib\/clouds\/index\.ts'/.exec(source);
  if (!clause) return [];
  if (clause[1] === undefined) return cloudFolders().map((cloud) => ({ cloud, upstream: false }));
  return clause[1]
    .split(',')
    .map((name) => name.trim().split(/\s+as\s+/)[0] ?? '')
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => {
      const bare = name.replace(/Upstream$/, '');
      return { cloud: bare.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase(), upstream: bare !== name };
    })
    .sort((one, other) => (one.cloud < other.cloud ? -1 : 1));
};

/** The sources that put bytes into the output: what was read and then dropped does not count. */
const contributors = ({ metafile }: Awaited<ReturnType<typeof bundle>>): string[] =>
  Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([input]) => input),
  );

describe('what a function names', () => {
  const from = "from '../lib/clouds/index.ts';";

  it.each([
    [`import { aws, tencentV3 } ${from}`, ['aws', 'tencent-v3'], []],
    [`import {\n  tencentV2 as old,\n  json,\n} ${from}`, ['json', 'tencent-v2'], []],
    [`import { awsUpstream, json, tencentV2Upstream } ${from}`, ['aws', 'json', 'tencent-v2'], ['aws', 'tencent-v2']],
    [`import * as clouds ${from}`, cloudFolders(), []],
    ["import { serve } from '../lib/app/functions/http.ts';", [], []],
  ])('is read from %s', (source, clouds, upstreams) => {
    const named = namedClouds(source);
    expect(named.map(({ cloud }) => cloud)).toEqual(clouds);
    expect(named.filter(({ upstream }) => upstream).map(({ cloud }) => cloud)).toEqual(upstreams);
  });
});

describe('the functions', () => {
  it('are all told to the deployment, and no others', () => {
    const declared = readFileSync(join(root, 'serverless.yml'), 'utf8').matchAll(/handler: dist\/aws\/(\w+)\//g);

    expect([...declared].map(([, name]) => name).sort()).toEqual(functionNames());
  });
});

const cases = functionNames().flatMap((name) => (Object.keys(targets) as Target[]).map((target) => ({ name, target })));

describe.each(cases)('the bundle of $name for $target', async ({ name, target }) => {
  const built = await bundle(name, target, folder);
  const inputs = contributors(built);
  const named = namedClouds(readFileSync(join(root, 'functions', `${name}.ts`), 'utf8'));

  it('carries the clouds that the function names, and no others', () => {
    // Deliveries write their content in the formats of the JSON API, without its dialect.
    const ofClouds = inputs.filter((input) => input !== 'lib/clouds/json/formats.ts');
    const carried = ofClouds.flatMap((input) => /^lib\/clouds\/([^/]+)\//.exec(input)?.[1] ?? []);

    expect([...new Set(carried)].sort()).toEqual(named.map(({ cloud }) => cloud));
  });

  it('answers like no cloud that the function only calls', () => {
    const faces = named
      .filter(({ upstream }) => upstream)
      .flatMap(({ cloud }) => ['dialect', 'render', 'naming'].map((face) => `lib/clouds/${cloud}/${face}.ts`));

    expect(inputs.filter((input) => faces.includes(input))).toEqual([]);
  });

  it('holds nothing that a smaller one took the place of', () => {
    const heavy = /node_modules\/(@rgrove\/parse-xml|lru-cache|undici)\//;
    expect(inputs.filter((input) => heavy.test(input))).toEqual([]);
  });

  it('carries no vendor SDK, not even to drop it', () => {
    expect(Object.keys(built.metafile.inputs).filter((input) => vendorSdk.test(input))).toEqual([]);
  });

  it('stays small', () => {
    expect(statSync(built.outfile).size / 1024).toBeLessThan(ceilings[name] ?? 0);
  });

  it('does not name the machine that built it', () => {
    expect(readFileSync(built.outfile, 'utf8')).not.toContain(root);
  });
});
