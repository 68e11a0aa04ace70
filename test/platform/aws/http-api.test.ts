import { expect, it } from 'vitest';
import { httpApi } from '../../../lib/platform/aws/http-api.ts';
import { httpApiEvent } from '../../support/gateway-events.ts';

it('has the cookies that the gateway took from the headers, as a signature may be over them', () => {
  const read = (event: Record<string, unknown>) => httpApi.read(event)?.headers['cookie'];
  expect(read({ ...httpApiEvent(), cookies: ['a=1', 'b=2'] })).toBe('a=1; b=2');
  expect(read({ ...httpApiEvent(), cookies: [] })).toBeUndefined();
  expect(read({ ...httpApiEvent(), cookies: null })).toBeUndefined();
});
