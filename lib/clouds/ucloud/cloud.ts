import type { Cloud, Upstream } from '../../core/cloud.ts';
import { grammars } from '../../policies/grammars.ts';
import { defineCloud, defineUpstream } from '../define-cloud.ts';
import { dialect } from './dialect.ts';
import { accepts, maxPolicyCharacters, rules } from './limits.ts';
import { naming } from './naming.ts';
import { provider } from './provider.ts';
import { quickstart } from './quickstart.ts';

/** UCloud's STS, which has AssumeRole, signed by SHA-1: how it is called. */
export const ucloudUpstream: Upstream = /* @__PURE__ */ defineUpstream({
  id: 'ucloud',
  title: 'UCloud',
  grammar: grammars.ucloud,
  maxPolicyCharacters,
  signatures: [],
  accepts,
  accountMembers: ['projectId'],
  textRules: rules,
  // Hosts are not signed.
  vendorHosts: [],
  vendorPaths: [],
  // Those that the Go SDK reads: github.com/ucloud/ucloud-sdk-go, ucloud/external. It has none for the security token,
  // without which the other two are of no use; that one is ours, for scripts to pass on.
  variableNames: {
    accessKeyId: 'UCLOUD_PUBLIC_KEY',
    secretAccessKey: 'UCLOUD_PRIVATE_KEY',
    sessionToken: ['UCLOUD_SECURITY_TOKEN'],
    projectId: 'UCLOUD_PROJECT_ID',
    region: 'UCLOUD_REGION',
  },
  provider,
});

/** UCloud both ways. */
export const ucloud: Cloud = /* @__PURE__ */ defineCloud(ucloudUpstream, {
  dialect,
  recognizedBy: 'parameter',
  naming,
  quickstart,
});
