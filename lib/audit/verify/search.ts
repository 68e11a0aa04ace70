import { isObject, readJson } from '../../wire/json.ts';
import { eventNames } from '../names.ts';
import type { LogPosition } from './faults.ts';
import type { AuditReport, AuditVerifier } from './verify.ts';

/** Which records are looked for; what is absent is not looked at. */
export interface AuditFilter {
  /** The name of the caller or of who acts for it, whom its proof names, or the id of its key. */
  readonly who?: string;
  readonly account?: string;
  readonly operation?: string;
  readonly outcome?: string;
  readonly since?: Date;
  readonly until?: Date;
}

/**
 * Whether a record is as it was written. `proven`: a signed checkpoint behind it says so; `unproven`: its chain holds so
 * far, and no checkpoint is behind it yet; `false`: it is not part of a chain that holds; `unchecked`: nothing was asked.
 */
export type Standing = 'proven' | 'unproven' | 'false' | 'unchecked';

/** A record that was looked for. */
export interface FoundRecord {
  /** As it stands in the log, by its written names. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly place: LogPosition;
  readonly standing: Standing;
}

export interface AuditSearchResult {
  /** The last of those that were found, in the order of the log. */
  readonly records: readonly FoundRecord[];
  /** How many were found in all. */
  readonly found: number;
  /** Absent if the log was not verified. */
  readonly report?: AuditReport;
}

/** Takes a log line by line. */
export interface AuditSearch {
  take(line: Buffer, place: LogPosition): void;
  finish(): AuditSearchResult;
}

const whoNames = [
  'enduser.id',
  'credmint.actor',
  'credmint.caller.subject',
  'credmint.actor.subject',
  'credmint.caller.key.id',
];

const matches = (fields: Readonly<Record<string, unknown>>, filter: AuditFilter): boolean => {
  const { who, since, until } = filter;
  if (who !== undefined && !whoNames.some((name) => fields[name] === who)) return false;
  for (const name of ['account', 'operation', 'outcome'] as const) {
    if (filter[name] !== undefined && fields[`credmint.${name}`] !== filter[name]) return false;
  }
  if (since === undefined && until === undefined) return true;
  const time = Date.parse(String(fields['timestamp']));
  return !(time < (since?.getTime() ?? time)) && !(time >= (until?.getTime() ?? Number.POSITIVE_INFINITY));
};

interface Kept {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly place: LogPosition;
  /** The line of the chain; absent if the verifier did not take it for one. */
  readonly link?: { readonly chain: string; readonly sequence: number } | undefined;
}

/**
 * Looks for records in a log that need not fit into memory, and says of each that is found whether it is as it was
 * written. Without a verifier nothing is proven.
 *
 * @example
 * const search = auditSearch({ outcome: 'AccessDenied' }, { limit: 50, verifier: auditVerifier(keys) });
 */
export const auditSearch = (
  filter: AuditFilter,
  { limit, verifier }: { readonly limit: number; readonly verifier?: AuditVerifier },
): AuditSearch => {
  const kept: Kept[] = [];
  let found = 0;

  return {
    take: (line, place) => {
      const taken = verifier?.take(line, place);
      if (taken?.step === 'repeated') return;
      const fields = readJson(line.toString('utf8'));
      if (!isObject(fields) || fields['event.name'] !== eventNames.decision || !matches(fields, filter)) return;
      kept[found++ % limit] = { fields, place, link: taken };
    },
    finish: () => {
      const report = verifier?.finish();
      const proofs = new Map(report?.chains.map((one) => [one.chain, one]));
      const standingOf = ({ link }: Kept): Standing => {
        if (report === undefined) return 'unchecked';
        const chain = link && proofs.get(link.chain);
        if (link === undefined || chain?.last === undefined) return 'false';
        return link.sequence <= chain.last.sequence - chain.unproven ? 'proven' : 'unproven';
      };
      const oldest = found > limit ? found % limit : 0;
      const ordered = [...kept.slice(oldest), ...kept.slice(0, oldest)];
      return {
        records: ordered.map((one) => ({ fields: one.fields, place: one.place, standing: standingOf(one) })),
        found,
        ...(report === undefined ? {} : { report }),
      };
    },
  };
};
