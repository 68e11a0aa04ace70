import type { Upstream } from '../../core/cloud.ts';
import { policyCheck } from '../../policies/check.ts';
import { readIam } from '../../policies/iam.ts';
import { mostPolicyCharacters } from './limits.ts';
import { provider } from './provider.ts';
import { variables } from './variables.ts';

/** Dell ECS and ObjectScale: STS behind a login, or signed by SigV4. How it is called. */
export const ecsUpstream: Upstream = {
  id: 'ecs',
  provider,
  checkPolicy: /* @__PURE__ */ policyCheck(readIam, mostPolicyCharacters),
  variables,
};
