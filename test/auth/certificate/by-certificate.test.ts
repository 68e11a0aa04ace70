import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { forwardedCertificate } from '../../../lib/auth/certificate/forwarded.ts';
import { readCertificate } from '../../../lib/auth/certificate/read-certificate.ts';
import { certify } from '../../support/certificates.ts';

const authority = certify({ subject: 'C=DE, O=Acme, CN=Acme CA', ca: true });
const spiffe = 'spiffe://acme.example/ns/ci/sa/deploy';
const job = certify({ subject: 'O=Acme, CN=job', by: authority, uris: [spiffe], dns: ['Job.Acme.example'] });

describe('a client certificate', () => {
  it('has its names, and the time in which it is valid', () => {
    const { serialNumber, fingerprint256 } = new X509Certificate(job.pem);
    const names = { dns: ['job.acme.example'], subject: 'O=Acme, CN=job' };
    expect(readCertificate(job.pem)).toEqual({
      ...names,
      spiffe,
      issuer: 'C=DE, O=Acme, CN=Acme CA',
      from: new Date('2020-01-01T00:00:00Z'),
      until: new Date('2049-01-01T00:00:00Z'),
      claims: { ...names, spiffe, sub: spiffe, iss: 'C=DE, O=Acme, CN=Acme CA', serialNumber, fingerprint256 },
    });
  });

  it('is told apart by its first host name if it has no SPIFFE ID, and by its subject if it has neither', () => {
    const server = certify({ subject: 'O=Acme, CN=plain', by: authority, dns: ['One.example', 'two.example'] });
    expect(readCertificate(server.pem)?.claims).toMatchObject({
      dns: ['one.example', 'two.example'],
      sub: 'one.example',
    });
    const plain = readCertificate(certify({ subject: 'O=Acme, CN=plain', by: authority }).pem);
    expect(plain).toMatchObject({ dns: [], claims: { dns: [], sub: 'O=Acme, CN=plain' } });
    for (const one of [plain, plain?.claims]) expect(one).not.toHaveProperty('spiffe');
  });

  it('may have no subject, as one that a mesh of services gives', () => {
    const { pem } = certify({ subject: '', by: authority, uris: [spiffe] });
    expect(readCertificate(pem)).toMatchObject({ spiffe, subject: '', claims: { sub: spiffe, subject: '' } });
  });

  it('has the SPIFFE ID of its one URI beside names of other kinds, and none of a URI that is no SPIFFE ID', () => {
    const among = certify({ subject: 'CN=job', uris: [spiffe], dns: ['a.example'], ips: ['192.0.2.1'] });
    expect(readCertificate(among.pem)).toMatchObject({ spiffe, dns: ['a.example'] });
    const web = certify({ subject: 'CN=job', uris: ['https://acme.example/job'] });
    expect(readCertificate(web.pem)).not.toHaveProperty('spiffe');
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

  it('with a quoted URI beside another has no SPIFFE ID', () => {
    const two = certify({ subject: 'CN=two', uris: [spiffe, 'https://acme.example/a,b'] });
    expect(readCertificate(two.pem)).not.toHaveProperty('spiffe');
  });

  it('with a name of a kind that Node does not tell by its name is not read, before or after the others', () => {
    expect(readCertificate(certify({ subject: 'CN=odd', x400: ['name'] }).pem)).toBeUndefined();
    expect(readCertificate(certify({ subject: 'CN=odd', x400: ['name'], dns: ['a.example'] }).pem)).toBeUndefined();
  });

  it('may be as long as 32 KiB, and no longer', () => {
    const padded = (length: number) => readCertificate(job.pem.padEnd(length, '\n'));
    expect(padded(32 * 1024)).toMatchObject({ spiffe });
    expect(padded(32 * 1024 + 1)).toBeUndefined();
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

  it('may end with space, and begins and ends with nothing else', () => {
    const forwarded = (pem: string) => forwardedCertificate(encodeURIComponent(pem), 'nginx');
    for (const pem of [`${job.pem}\n \n`, job.pem.trimEnd()]) expect(forwarded(pem)).toBe(pem);
    for (const pem of [`x${job.pem}`, ` ${job.pem}`, `${job.pem}x`, job.pem.replace('-----\n', '-----')]) {
      expect(forwarded(pem)).toBeUndefined();
    }
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
    ['in two parts', `Cert="${escaped.slice(0, 400)}";Cert="${escaped.slice(400)}"`],
    ['with a quote behind it', `Cert="${escaped}"";Hash=0123`],
    ['with a quote in it', `Cert=${escaped}"`],
    ['with a quote left open', `Cert="${escaped}`],
    ['under a longer name', `NoCert="${escaped}"`],
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
