import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../bin/command-line.ts';
import { check } from '../../bin/commands/check.ts';
import { clouds } from '../../lib/clouds/dialects.ts';
import { reservedCallers } from '../../lib/core/caller.ts';
import { isObject } from '../../lib/wire/json.ts';

type Json = Record<string, unknown>;

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'credmint-pages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pages = ['README.md', 'SECURITY.md', ...readdirSync(join(root, 'docs')).map((name) => join('docs', name))].filter(
  (name) => name.endsWith('.md'),
);

/** A block may be a value, members without their braces, or a value on each line. */
const valuesOf = (text: string): readonly Json[] => {
  for (const whole of [text, `{${text}}`, `[${text.trim().replaceAll('\n', ',')}]`]) {
    try {
      return [JSON.parse(whole)].flat() as Json[];
    } catch {
      // It is one of the others.
    }
  }
  throw new Error(`This is no JSON: ${text}`);
};

/** Every block of JSON of every page, by the place where it begins. */
const blocks = pages.flatMap((page) => {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^ *```json.*\n([\s\S]*?)^ *```/gm)].flatMap((match) => {
    const line = text.slice(0, match.index).split('\n').length;
    return valuesOf(match[1] ?? '').map((value, index) => ({ place: `${page}:${line}.${index}`, value }));
  });
});

const sections = new Set(
  Object.keys(
    (JSON.parse(readFileSync(join(root, 'schema/credmint.config.schema.json'), 'utf8')) as { properties: object })
      .properties,
  ),
);
const proofs = ['jwt', 'accessKey', 'certificate', 'authorizer'];

const has = (value: unknown, ...names: readonly string[]): boolean =>
  isObject(value) && names.some((name) => Object.hasOwn(value, name));
const all = (value: Json, ...names: readonly string[]): boolean =>
  Object.values(value).every((one) => has(one, ...names));

/** The part of a configuration that a block is; undefined if it is a text of somebody else's. */
const partOf = (value: Json): Json | undefined => {
  if (has(value, 'specversion', 'Statement', 'statement', 'schemas')) return undefined;
  if (Object.keys(value).every((name) => sections.has(name))) return value;
  if (has(value, 'operations')) return { grants: [value] };
  if (has(value, ...proofs)) return { callers: { example: value } };
  if (has(value, 'kind')) return { store: value };
  if (has(value, 'key')) return { accounts: { example: { ...accountOf('tencent-v3'), ...value } } };
  if (all(value, 'cloud')) return { accounts: value };
  if (all(value, ...proofs)) return { callers: value };
  throw new Error(`This is no part of a configuration: ${Object.keys(value).join(', ')}`);
};

const accountOf = (cloud: string): Json => ({
  cloud,
  endpoint: 'https://sts.example.com/',
  region: 'eu-central-1',
  key: { id: 'AKIDEXAMPLE', secret: 'env:EXAMPLE' },
});
/** Every value of that name, at any depth. */
const named = (value: unknown, name: string): readonly unknown[] =>
  Array.isArray(value)
    ? value.flatMap((one) => named(one, name))
    : isObject(value)
      ? Object.entries(value).flatMap(([member, one]) => [...(member === name ? [one] : []), ...named(one, name)])
      : [];

/** The configuration that a part is of: what it names and does not show is added as simply as can be. */
const completed = (part: Json): Json => {
  const { grants = [], leases, events } = part;
  const callers = [
    named(grants, 'callers'),
    named(grants, 'actors'),
    named(events, 'callers'),
    named(events, 'sources'),
  ]
    .flat(2)
    .flatMap((one) => (isObject(one) ? Object.values(one) : [one]))
    .filter((name) => ![...reservedCallers].some((reserved) => reserved === name)) as string[];
  const accounts = [...named(grants, 'account'), ...named(leases, 'account')] as string[];
  const others = accounts.filter((name) => name !== 'issuer' && name !== 'console');
  const usesIssuer = accounts.includes('issuer') || named(part, 'webIdentity').length > 0;
  const other = (name: string): readonly [string, Json] => [
    name,
    { accessKey: { id: `AKIDOF${name.toUpperCase().replaceAll(/\W/g, '')}`, secret: 'env:OTHER' } },
  ];
  return {
    ...(usesIssuer ? { issuer: { url: 'https://id.example.com', keys: ['env:ISSUER'] } } : {}),
    ...part,
    accounts: {
      ...Object.fromEntries(others.map((name) => [name, accountOf('aws')])),
      ...(part['authority'] === undefined ? {} : { authority: { cloud: 'authority' } }),
      ...(part['accounts'] as Json | undefined),
    },
    callers: { ...Object.fromEntries(callers.map(other)), ...(part['callers'] as Json | undefined) },
    grants,
  };
};

const checked = async (config: Json) => {
  const said = { stdout: '', stderr: '' };
  const into = (name: keyof typeof said) => ({
    write: (text: string) => {
      said[name] += text;
    },
  });
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify(config));
  const io = { clouds, stdout: into('stdout'), stderr: into('stderr'), environment: {} };
  const deps = { commands: { check: async () => check }, version: async () => '1', io };
  return { code: await runCommandLine(['check', '--form', '--config', path], deps), ...said };
};

describe('a page', () => {
  const shown = blocks.flatMap(({ place, value }) => {
    const part = partOf(value);
    return part === undefined ? [] : [{ place, part }];
  });

  it('shows configurations', () => {
    expect(shown.length).toBeGreaterThan(25);
  });

  it.each(shown)('shows what `credmint check` takes: $place', async ({ part }) => {
    expect(await checked(completed(part))).toMatchObject({ code: 0, stderr: '' });
  });
});
