import type { Cloud } from '../../core/cloud.ts';
import { dialect } from './dialect.ts';
import { naming } from './naming.ts';
import { tencentV2Upstream } from './upstream.ts';

const { id, provider, checkPolicy, variables } = tencentV2Upstream;

/** STS of Tencent Cloud API 2.0, at sts.api.qcloud.com: retired by the vendor, alive in old SDKs and private clouds. Both ways. */
export const tencentV2: Cloud = { id, provider, checkPolicy, variables, dialect, naming };
