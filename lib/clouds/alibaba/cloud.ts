import type { Cloud, Upstream } from '../../core/cloud.ts';
import { grammars } from '../../policies/grammars.ts';
import { defineCloud, defineUpstream } from '../define-cloud.ts';
import { dialect } from './dialect.ts';
import { accepts, maxPolicyCharacters, rules } from './limits.ts';
import { naming } from './naming.ts';
import { provider } from './provider.ts';
import { quickstart } from './quickstart.ts';

/** Alibaba Cloud STS, version 2015-04-01: how it is called. */
export const alibabaUpstream: Upstream = /* @__PURE__ */ defineUpstream({
  id: 'alibaba',
  title: 'Alibaba Cloud',
  grammar: grammars.ram,
  maxPolicyCharacters,
  signatures: ['ACS3-HMAC-SHA256', 'HMAC-SHA1'],
  accepts,
  textRules: rules,
  vendorHosts: ['sts.aliyuncs.com', 'sts.cn-hangzhou.aliyuncs.com'],
  vendorPaths: [],
  // Those that every SDK reads: github.com/aliyun/credentials-nodejs. The region is the command line's.
  variableNames: {
    accessKeyId: 'ALIBABA_CLOUD_ACCESS_KEY_ID',
    secretAccessKey: 'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
    sessionToken: ['ALIBABA_CLOUD_SECURITY_TOKEN'],
    region: 'ALIBABA_CLOUD_REGION_ID',
  },
  provider,
});

/** Alibaba Cloud both ways. */
export const alibaba: Cloud = /* @__PURE__ */ defineCloud(alibabaUpstream, {
  dialect,
  recognizedBy: 'parameter',
  naming,
  quickstart,
});
