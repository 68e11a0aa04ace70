import { describe, expect, it } from 'vitest';
import { rotations } from '../../../lib/diagnostics/prove/rotations.ts';
import { writtenConfig } from '../../support/prove.ts';

const references = (names: readonly string[]) => names.map((name) => `env:${name}`);

describe('keys that rotate', () => {
  it.each([
    ['authority.keys', (keys: readonly string[]) => ({ authority: { keys } })],
    ['store.sealingKeys', (sealingKeys: readonly string[]) => ({ store: { kind: 'sqlite', path: 's', sealingKeys } })],
  ])('are named, with the order of deployments: %s', (path, config) => {
    expect(rotations(writtenConfig(config(references(['OLD']))))).toEqual([]);
    expect(rotations(writtenConfig(config(references(['OLD', 'NEW']))))).toMatchObject([
      { code: 'rotation', path, why: expect.stringContaining('[old, new]') },
    ]);
  });
});
