import type { Upstream } from '../../core/cloud.ts';
import { policyCheck } from '../../policies/check.ts';
import { readIam } from '../../policies/iam.ts';
import { mostPolicyCharacters } from './limits.ts';
import { provider } from './provider.ts';
import { variables } from './variables.ts';

/** AWS STS, version 2011-06-15; as a provider also Ceph RGW and MinIO. How it is called. */
export const awsUpstream: Upstream = {
  id: 'aws',
  provider,
  checkPolicy: /* @__PURE__ */ policyCheck(readIam, mostPolicyCharacters),
  variables,
};
