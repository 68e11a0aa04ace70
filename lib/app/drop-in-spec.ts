import { clouds as allClouds, calledOnly, dialectsOf } from '../clouds/dialects.ts';
import type { Cloud } from '../core/cloud.ts';
import { builtInAuthority } from './built-in-authority.ts';
import type { FunctionSpec } from './function-spec.ts';
import { withIssuerDocuments } from './issuer-documents.ts';
import { leaseReaderFactory } from './lease-reader.ts';
import { signatureDiagnosis } from './signature-diagnosis.ts';

/** Everything: each dialect, each cloud, the authority, leases, the issuer's documents and the diagnosis of signatures. */
export const dropInSpec = (clouds: readonly Cloud[] = allClouds): FunctionSpec => ({
  dialects: dialectsOf(clouds),
  clouds: [...clouds, ...calledOnly],
  authority: builtInAuthority(clouds),
  leases: leaseReaderFactory,
  documents: withIssuerDocuments,
  diagnosis: signatureDiagnosis,
});
