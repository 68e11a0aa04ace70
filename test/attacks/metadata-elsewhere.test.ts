import { describe, expect, it } from 'vitest';
import { environmentProxies } from '../../lib/transport/proxies.ts';

// The key of this machine, which its metadata gives in plain text, is read by another, or is another machine's.

describe('a proxy', () => {
  const proxies = environmentProxies({
    HTTP_PROXY: 'http://proxy.example:3128',
    HTTPS_PROXY: 'http://proxy.example:3128',
  });

  it.each([
    'http://169.254.169.254/latest/api/token',
    'http://169.254.170.2/v2/credentials/1',
    'http://169.254.170.23/v1/credentials',
    'http://[fd00:ec2::254]/latest/api/token',
    'http://[fd00:ec2::23]/v1/credentials',
    'http://metadata.tencentyun.com/latest/meta-data/',
  ])('is not asked for the metadata of this machine: %s', (url) => {
    expect(proxies(new URL(url))).toBeUndefined();
  });

  it('is asked for everything else', () => {
    expect(proxies(new URL('http://169.253.169.254/'))).toBeDefined();
    expect(proxies(new URL('https://sts.amazonaws.com/'))).toBeDefined();
  });
});
