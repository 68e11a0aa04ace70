import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedRecord } from '../../lib/audit/bounded-record.ts';
import { canonicalJson } from '../../lib/audit/canonical.ts';
import { lineOf } from '../../lib/audit/line.ts';
import { chainNames, checkpointNames } from '../../lib/audit/names.ts';
import type { AuditRecord } from '../../lib/core/audit.ts';
import { anyRecord, someRecord } from '../support/audit-logs.ts';

/** A record of which every field is set. */
const everything = {
  time: new Date('2026-11-22T02:34:16.123Z'),
  requestId: '8e3c7a52-0a5d-4f43-9d5c-6a1f0b7c2d19',
  dialect: 'aws',
  operation: 'AssumeRole',
  outcome: 'AccessDenied',
  caller: 'ci',
  issuer: 'https://issuer.example',
  subject: 'repo:acme/site',
  claims: { ref: ['main'] },
  proof: 'accessKey',
  scheme: 'sigv4',
  signature: 'SignedHeadersChanged',
  callerKeyId: 'AKIDCALLER',
  proofFault: 'KeyUnknown',
  ignored: ['x-client-cert'],
  grant: 'deploy',
  account: 'aws',
  cloud: 'aws',
  role: 'arn:aws:iam::123456789012:role/demo',
  sessionName: 'run-7',
  givenSessionName: 'ci-run-7',
  event: 'event-1',
  origin: 'minted',
  lease: 'payments',
  delivery: 'file /run/payments.json',
  askedDurationSeconds: 7200,
  durationSeconds: 3600,
  accessKeyId: 'ASIAMINTED',
  actor: 'agent',
  actorIssuer: 'https://agents.example',
  actorSubject: 'agent-7',
  audiences: ['https://api.example'],
  tokenId: 'token-1',
  tokenSubject: 'caller:ci',
  expiration: new Date('2026-11-22T03:34:16Z'),
  upstream: { status: 400, code: 'Throttling', requestId: 'upstream-1' },
  reason: 'ClaimMismatch',
  trace: [{ grant: 'deploy', clause: 'claims.sub', reason: 'ClaimMismatch', expected: 'repo:a/*', saw: 'text' }],
  auditOnlyViolations: [{ grant: 'deploy', clause: 'times', reason: 'OutsideTimes', expected: 'weekdays', saw: 'Sun' }],
  faultSite: 'TypeError at inputOf (body.ts:129)',
  cause: 'ECONNREFUSED',
  sourceIp: '192.0.2.1',
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  milliseconds: 12.34567,
  stages: { parse: 0.1, authenticate: 0.2, authorize: 0.3, mint: 11, render: 0.4 },
} satisfies Required<AuditRecord>;

describe('a line', () => {
  it('is canonical JSON on one line, whatever was asked', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const line = lineOf(boundedRecord(record));

        expect(line).toBe(canonicalJson(JSON.parse(line)));
        expect(line.isWellFormed()).toBe(true);
        // Nothing that a terminal, a splitter of lines or a queue that speaks XML takes for more than a character.
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]/);
        expect(Buffer.byteLength(line)).toBeLessThan(128 * 1024);
      }),
    );
  });

  it('has its names in canonical order, whichever fields a record has', () => {
    const { time, requestId, dialect, outcome, ...optional } = everything;
    const entries = Object.entries(optional);
    fc.assert(
      fc.property(fc.shuffledSubarray(entries), (some) => {
        const line = lineOf({ time, requestId, dialect, outcome, ...Object.fromEntries(some) });

        expect(line).toBe(canonicalJson(JSON.parse(line)));
        expect(Object.keys(JSON.parse(line))).toEqual(Object.keys(JSON.parse(line)).sort());
      }),
    );
  });

  it('says all that a record says', () => {
    expect(JSON.parse(lineOf(everything))).toEqual({
      'client.address': '192.0.2.1',
      'credmint.access_key.id': 'ASIAMINTED',
      'credmint.account': 'aws',
      'credmint.actor': 'agent',
      'credmint.actor.issuer': 'https://agents.example',
      'credmint.actor.subject': 'agent-7',
      'credmint.audiences': ['https://api.example'],
      'credmint.caller.claims': { ref: ['main'] },
      'credmint.caller.fault': 'KeyUnknown',
      'credmint.caller.ignored': ['x-client-cert'],
      'credmint.caller.issuer': 'https://issuer.example',
      'credmint.caller.key.id': 'AKIDCALLER',
      'credmint.caller.proof': 'accessKey',
      'credmint.caller.scheme': 'sigv4',
      'credmint.caller.signature': 'SignedHeadersChanged',
      'credmint.caller.subject': 'repo:acme/site',
      'credmint.cause': 'ECONNREFUSED',
      'credmint.cloud': 'aws',
      'credmint.delivery': 'file /run/payments.json',
      'credmint.denial.reason': 'ClaimMismatch',
      'credmint.denial.trace': [
        { clause: 'claims.sub', expected: 'repo:a/*', grant: 'deploy', reason: 'ClaimMismatch', saw: 'text' },
      ],
      'credmint.dialect': 'aws',
      'credmint.duration.asked': 7200,
      'credmint.duration.given': 3600,
      'credmint.event': 'event-1',
      'credmint.expiration': '2026-11-22T03:34:16.000Z',
      'credmint.fault.site': 'TypeError at inputOf (body.ts:129)',
      'credmint.grant': 'deploy',
      'credmint.latency.authenticate': 0.2,
      'credmint.latency.authorize': 0.3,
      'credmint.latency.mint': 11,
      'credmint.latency.parse': 0.1,
      'credmint.latency.render': 0.4,
      'credmint.latency.total': 12.346,
      'credmint.lease': 'payments',
      'credmint.operation': 'AssumeRole',
      'credmint.origin': 'minted',
      'credmint.outcome': 'AccessDenied',
      'credmint.role': 'arn:aws:iam::123456789012:role/demo',
      'credmint.session': 'run-7',
      'credmint.session.given': 'ci-run-7',
      'credmint.token.id': 'token-1',
      'credmint.token.subject': 'caller:ci',
      'credmint.upstream.code': 'Throttling',
      'credmint.upstream.request.id': 'upstream-1',
      'credmint.upstream.status': 400,
      'credmint.would_refuse': [
        { clause: 'times', expected: 'weekdays', grant: 'deploy', reason: 'OutsideTimes', saw: 'Sun' },
      ],
      'enduser.id': 'ci',
      'event.name': 'credmint.decision',
      'http.request.id': '8e3c7a52-0a5d-4f43-9d5c-6a1f0b7c2d19',
      timestamp: '2026-11-22T02:34:16.123Z',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    });
  });

  it('has no name that docs/audit.md does not explain', () => {
    const docs = readFileSync(new URL('../../docs/audit.md', import.meta.url), 'utf8');
    const names = [
      ...Object.keys(JSON.parse(lineOf(everything))),
      ...Object.values(chainNames),
      ...Object.values(checkpointNames),
    ];

    for (const name of names) expect(docs, name).toContain(`| \`${name}\` |`);
  });

  it('names callers as callers and grants as grants', () => {
    const clause = { clause: 'jwt.claims', reason: 'ClaimMismatch', expected: 'x', saw: 'y' } as const;
    const trace = [
      { ...clause, caller: 'ci' },
      { ...clause, grant: 'deploy' },
    ];

    expect(JSON.parse(lineOf(someRecord({ trace })))['credmint.denial.trace']).toEqual(trace);
  });
});
