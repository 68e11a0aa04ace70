import type { Cloud, Upstream } from '../../core/cloud.ts';
import { grammars } from '../../policies/grammars.ts';
import { defineCloud, defineUpstream } from '../define-cloud.ts';
import { dialect } from './dialect.ts';
import { accepts, maxPolicyCharacters, rules } from './limits.ts';
import { naming } from './naming.ts';
import { provider } from './provider.ts';
import { quickstart } from './quickstart.ts';

/** Huawei Cloud STS5, and the older way of its IAM: how it is called. */
export const huaweiUpstream: Upstream = /* @__PURE__ */ defineUpstream({
  id: 'huawei',
  title: 'Huawei Cloud',
  grammar: grammars.huawei,
  maxPolicyCharacters,
  signatures: ['SDK-HMAC-SHA256', 'V11-HMAC-SHA256'],
  accepts,
  textRules: rules,
  accountMembers: ['projectId'],
  vendorHosts: ['sts.cn-north-4.myhuaweicloud.com', 'sts.cn-north-1.myhuaweicloud.com'],
  vendorPaths: [],
  // The SDKs read the first name, Terraform the other. The SDK for Node reads no token at all.
  variableNames: {
    accessKeyId: ['HUAWEICLOUD_SDK_AK', 'HW_ACCESS_KEY'],
    secretAccessKey: ['HUAWEICLOUD_SDK_SK', 'HW_SECRET_KEY'],
    sessionToken: ['HUAWEICLOUD_SDK_SECURITY_TOKEN', 'HW_SECURITY_TOKEN'],
    projectId: 'HUAWEICLOUD_SDK_PROJECT_ID',
    region: 'HW_REGION_NAME',
  },
  provider,
});

/** Huawei Cloud both ways. */
export const huawei: Cloud = /* @__PURE__ */ defineCloud(huaweiUpstream, {
  dialect,
  recognizedBy: 'path',
  naming,
  quickstart,
});
