import { describe, expect, it } from 'vitest';
import { policyText } from '../../lib/clouds/tencent.ts';

const policy = '{"statement":[{"resource":["qcs::cos:ap-guangzhou:uid/1:b-1/my dir/a+b/*"]}]}';

describe('a policy field of Tencent Cloud', () => {
  // github.com/tencentyun/qcloud-cos-sts-sdk, the getCredential of each language.
  it.each([
    ["Go's url.QueryEscape", encodeURIComponent(policy).replaceAll('%20', '+')],
    ["PHP's urlencode", encodeURIComponent(policy).replaceAll('%20', '+').replaceAll('*', '%2A')],
    ["Node's encodeURIComponent", encodeURIComponent(policy)],
    ['no layer at all', policy],
  ])('names the same folder, with its space and its plus, by %s', (_what, field) => {
    expect(policyText(field, 'Policy')).toBe(policy);
  });
});
