import { BlockList, isIPv6 } from 'node:net';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Secret } from '../../core/secret.ts';
import { claimRule } from '../../grants/claims.ts';
import type { Grant } from '../../grants/grant.ts';
import { compilePattern } from '../../grants/pattern.ts';
import { compileDocument, compileTemplate, type References, type Template } from '../../grants/template.ts';
import type { Times } from '../../grants/times.ts';
import type { WrittenGrant } from '../schema.ts';

type Complain = (path: string, why: string) => void;

/** A grant as it is decided by, from one as it is written; every fault is complained of with its path. */
export const grantOf = (
  written: WrittenGrant,
  path: string,
  secret: (path: string, reference: string) => Secret,
  complain: Complain,
): Grant => {
  const references: References = new Map(
    Object.entries(written.references).map(([name, { allow }]) => [name, allow] as const),
  );
  for (const name of references.keys()) {
    if (name !== 'caller' && name !== 'sessionName' && !/^claims\../.test(name)) {
      complain(`${path}.references`, `has ${name}, which is neither caller, sessionName nor claims.NAME`);
    }
  }
  const template = (clause: string, text: string): Template => {
    const compiled = compileTemplate(text, references);
    if ('parts' in compiled) return compiled;
    complain(`${path}.${clause}`, `refers to ${compiled.unlisted}, which the grant does not list under references`);
    return { parts: [''] };
  };
  const { sessionName, policy, tags, sourceIdentity, externalId } = written;
  return {
    name: written.name,
    callers: new Set(written.callers),
    account: written.account,
    operations: new Set(written.operations),
    roles: written.roles.map(compilePattern),
    writtenRoles: written.roles,
    leases: written.leases.map(compilePattern),
    writtenLeases: written.leases,
    claims: Object.entries(written.claims).map(([name, list]) => claimRule(name, list)),
    references,
    accepts: new Set(written.accepts),
    mode: written.mode,
    shareable: written.shareable,
    ...omitUndefined({
      dialects: written.dialects && new Set(written.dialects),
      maxDurationSeconds: written.maxDurationSeconds,
      sourceIps: written.sourceIps && sourceIps(written.sourceIps, (why) => complain(`${path}.sourceIps`, why)),
      times: written.times && timesOf(written.times),
      acr: written.acr,
      amr: written.amr,
      sessionName: sessionName === undefined ? undefined : template('sessionName', sessionName),
      policy: policy && compileDocument(policy, references, (why) => complain(`${path}.policy`, why)),
      tags: tags && Object.entries(tags).map(([key, value]) => [key, template(`tags.${key}`, value)] as const),
      sourceIdentity: sourceIdentity === undefined ? undefined : template('sourceIdentity', sourceIdentity),
      externalId: externalId === undefined ? undefined : secret(`${path}.externalId`, externalId).reveal(),
    }),
  };
};

const sourceIps = (written: readonly string[], complain: (why: string) => void) => {
  const list = new BlockList();
  for (const range of written) {
    const [address = '', bits] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    try {
      list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
    } catch {
      complain(`has ${range}, which is no address or range`);
    }
  }
  return { list, written };
};

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

const timesOf = ({ from, until, daily, days }: NonNullable<WrittenGrant['times']>): Times =>
  omitUndefined({
    from: from === undefined ? undefined : new Date(from),
    until: until === undefined ? undefined : new Date(until),
    daily: daily && { begins: minutes(daily.begins), ends: minutes(daily.ends) },
    days: days && new Set(days.map((day) => dayNames.indexOf(day))),
  });
