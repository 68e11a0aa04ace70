import { describe, expect, it } from 'vitest';
import { tencentRuntimeIn } from '../../lib/identity/find-tencent.ts';
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

describe('an STS that the environment names', () => {
  const endpointOf = (text: string) => {
    const identity = tencentRuntimeIn({
      TKE_PROVIDER_ID: 'provider',
      TKE_WEB_IDENTITY_TOKEN_FILE: '/token',
      TKE_ROLE_ARN: 'qcs::cam::uin/1:roleName/r',
      TENCENTCLOUD_STS_ENDPOINT: text,
    });
    return 'endpoint' in identity ? identity.endpoint.href : undefined;
  };

  it('is sent no identity token in plain text over the network', () => {
    expect(endpointOf('http://sts.example.com')).toBe('https://sts.tencentcloudapi.com/');
    expect(endpointOf('http://127.0.0.1:3000')).toBe('http://127.0.0.1:3000/');
    expect(endpointOf('https://sts.example.com')).toBe('https://sts.example.com/');
  });
});
