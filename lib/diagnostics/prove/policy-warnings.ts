import type { WrittenConfig } from '../../config/schema.ts';
import { StsError } from '../../core/errors.ts';
import type { ProveDeps } from './configured.ts';
import type { Warning } from './warning.ts';

/** Policies of grants that their account's cloud would refuse at every mint. One with references is not known before it is filled. */
export const policyWarnings = ({ accounts, grants }: WrittenConfig, { checkPolicy }: ProveDeps): readonly Warning[] =>
  grants.flatMap(({ account, policy, references }, index): Warning[] => {
    const cloud = accounts[account]?.cloud;
    if (policy === undefined || cloud === undefined || Object.keys(references).length > 0) return [];
    try {
      checkPolicy(cloud, JSON.stringify(policy));
      return [];
    } catch (thrown) {
      const why = `cannot be minted with: ${StsError.from(thrown).message}`;
      return [{ code: 'policy', path: `grants.${index}.policy`, why }];
    }
  });
