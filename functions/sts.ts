import { builtInAuthority } from '../lib/app/built-in-authority.ts';
import type { FunctionSpec } from '../lib/app/compose.ts';
import { httpFunction } from '../lib/app/functions/http.ts';
import { leaseReaderFactory } from '../lib/app/lease-reader.ts';
import { signatureDiagnosis } from '../lib/app/signature-diagnosis.ts';
import { alibaba, aws, ecs, json, tencentV2, tencentV3, ucloud } from '../lib/clouds/index.ts';

export const clouds = [tencentV2, tencentV3, ucloud, ecs, alibaba, aws];

export const spec: FunctionSpec = {
  // In the order of asking: what has a path of its own first, then what has headers of its own.
  dialects: [json, tencentV2.dialect, ecs.dialect, tencentV3.dialect, ucloud.dialect, alibaba.dialect, aws.dialect],
  clouds,
  authority: builtInAuthority(clouds),
  leases: leaseReaderFactory,
  doctor: signatureDiagnosis,
};

/** The drop-in endpoint: every dialect, every cloud, and the authority. */
export const handler = httpFunction(spec);
