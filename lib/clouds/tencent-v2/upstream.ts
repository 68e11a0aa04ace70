import type { Upstream } from '../../core/cloud.ts';
import { readCam } from '../../policies/cam.ts';
import { policyCheck } from '../../policies/check.ts';
import { mostPolicyCharacters } from '../tencent.ts';
import { provider } from './provider.ts';
import { variables } from './variables.ts';

/** STS of Tencent Cloud API 2.0, at sts.api.qcloud.com: retired by the vendor, alive in old SDKs and private clouds. How it is called. */
export const tencentV2Upstream: Upstream = {
  id: 'tencent-v2',
  provider,
  checkPolicy: /* @__PURE__ */ policyCheck(readCam, mostPolicyCharacters),
  variables,
};
