import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { catalog, upstreams } from '../../lib/clouds/catalog.ts';
import { bundle, functionNames, root, type Target, targets } from '../../scripts/bundle.ts';
import { builtFor } from '../../scripts/package/built-for.ts';
import { readBy } from '../../scripts/package/function-configuration.ts';
import { jsonSchemas } from '../../scripts/schema.ts';
import { goal } from '../support/packaged/goal.ts';
import { writtenOf } from '../support/packaged/written.ts';

/**
 * Used to prove our own words against the vendors', or by the server alone; never deployed as functions. PERF: one of them
 * is 100 ms of cold start.
 */
const vendorSdk =
  /node_modules\/(@aws-sdk|@aws-crypto|@smithy|aws4|aws-sdk|tencentcloud|qcloud|cos-|@alicloud|@volcengine|@huaweicloud|@opentelemetry)/;

/**
 * KiB, minified, for the goal configuration: what they were on 2026-11-26, and little more. A vague alarm behind the exact
 * ones: it asks for a look at what came along, not for a larger number. See docs/decisions/0020-functions-built-for-a-configuration.md.
 */
const ceilings: Readonly<Record<string, number>> = {
  assumeRole: 189,
  getFederationToken: 189,
  sts: 271,
  mintOnEvent: 209,
  refreshLeases: 157,
  health: 13,
  issuerDocuments: 15,
};

const folder = mkdtempSync(join(tmpdir(), 'credmint-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The sources that put bytes into the output: what was read and then dropped does not count. */
const contributors = ({ metafile }: Awaited<ReturnType<typeof bundle>>): string[] =>
  Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([input]) => input),
  );

describe('the functions', () => {
  it('are all told to the deployment, and no others', () => {
    const declared = readFileSync(join(root, 'serverless.yml'), 'utf8').matchAll(/artifact: dist\/aws\/(\w+)\.zip/g);

    expect([...declared].map(([, name]) => name).sort()).toEqual(functionNames());
  });
});

const cases = functionNames().flatMap((name) => (Object.keys(targets) as Target[]).map((target) => ({ name, target })));

describe.each(cases)('the bundle of $name for $target, for any configuration', async ({ name, target }) => {
  const built = await bundle(name, target, folder);
  const inputs = contributors(built);

  it('carries every cloud, unless it asks none', () => {
    const carried = new Set(inputs.flatMap((input) => /^lib\/clouds\/([^/]+)\/provider\.ts/.exec(input)?.[1] ?? []));

    expect([...carried].sort()).toEqual(
      name === 'health' || name === 'issuerDocuments' ? [] : Object.keys(catalog).sort(),
    );
  });

  it('answers like no cloud that the function only calls', () => {
    const faces = new Set(['dialect.ts', 'render.ts', 'naming.ts', 'quickstart.ts']);
    const carried = inputs.flatMap((input) => {
      const [, cloud = '', file = ''] = /^lib\/clouds\/([^/]+)\/([^/]+)$/.exec(input) ?? [];
      return cloud !== 'json' && cloud !== 'oauth' && faces.has(file) ? [cloud] : [];
    });

    const spoken = upstreams.flatMap(({ id, upstreamOnly }) => (upstreamOnly ? [] : [id]));
    expect([...new Set(carried)].sort()).toEqual(name === 'sts' ? spoken.sort() : []);
  });

  it('holds nothing that a smaller one took the place of', () => {
    const heavy = /node_modules\/(@rgrove\/parse-xml|lru-cache|undici)\//;
    expect(inputs.filter((input) => heavy.test(input))).toEqual([]);
  });

  it('carries no vendor SDK, not even to drop it', () => {
    expect(Object.keys(built.metafile.inputs).filter((input) => vendorSdk.test(input))).toEqual([]);
    // Nor the page of a server.
    expect(Object.keys(built.metafile.inputs).filter((input) => /(^|\/)console\//.test(input))).toEqual([]);
  });

  it("carries no description of the configuration's members, which only editors show", () => {
    const descriptions = jsonSchemas().flatMap(({ text }) => [...text.matchAll(/"description": ("[^"\\]{20,}")/g)]);
    const bundled = readFileSync(built.outfile, 'utf8');
    expect(descriptions.length).toBeGreaterThan(100);
    expect(descriptions.filter(([, quoted = '']) => bundled.includes(JSON.parse(quoted)))).toEqual([]);
  });

  it('does not name the machine that built it', () => {
    expect(readFileSync(built.outfile, 'utf8')).not.toContain(root);
  });
});

describe.each(cases)(
  'the bundle of $name for $target, for two clouds, callers with a JWT and DynamoDB',
  async ({ name, target }) => {
    const source = { written: writtenOf(goal), text: JSON.stringify(goal) };
    const built = await bundle(name, target, join(folder, 'goal'), builtFor(name, target, source));
    const inputs = contributors(built);
    const readsConfiguration = readBy(name, source.written) !== undefined;

    it('carries how these clouds are called, and of the others at most how callers are answered', () => {
      const called = inputs.flatMap((input) => /^lib\/clouds\/([^/]+)\/provider\.ts/.exec(input)?.[1] ?? []);
      const expected = ['aws', 'tencent-v3'].filter(() => readsConfiguration);
      if (name === 'sts') expect(called).toEqual(expect.arrayContaining(expected));
      else expect(called.sort()).toEqual(expected);
    });

    it('carries nothing that its configuration does not name', () => {
      const unnamed =
        /lib\/(audit\/sinks\/(file|s3|sqs)|auth\/(keys\/by-|certificate\/by-|gateway\/by-platform)|authority|issuer\/issuer|stores\/(redis|sqlite|memory)|config\/(schema|validate|check-names|sections\/(events|leases|tls|authority))|policies\/(cam|iam))|ioredis/;
      expect(inputs.filter((input) => unnamed.test(input))).toEqual([]);
    });

    it('begins with what it reads of the configuration, and holds no other text of it', () => {
      const [head = '', ...code] = readFileSync(built.outfile, 'utf8').split('\n');
      expect(head.includes('credmint-live')).toBe(readsConfiguration);
      expect(code.join('\n')).not.toMatch(/credmint.live/);
    });

    it('stays small', () => {
      expect(statSync(built.outfile).size / 1024).toBeLessThan(ceilings[name] ?? 0);
    });
  },
);
