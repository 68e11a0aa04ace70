import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clouds, dialectsOf } from '../../lib/clouds/dialects.ts';
import { StsError } from '../../lib/core/errors.ts';
import { readRequest } from '../../lib/platform/raw-request.ts';
import { anything } from '../support/any-request.ts';
import { rawOf } from '../support/raw-of.ts';
import { now } from '../support/token-issuer.ts';
import { bounds, unhurried } from './bounds.ts';

const dialects = dialectsOf(clouds);

describe('every dialect', () => {
  it('reads or refuses whatever is sent, and can say why', unhurried, () => {
    fc.assert(
      fc.property(anything(['Bearer a.b.c', 'Basic YTpi']), (sending) => {
        const { request } = readRequest(rawOf(sending));
        const context = { request, requestId: 'request-1', now };
        for (const dialect of dialects) {
          dialect.recognizes(request);
          try {
            dialect.parse(context);
          } catch (thrown) {
            if (!(thrown instanceof StsError)) throw thrown;
            expect([dialect.id, thrown.traits.fault]).toEqual([dialect.id, 'caller']);
            expect(dialect.renderError(thrown, context).status).toBeLessThan(500);
          }
        }
      }),
      bounds,
    );
  });
});
