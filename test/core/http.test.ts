import { describe, expect, it } from 'vitest';
import { requestTo } from '../../lib/core/http.ts';

describe('a request to a URL', () => {
  it('is a POST to its own path and query, unless told otherwise', () => {
    expect(requestTo(new URL('https://sts.example:8443/a%20b?c=d'), {})).toEqual({
      method: 'POST',
      scheme: 'https',
      host: 'sts.example:8443',
      path: '/a%20b',
      query: 'c=d',
      headers: {},
      body: '',
    });
    const parts = { method: 'PUT', path: '/', query: '', headers: { accept: '*/*' }, body: 'text' };
    expect(requestTo(new URL('http://[::1]/a?c=d'), parts)).toEqual({ ...parts, scheme: 'http', host: '[::1]' });
  });
});
