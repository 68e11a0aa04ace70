import type { Upstream } from '../../core/cloud.ts';
import { policyCheck } from '../../policies/check.ts';
import { readUcloud } from '../../policies/ucloud.ts';
import { mostPolicyCharacters } from './limits.ts';
import { provider } from './provider.ts';
import { variables } from './variables.ts';

/** UCloud's STS: AssumeRole, signed by SHA-1. How it is called. */
export const ucloudUpstream: Upstream = {
  id: 'ucloud',
  provider,
  checkPolicy: /* @__PURE__ */ policyCheck(readUcloud, mostPolicyCharacters),
  variables,
};
