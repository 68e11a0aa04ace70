import type { Cloud, Upstream } from '../../core/cloud.ts';
import { grammars } from '../../policies/grammars.ts';
import { defineCloud, defineUpstream } from '../define-cloud.ts';
import { dialect } from './dialect.ts';
import { accepts, maxPolicyCharacters, rules } from './limits.ts';
import { naming } from './naming.ts';
import { provider } from './provider.ts';
import { quickstart } from './quickstart.ts';

/** The STS of Volcengine and BytePlus, version 2018-01-01: how it is called. */
export const volcengineUpstream: Upstream = /* @__PURE__ */ defineUpstream({
  id: 'volcengine',
  title: 'Volcengine and BytePlus',
  grammar: grammars.volcengine,
  maxPolicyCharacters,
  signatures: [],
  accepts,
  textRules: rules,
  vendorHosts: ['sts.volcengineapi.com', 'open.volcengineapi.com', 'open.byteplusapi.com'],
  vendorPaths: [],
  // The SDKs for Go, Java and Python read the first name, the newer one for Node the others.
  variableNames: {
    accessKeyId: ['VOLCENGINE_ACCESS_KEY', 'VOLCSTACK_ACCESS_KEY_ID'],
    secretAccessKey: ['VOLCENGINE_SECRET_KEY', 'VOLCSTACK_SECRET_ACCESS_KEY'],
    sessionToken: ['VOLCENGINE_SESSION_TOKEN', 'VOLCSTACK_SESSION_TOKEN'],
    region: 'VOLCENGINE_REGION',
  },
  provider,
});

/** Volcengine and BytePlus both ways. */
export const volcengine: Cloud = /* @__PURE__ */ defineCloud(volcengineUpstream, {
  dialect,
  recognizedBy: 'parameter',
  naming,
  quickstart,
});
