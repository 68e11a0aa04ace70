import type { Upstream } from '../../core/cloud.ts';
import { policyCheck } from '../../policies/check.ts';
import { readRam } from '../../policies/ram.ts';
import { maxPolicyCharacters } from './limits.ts';
import { provider } from './provider.ts';
import { variables } from './variables.ts';

/** Alibaba Cloud STS, version 2015-04-01. How it is called. */
export const alibabaUpstream: Upstream = {
  id: 'alibaba',
  provider,
  checkPolicy: /* @__PURE__ */ policyCheck(readRam, maxPolicyCharacters),
  variables,
};
