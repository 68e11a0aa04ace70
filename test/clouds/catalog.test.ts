import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalog, upstreams } from '../../lib/clouds/catalog.ts';
import { clouds, dialectsOf } from '../../lib/clouds/dialects.ts';
import type { CloudFacts } from '../../lib/core/cloud-facts.ts';

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

/** A row of the page for each operation of a cloud. */
const rowsOf = ({ id, title, signatures, grammar, accepts }: CloudFacts): string[] =>
  Object.entries(accepts).map(([operation, accepted], index) => {
    const about =
      index === 0 ? [`${title}, \`${id}\``, code(signatures) || 'its only one', `\`${grammar.name}\``] : ['', '', ''];
    return `| ${[...about, operation, code(accepted) || 'nothing'].join(' | ')} |`;
  });

describe('the catalogue', () => {
  it('has each cloud under its own id', () => {
    expect(Object.entries(catalog).map(([id, cloud]) => [id, cloud.id])).toEqual(
      Object.keys(catalog).map((id) => [id, id]),
    );
  });

  it('has each title and each dialect once', () => {
    const titles = upstreams.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    const spoken = upstreams.filter((upstream) => upstream.upstreamOnly !== true).map(({ id }) => id);
    const ids = dialectsOf(clouds).map(({ id }) => id);
    expect([...ids].sort()).toEqual(['json', 'oauth', ...spoken].sort());
  });

  it('is tried by the most certain marks first, whatever the order of the list', () => {
    const order = dialectsOf(clouds).map(({ id }) => id);
    expect(order).toEqual([
      'json',
      'oauth',
      'tencent-v2',
      'ecs',
      'huawei',
      'tencent-v3',
      'ucloud',
      'alibaba',
      'volcengine',
      'aws',
    ]);
    const marks = new Map(clouds.map(({ id, recognizedBy }) => [id, recognizedBy]));
    expect(dialectsOf([...clouds].reverse()).map(({ id }) => marks.get(id))).toEqual(order.map((id) => marks.get(id)));
  });

  it('is in the page on configuration', () => {
    const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    expect(page).toContain(`${upstreams.flatMap(rowsOf).join('\n')}\n`);
    for (const { id } of upstreams) expect(page).toMatch(new RegExp(`\\| \`cloud\` \\|.*\`${id}\``));
  });
});
