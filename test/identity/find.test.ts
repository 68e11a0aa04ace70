import { describe, expect, it } from 'vitest';
import { awsIdentityIn, awsRuntimeIn } from '../../lib/identity/find-aws.ts';
import { tencentRuntimeIn } from '../../lib/identity/find-tencent.ts';
import { describeIdentity } from '../../lib/identity/runtime-identity.ts';

const key = { AWS_ACCESS_KEY_ID: 'ASIA1', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };
const file = { AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/token', AWS_ROLE_ARN: 'arn:aws:iam::1:role/pod' };
const container = { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials' };
const foundOnAws = (environment: Record<string, string>) => {
  const found = awsRuntimeIn(environment);
  return found && describeIdentity(found);
};

describe('the identity that a platform of AWS gives', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['Lambda', { ...key, ...file, ...container }, 'the environment, as on Lambda'],
    ['a token file', { ...file, ...container }, 'a web identity token file, for the role arn:aws:iam::1:role/pod'],
    ['EKS', container, 'the container credentials endpoint at 169.254.170.23'],
    ['EC2', {}, 'the metadata of the EC2 instance (IMDSv2), as nothing else was found'],
    ['EC2 whose metadata is forbidden', { AWS_EC2_METADATA_DISABLED: 'true' }, undefined],
  ])('is found in the order of the SDKs: %s', (_, environment, found) => {
    expect(foundOnAws(environment)).toBe(found);
  });

  it('never has its metadata fetched over a network in the clear', () => {
    expect(awsRuntimeIn({ AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://metadata.example' })).toBeUndefined();
    expect(awsRuntimeIn({ AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: 'IPv6' })).toMatchObject({
      endpoint: new URL('http://[fd00:ec2::254]'),
    });
  });

  it.each<[Record<string, string>, string]>([
    [{}, 'https://sts.amazonaws.com/'],
    [{ AWS_REGION: 'eu-central-1' }, 'https://sts.eu-central-1.amazonaws.com/'],
    [{ AWS_REGION: 'cn-north-1' }, 'https://sts.cn-north-1.amazonaws.com.cn/'],
  ])('exchanges a token file at the STS of its region: %j', (region, url) => {
    expect(awsIdentityIn({ ...file, ...region })).toMatchObject({ endpoint: new URL(url), sessionName: 'credmint' });
  });

  it('is that of EKS beside a variable of ECS that is empty', () => {
    expect(foundOnAws({ ...container, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '' })).toContain('169.254.170.23');
  });

  it('is none for stores and places of secrets unless the environment says so', () => {
    expect(awsIdentityIn({})).toBeUndefined();
  });
});

describe('the identity that a platform of Tencent Cloud gives', () => {
  const scf = { TENCENTCLOUD_SECRETID: 'AKID', TENCENTCLOUD_SECRETKEY: 's', TENCENTCLOUD_SESSIONTOKEN: 't' };
  const tke = {
    TKE_REGION: 'ap-guangzhou',
    TKE_PROVIDER_ID: 'cls-1',
    TKE_WEB_IDENTITY_TOKEN_FILE: '/var/run/token',
    TKE_ROLE_ARN: 'qcs::cam::uin/1:roleName/pod',
  };

  it.each<[string, Record<string, string>, string]>([
    ['SCF', { ...scf, ...tke }, 'the environment, as on SCF'],
    ['TKE', tke, 'a web identity token file, as on TKE, for the role qcs::cam::uin/1:roleName/pod'],
    ['CVM', {}, 'the metadata of the CVM instance, as nothing else was found'],
  ])('is found on %s', (_, environment, found) => {
    expect(describeIdentity(tencentRuntimeIn(environment))).toBe(found);
  });

  it.each([
    ['http://169.254.0.23/', 'http://169.254.0.23/'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/'],
    ['https://metadata.example/', 'https://metadata.example/'],
    ['http://metadata.example/', 'http://metadata.tencentyun.com/'],
    ['file:///etc', 'http://metadata.tencentyun.com/'],
  ])('never has its metadata fetched over a network in the clear: %s', (endpoint, href) => {
    expect(tencentRuntimeIn({ TENCENTCLOUD_METADATA_ENDPOINT: endpoint })).toMatchObject({ endpoint: new URL(href) });
  });

  it('has no half: TKE without its provider is no identity', () => {
    const { TKE_PROVIDER_ID: _, ...half } = tke;
    expect(tencentRuntimeIn(half).kind).toBe('instance');
  });
});
