import type { Upstream } from '../../core/cloud.ts';
import { readCam } from '../../policies/cam.ts';
import { policyCheck } from '../../policies/check.ts';
import { mostPolicyCharacters } from '../tencent.ts';
import { provider } from './provider.ts';
import { variables } from './variables.ts';

/** STS of Tencent Cloud API 3.0, version 2018-08-13. How it is called. */
export const tencentV3Upstream: Upstream = {
  id: 'tencent-v3',
  provider,
  checkPolicy: /* @__PURE__ */ policyCheck(readCam, mostPolicyCharacters),
  variables,
};
