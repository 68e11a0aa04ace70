import { describe, expect, it } from 'vitest';
import { StsError } from '../../lib/core/errors.ts';
import { faultSiteOf } from '../../lib/core/fault-site.ts';

const thrownBy = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (thrown) {
    return thrown;
  }
};

describe('where an error was thrown that nobody foresaw', () => {
  it('is its kind, the functions that were called and their files', () => {
    const misreads = (value: unknown): unknown => (value as { readonly name: { readonly first: string } }).name.first;
    const thrown = thrownBy(() => misreads({}));
    expect(faultSiteOf(thrown)).toMatch(/^TypeError at misreads \(fault-site\.test\.ts:\d+\), /);
  });

  it('has the code of a system call', () => {
    expect(faultSiteOf(Object.assign(new Error('x'), { code: 'EMFILE' }))).toMatch(/^Error EMFILE at /);
  });

  it.each([
    new Error('AKIDSECRET'),
    new Error('several\n    at AKIDSECRET (/folder/AKIDSECRET.ts:1:2)\nlines'),
    Object.assign(new Error('x'), { name: 'AKIDSECRET is no kind', code: { AKIDSECRET: 1 } }),
    thrownBy(() => JSON.parse('AKIDSECRET')),
    'AKIDSECRET',
    Object.assign(new Error('AKIDSECRET'), { stack: 'AKIDSECRET' }),
  ])('never quotes what the program was given: %#', (thrown) => {
    expect(faultSiteOf(thrown)).not.toContain('AKIDSECRET');
  });

  it('is told of what becomes Internal, and not of what is an StsError', () => {
    expect(StsError.from(new RangeError('x')).detail.faultSite).toMatch(/^RangeError at .*fault-site\.test\.ts/);
    const foreseen = new StsError('Throttled');
    expect(StsError.from(foreseen)).toBe(foreseen);
  });
});
