import { clouds as allClouds, dialectsOf, upstreamsWith } from '../clouds/dialects.ts';
import type { Cloud } from '../core/cloud.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { builtInAuthority } from './built-in-authority.ts';
import type { FunctionSpec } from './function-spec.ts';
import { withIssuerDocuments } from './issuer-documents.ts';
import { leaseReaderFactory } from './lease-reader.ts';
import { signatureDiagnosis } from './signature-diagnosis.ts';

/** A function is built without those that its configuration has no use for. */
const features = {
  authority: (clouds: readonly Cloud[]) => builtInAuthority(clouds),
  leases: () => leaseReaderFactory,
  documents: () => withIssuerDocuments,
  diagnosis: () => signatureDiagnosis,
};

const carriedFeatures: Partial<typeof features> = features;

/** Everything: each dialect, each cloud, the authority, leases, the issuer's documents and the diagnosis of signatures. */
export const dropInSpec = (clouds: readonly Cloud[] = allClouds): FunctionSpec => ({
  dialects: dialectsOf(clouds),
  clouds: upstreamsWith(clouds),
  ...omitUndefined({
    authority: carriedFeatures.authority?.(clouds),
    leases: carriedFeatures.leases?.(),
    documents: carriedFeatures.documents?.(),
    diagnosis: carriedFeatures.diagnosis?.(),
  }),
});
