import { builtInAuthority } from '../lib/app/built-in-authority.ts';
import type { FunctionSpec } from '../lib/app/function-spec.ts';
import { httpFunction } from '../lib/app/functions/http.ts';
import { leaseReaderFactory } from '../lib/app/lease-reader.ts';
import { signatureDiagnosis } from '../lib/app/signature-diagnosis.ts';
import { aws, ecs, json, tencentV2, tencentV3, ucloud } from '../lib/clouds/index.ts';

export const clouds = [tencentV2, tencentV3, ucloud, ecs, aws];

export const spec: FunctionSpec = {
  // Asked in this order: dialects with a path of their own first, then those with headers of their own.
  dialects: [json, tencentV2.dialect, ecs.dialect, tencentV3.dialect, ucloud.dialect, aws.dialect],
  clouds,
  authority: builtInAuthority(clouds),
  leases: leaseReaderFactory,
  diagnosis: signatureDiagnosis,
};

/** The drop-in endpoint: every dialect, every cloud, and the authority. */
export const handler = httpFunction(spec);
