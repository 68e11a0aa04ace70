import type { Cloud, Upstream } from '../../core/cloud.ts';
import { grammars } from '../../policies/grammars.ts';
import { defineCloud, defineUpstream } from '../define-cloud.ts';
import { maxPolicyCharacters, tencentVariableNames } from '../tencent.ts';
import { dialect } from './dialect.ts';
import { accepts, path, rules } from './limits.ts';
import { naming } from './naming.ts';
import { provider } from './provider.ts';
import { quickstart } from './quickstart.ts';

/**
 * STS of Tencent Cloud API 2.0, at sts.api.qcloud.com: retired by the vendor, still used by old SDKs and private clouds.
 * How it is called.
 */
export const tencentV2Upstream: Upstream = /* @__PURE__ */ defineUpstream({
  id: 'tencent-v2',
  title: 'Tencent Cloud API 2.0',
  grammar: grammars.cam,
  maxPolicyCharacters,
  signatures: ['HmacSHA256', 'HmacSHA1'],
  accepts,
  textRules: rules,
  vendorHosts: ['sts.api.qcloud.com'],
  vendorPaths: [path],
  variableNames: tencentVariableNames,
  runtime: 'tencent',
  provider,
});

/** Tencent Cloud API 2.0 both ways. */
export const tencentV2: Cloud = /* @__PURE__ */ defineCloud(tencentV2Upstream, {
  dialect,
  recognizedBy: 'path',
  naming,
  quickstart,
});
