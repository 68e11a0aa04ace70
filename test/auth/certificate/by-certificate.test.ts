import { describe, expect, it } from 'vitest';
import { forwardedCertificate } from '../../../lib/auth/certificate/forwarded.ts';
import { readCertificate } from '../../../lib/auth/certificate/read-certificate.ts';
import { certify } from '../../support/certificates.ts';

const authority = certify({ subject: 'C=DE, O=Acme, CN=Acme CA', ca: true });
const spiffe = 'spiffe://acme.example/ns/ci/sa/deploy';
const job = certify({ subject: 'O=Acme, CN=job', by: authority, uris: [spiffe], dns: ['Job.Acme.example'] });

describe('a client certificate', () => {
  it('has its names, and the time in which it counts', () => {
    expect(readCertificate(job.pem)).toMatchObject({
      spiffe,
      dns: ['job.acme.example'],
      issuer: 'C=DE, O=Acme, CN=Acme CA',
      subject: 'O=Acme, CN=job',
      from: new Date('2020-01-01T00:00:00Z'),
      until: new Date('2049-01-01T00:00:00Z'),
      claims: { sub: spiffe, iss: 'C=DE, O=Acme, CN=Acme CA' },
    });
  });

  it('is told apart by its subject where it has no other name', () => {
    const plain = certify({ subject: 'O=Acme, CN=plain', by: authority });
    expect(readCertificate(plain.pem)).toMatchObject({ dns: [], claims: { sub: 'O=Acme, CN=plain' } });
    expect(readCertificate(plain.pem)).not.toHaveProperty('spiffe');
  });

  it('with more than one URI has no SPIFFE ID, as the standard says', () => {
    const two = certify({ subject: 'CN=two', uris: [spiffe, 'spiffe://acme.example/admin'] });
    expect(readCertificate(two.pem)).not.toHaveProperty('spiffe');
  });

  it.each([
    'a.example, URI:spiffe://acme.example/admin',
    'a.example", URI:"spiffe://acme.example/admin',
    'a.example\u0000.acme.example',
  ])('does not get another name by what one of its names holds: %j', (name) => {
    const sly = readCertificate(certify({ subject: 'CN=sly', dns: [name, 'good.example'] }).pem);
    expect(sly?.spiffe).toBeUndefined();
    expect(sly?.dns ?? []).not.toContain('acme.example');
    expect(sly?.dns ?? ['good.example']).toEqual(['good.example']);
  });

  it('does not get another subject by what a part of it holds', () => {
    const sly = readCertificate(certify({ subject: 'O=Acme, CN=job\nCN=admin' }).pem);
    expect(sly?.subject).not.toContain('CN=job, CN=admin');
  });

  it('is not that of an authority, and not text that is none', () => {
    expect(readCertificate(authority.pem)).toBeUndefined();
    for (const text of [
      '',
      'hello',
      job.keyPem,
      job.pem.replace('A', 'B').slice(0, 200),
      `${job.pem}${'x'.repeat(40_000)}`,
    ]) {
      expect(readCertificate(text)).toBeUndefined();
    }
  });
});

describe('a forwarded certificate', () => {
  const escaped = encodeURIComponent(job.pem);

  it('is read as nginx writes it', () => {
    expect(forwardedCertificate(escaped, 'nginx')).toBe(job.pem);
  });

  it.each(['', '%', 'hello', 'a%2', `${escaped}, ${escaped}`, escaped + escaped, encodeURIComponent(job.keyPem)])(
    'is not %.20s in the way of nginx',
    (value) => {
      expect(forwardedCertificate(value, 'nginx')).toBeUndefined();
    },
  );

  it('is read as Envoy writes it', () => {
    const by = 'By=spiffe://acme.example/front;Hash=0123';
    for (const value of [
      `${by};Cert="${escaped}";Subject="O=Acme,CN=\\"job\\"";URI=${spiffe};DNS=job.acme.example`,
      `cert=${escaped}`,
      `${by};CERT="${escaped}"`,
    ]) {
      expect(forwardedCertificate(value, 'envoy')).toBe(job.pem);
    }
  });

  it.each([
    ['without the certificate itself', `Hash=0123;Subject="CN=job";URI=${spiffe}`],
    ['of two proxies', `Cert="${escaped}",Cert="${escaped}"`],
    ['of another proxy after it', `Cert="${escaped}",Hash=0123`],
    ['twice', `Cert="${escaped}";Cert="${escaped}"`],
    ['with a quote left open', `Cert="${escaped}`],
    ['with a name alone', `Cert="${escaped}";Hash`],
    ['with something before it', ` ;Cert="${escaped}"`],
    ['that is another thing', 'Cert="hello"'],
    ['escaped wrongly', 'Cert="%zz"'],
    ['with a chain', `Cert="${escaped}${escaped}"`],
    ['empty', ''],
  ])('is not read from a header of Envoy %s', (_, value) => {
    expect(forwardedCertificate(value, 'envoy')).toBeUndefined();
  });
});
