import type { Cloud, Upstream } from '../../core/cloud.ts';
import { grammars } from '../../policies/grammars.ts';
import { defineCloud, defineUpstream } from '../define-cloud.ts';
import { maxPolicyCharacters, tencentVariableNames } from '../tencent.ts';
import { dialect } from './dialect.ts';
import { accepts, rules } from './limits.ts';
import { naming } from './naming.ts';
import { provider } from './provider.ts';
import { quickstart } from './quickstart.ts';

/** STS of Tencent Cloud API 3.0, version 2018-08-13: how it is called. */
export const tencentV3Upstream: Upstream = /* @__PURE__ */ defineUpstream({
  id: 'tencent-v3',
  title: 'Tencent Cloud API 3.0',
  grammar: grammars.cam,
  maxPolicyCharacters,
  signatures: ['TC3-HMAC-SHA256', 'HmacSHA256', 'HmacSHA1'],
  accepts,
  textRules: rules,
  vendorHosts: ['sts.tencentcloudapi.com', 'sts.intl.tencentcloudapi.com'],
  vendorPaths: [],
  variableNames: tencentVariableNames,
  runtime: 'tencent',
  provider,
});

/** Tencent Cloud API 3.0 both ways. */
export const tencentV3: Cloud = /* @__PURE__ */ defineCloud(tencentV3Upstream, {
  dialect,
  recognizedBy: 'header',
  naming,
  quickstart,
});
