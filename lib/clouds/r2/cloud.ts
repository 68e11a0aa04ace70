import type { Upstream } from '../../core/cloud.ts';
import { grammars } from '../../policies/grammars.ts';
import { awsVariableNames } from '../aws-variables.ts';
import { defineUpstream } from '../define-cloud.ts';
import { accepts, maxPolicyCharacters } from './limits.ts';
import { provider } from './provider.ts';

/** Cloudflare R2: its credentials are made here, from the account's key. */
export const r2Upstream: Upstream = /* @__PURE__ */ defineUpstream({
  id: 'r2',
  title: 'Cloudflare R2',
  grammar: grammars.iam,
  maxPolicyCharacters,
  signatures: [],
  accepts,
  vendorHosts: [],
  vendorPaths: [],
  // Its clients are those of S3.
  variableNames: awsVariableNames,
  upstreamOnly: true,
  provider,
});
