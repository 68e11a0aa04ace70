import type { Cloud } from '../../core/cloud.ts';
import { dialect } from './dialect.ts';
import { naming } from './naming.ts';
import { tencentV3Upstream } from './upstream.ts';

const { id, provider, checkPolicy, variables } = tencentV3Upstream;

/** STS of Tencent Cloud API 3.0, version 2018-08-13. Both ways. */
export const tencentV3: Cloud = { id, provider, checkPolicy, variables, dialect, naming };
