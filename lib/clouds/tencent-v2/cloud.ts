import type { Cloud } from '../../sts/cloud.ts';
import { dialect } from './dialect.ts';
import { naming } from './naming.ts';
import { provider } from './provider.ts';
import { variables } from './variables.ts';

/** STS of Tencent Cloud API 2.0, at sts.api.qcloud.com: retired by the vendor, alive in old SDKs and private clouds. */
export const tencentV2: Cloud = { id: 'tencent-v2', provider, dialect, naming, variables };
