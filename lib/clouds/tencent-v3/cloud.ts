import type { Cloud } from '../../sts/cloud.ts';
import { dialect } from './dialect.ts';
import { naming } from './naming.ts';
import { provider } from './provider.ts';
import { variables } from './variables.ts';

/** STS of Tencent Cloud API 3.0, version 2018-08-13. */
export const tencentV3: Cloud = { id: 'tencent-v3', provider, dialect, naming, variables };
