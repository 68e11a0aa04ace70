import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admissionsOf } from '../../../lib/diagnostics/prove/admissions.ts';
import { diff } from '../../../lib/diagnostics/prove/diff.ts';
import { findAllowed, findDeps } from '../../../lib/diagnostics/prove/search.ts';
import { boundsOf, unhurried } from '../../fuzz/bounds.ts';
import { decideAsked, proveDeps, readWritten, writtenConfig } from '../../support/prove.ts';
import { proveConfigs, proveRequests } from '../../support/prove-configs.ts';

/** `PROVE_RUNS=100000` looks further, and so does `npm run fuzz`. */
const bounds = boundsOf(Number(process.env['PROVE_RUNS'] ?? 15));
const requests = fc.array(proveRequests, { minLength: 40, maxLength: 40 });

describe('a proof', () => {
  it('shows a request that the real decision allows, by that grant and to that caller', unhurried, () => {
    fc.assert(
      fc.property(proveConfigs, (json) => {
        const admissions = admissionsOf(writtenConfig(json), proveDeps);
        const config = readWritten(json);
        for (const admission of admissions.all) {
          const finding = findAllowed(admission, [], findDeps(proveDeps.now, admissions));
          expect(finding.kind).not.toBe('unknown');
          if (finding.kind !== 'found') continue;
          const decision = decideAsked(config, finding.witness);
          expect({ grant: decision?.allowed.grant, caller: decision?.caller, of: finding.witness }).toEqual({
            grant: admission.grant.name,
            caller: admission.rule.caller,
            of: finding.witness,
          });
        }
      }),
      { ...bounds, endOnFailure: true },
    );
  });

  it('says that there is none only if random requests find none either', unhurried, () => {
    fc.assert(
      fc.property(proveConfigs, requests, (json, all) => {
        const admissions = admissionsOf(writtenConfig(json), proveDeps);
        const config = readWritten(json);
        const none = new Set(
          admissions.all
            .filter((one) => findAllowed(one, [], findDeps(proveDeps.now, admissions)).kind !== 'none')
            .map(({ grant, rule, operation }) => `${grant.name} ${rule.caller} ${operation}`),
        );
        for (const request of all) {
          const decision = decideAsked(config, request);
          if (decision === undefined) continue;
          const { allowed, caller } = decision;
          expect(none).toContain(`${allowed.grant} ${caller} ${request.operation}`);
        }
      }),
      { ...bounds, endOnFailure: true },
    );
  });

  it('shows requests that the one configuration allows and the other does not, and misses none', unhurried, () => {
    fc.assert(
      fc.property(proveConfigs, proveConfigs, requests, (before, after, all) => {
        const { admitted } = diff(writtenConfig(before), writtenConfig(after), proveDeps);
        const [older, newer] = [readWritten(before), readWritten(after)];
        for (const { kind, witness, grant } of admitted) {
          if (witness === undefined) continue;
          expect(decideAsked(newer, witness)?.allowed.grant).toBe(grant);
          if (kind !== 'what') expect(decideAsked(older, witness)).toBeUndefined();
        }
        for (const request of all) {
          const decision = decideAsked(newer, request);
          if (decision === undefined || decideAsked(older, request) !== undefined) continue;
          const { allowed, caller } = decision;
          expect(admitted.map((one) => [one.grant, one.caller, one.operation])).toContainEqual([
            allowed.grant,
            caller,
            request.operation,
          ]);
        }
      }),
      { ...bounds, endOnFailure: true },
    );
  });
});
