import type { Cloud, Upstream } from '../../core/cloud.ts';
import { grammars } from '../../policies/grammars.ts';
import { awsVariableNames } from '../aws-variables.ts';
import { defineCloud, defineUpstream } from '../define-cloud.ts';
import { dialect } from './dialect.ts';
import { accepts, maxPolicyCharacters, rules } from './limits.ts';
import { naming } from './naming.ts';
import { provider } from './provider.ts';
import { quickstart } from './quickstart.ts';

/** Dell ECS and ObjectScale, whose STS takes a login's token or a SigV4 signature: how they are called. */
export const ecsUpstream: Upstream = /* @__PURE__ */ defineUpstream({
  id: 'ecs',
  title: 'Dell ECS',
  grammar: grammars.iam,
  maxPolicyCharacters,
  signatures: ['X-SDS-AUTH-TOKEN', 'SigV4'],
  accepts,
  accountMembers: ['namespace'],
  textRules: rules,
  // Every installation has a host of its own.
  vendorHosts: [],
  vendorPaths: ['/sts'],
  variableNames: awsVariableNames,
  provider,
});

/** Dell ECS both ways. */
export const ecs: Cloud = /* @__PURE__ */ defineCloud(ecsUpstream, {
  dialect,
  recognizedBy: 'path',
  naming,
  quickstart,
});
