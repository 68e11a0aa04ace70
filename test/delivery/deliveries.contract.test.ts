import { describe, expect, it } from 'vitest';
import { type FormatName, formats } from '../../lib/clouds/json/formats.ts';
import { StsError } from '../../lib/core/errors.ts';
import { deliveries } from '../../lib/delivery/deliveries.ts';
import { type Place, parcelOf, places } from '../support/delivery-targets.ts';

const kinds = Object.keys(deliveries) as (keyof typeof deliveries)[];

const using = async (
  kind: keyof typeof deliveries,
  use: (place: Place) => Promise<void>,
  format: FormatName = 'default',
): Promise<void> => {
  const place = await places[kind](format);
  try {
    await use(place);
  } finally {
    await place.close();
  }
};

const fault = (promise: Promise<void>): Promise<StsError> =>
  promise.then(
    () => Promise.reject(new Error('It arrived.')),
    (thrown: unknown) => thrown as StsError,
  );

describe.each(kinds)('a delivery to %s', (kind) => {
  it.each(Object.keys(formats) as FormatName[])('brings the credentials as %s', (format) =>
    using(
      kind,
      async (place) => {
        const payload = parcelOf();
        await place.deliver(payload);
        expect(place.has()).toBe(formats[format](payload.content).text);
      },
      format,
    ),
  );

  it('replaces what was there', () =>
    using(kind, async (place) => {
      await place.deliver(parcelOf(1));
      await place.deliver(parcelOf(2));
      expect(place.has()).toContain('ASIA2');
      expect(place.has()).not.toContain('ASIA1');
    }));

  it('may be made twice, identical to the byte', () =>
    using(kind, async (place) => {
      await place.deliver(parcelOf());
      const [first] = place.requests.slice(-1);
      await place.deliver(parcelOf());
      expect(place.requests.at(-1)?.body).toBe(first?.body);
      expect(place.has()).toContain('ASIA1');
    }));

  it('that is refused rejects without quoting the target, and leaves what was there', () =>
    using(kind, async (place) => {
      await place.deliver(parcelOf(1));
      place.refuse('for good');
      const error = await fault(place.deliver(parcelOf(2)));
      expect(error).toBeInstanceOf(StsError);
      expect(error.traits.retryable).toBe(false);
      expect(JSON.stringify([error.message, error.detail])).not.toMatch(/sentence|secret 2|token 2/);
      expect(place.has()).toContain('ASIA1');
    }));

  // A local file neither asks for a retry nor makes the caller wait.
  if (kind === 'file') return;

  it('that fails for now is retryable', () =>
    using(kind, async (place) => {
      place.refuse('for now');
      const error = await fault(place.deliver(parcelOf()));
      expect(error.code).toBe('CloudUnavailable');
    }));

  it('ends at its deadline', () =>
    using(kind, async (place) => {
      expect((await fault(place.deliver(parcelOf(), AbortSignal.abort()))).code).toBe('CloudUnavailable');
    }));
});
