import type { Cloud, Provider, Upstream } from '../../core/cloud.ts';
import { grammars } from '../../policies/grammars.ts';
import { awsVariableNames } from '../aws-variables.ts';
import { defineCloud, defineUpstream } from '../define-cloud.ts';
import { dialect } from './dialect.ts';
import { accepts, maxPolicyCharacters, textRules } from './limits.ts';
import { naming } from './naming.ts';
import { probes } from './probes.ts';
import { profileOf, profiles } from './profiles.ts';
import { provider, providerOf } from './provider.ts';
import { quickstart } from './quickstart.ts';

/** What only the doctor asks: no function carries it. */
const diagnosis = {
  probes,
};

const profileProvider = (name: string): Provider | undefined => {
  const profile = profileOf(name);
  return profile === undefined ? undefined : providerOf(profile);
};

/** AWS STS, version 2011-06-15, and the products that took a part of its protocol over: how they are called. */
export const awsUpstream: Upstream = /* @__PURE__ */ defineUpstream({
  id: 'aws',
  title: 'AWS',
  grammar: grammars.iam,
  maxPolicyCharacters,
  signatures: [],
  accepts,
  textRules,
  vendorHosts: ['sts.amazonaws.com', 'sts.us-east-1.amazonaws.com'],
  vendorPaths: [],
  variableNames: awsVariableNames,
  runtime: 'aws',
  provider,
  profiles,
  profileProvider,
  ...diagnosis,
});

/** AWS STS both ways. Others sign by SigV4 too, so it is recognized last. */
export const aws: Cloud = /* @__PURE__ */ defineCloud(awsUpstream, {
  dialect,
  recognizedBy: 'shared',
  naming,
  quickstart,
});
