import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundle, functionNames } from '../../scripts/bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-bundles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a deployed function', { timeout: 60_000 }, () => {
  it.each(functionNames())('carries nothing of the page: %s', async (name) => {
    const { metafile } = await bundle(name, 'aws', folder, 'memory');
    const inputs = Object.keys(metafile.inputs);
    expect(inputs.length).toBeGreaterThan(10);
    expect(inputs.filter((file) => /(^|\/)(console|preact|uplot)\//.test(file))).toEqual([]);
  });
});
