import type { ProfileFacts } from '../../core/cloud-facts.ts';
import type { DurationRange, MintOperation } from '../../core/requests.ts';
import { seconds } from './limits.ts';

/** A product whose STS is that of AWS in part, and how it is called. */
export interface Profile extends ProfileFacts {
  /** Where its STS is, if the account's endpoint names no path. */
  readonly path: string;
  /** How long its credentials last, if that differs from AWS. */
  readonly seconds?: { readonly [Op in MintOperation]?: DurationRange };
  /** How a list of tags is spelled. */
  readonly tags?: 'Tags.member' | 'Tag';
}

const policy = ['policy'] as const;
const nothing = [] as const;
const week: DurationRange = { min: 900, default: 3600, max: 604_800 };

/**
 * Products that speak the protocol of AWS STS, by the names that configurations give them. A row has only what its source
 * shows: a store that ignores a parameter would mint more than was allowed, so what is not known cannot be sent.
 */
export const profiles = {
  // rgw_rest_sts.cc and rgw_sts.cc of ceph/ceph: of external ids and MFA codes the form is checked, and no decision uses
  // them; tags come in identity tokens alone. https://docs.ceph.com/en/latest/radosgw/STS/
  ceph: {
    title: 'Ceph RGW',
    path: '/',
    accepts: { AssumeRole: policy, AssumeRoleWithWebIdentity: policy, GetSessionToken: nothing },
    hasIdentity: true,
    errorRoot: 'Error',
    evidence: 'source',
  },
  // https://github.com/minio/minio/blob/master/docs/sts/assume-role.md: the rights are the caller's own.
  minio: {
    title: 'MinIO and AIStor',
    path: '/',
    accepts: { AssumeRole: policy, AssumeRoleWithWebIdentity: policy, GetSessionToken: nothing },
    seconds: { AssumeRole: week, AssumeRoleWithWebIdentity: week, GetSessionToken: week },
    hasIdentity: false,
    ignoresRole: true,
    errorRoot: 'ErrorResponse',
    evidence: 'documented',
  },
  // rustfs/src/admin/handlers/sts.rs of rustfs/rustfs: durations are clamped to those of AWS.
  rustfs: {
    title: 'RustFS',
    path: '/',
    accepts: { AssumeRole: policy, AssumeRoleWithWebIdentity: policy, GetSessionToken: nothing },
    seconds: { GetSessionToken: seconds.AssumeRole },
    hasIdentity: false,
    ignoresRole: true,
    errorRoot: 'Error',
    evidence: 'source',
  },
  // weed/s3api/s3api_sts.go of seaweedfs/seaweedfs.
  seaweedfs: {
    title: 'SeaweedFS',
    path: '/',
    accepts: { AssumeRole: policy, AssumeRoleWithWebIdentity: policy, GetFederationToken: policy },
    hasIdentity: true,
    errorRoot: 'ErrorResponse',
    evidence: 'source',
  },
  // S3STSEndpoint.java of apache/ozone; GetCallerIdentity and web identities since 2026. Its refusals may be plain text.
  ozone: {
    title: 'Apache Ozone',
    path: '/sts',
    accepts: { AssumeRole: policy, AssumeRoleWithWebIdentity: nothing },
    hasIdentity: true,
    evidence: 'source',
  },
  // src/endpoint/sts of noobaa/noobaa-core: a policy is not read at all.
  noobaa: {
    title: 'NooBaa',
    path: '/',
    accepts: { AssumeRole: nothing, AssumeRoleWithWebIdentity: nothing },
    hasIdentity: false,
    errorRoot: 'ErrorResponse',
    evidence: 'source',
  },
  // https://github.com/apache/polaris/issues/5099 and its pull request 5425: a policy is answered by 501.
  vast: {
    title: 'VAST',
    path: '/',
    accepts: { AssumeRole: nothing, AssumeRoleWithWebIdentity: nothing },
    hasIdentity: false,
    evidence: 'reported',
  },
  // https://docs.netapp.com/us-en/storagegrid-120/ and https://github.com/apache/polaris/issues/3440: it refuses a policy
  // that names actions which it does not know.
  storagegrid: {
    title: 'NetApp StorageGRID',
    path: '/',
    accepts: { AssumeRole: policy },
    hasIdentity: false,
    evidence: 'documented',
  },
  // https://github.com/apache/polaris/issues/3038: no AssumeRole that is signed by a key.
  flashblade: {
    title: 'Pure FlashBlade',
    path: '/',
    accepts: { AssumeRoleWithWebIdentity: nothing },
    hasIdentity: false,
    evidence: 'reported',
  },
  // The list of operations in the HyperStore API guide; what each can be told was not to be had.
  cloudian: {
    title: 'Cloudian HyperStore',
    path: '/',
    accepts: { AssumeRole: nothing },
    hasIdentity: true,
    evidence: 'documented',
  },
  // https://docs.wasabi.com/docs/aws-sts-with-wasabi: roles take inline policies.
  wasabi: {
    title: 'Wasabi',
    path: '/',
    accepts: { AssumeRole: policy, GetSessionToken: nothing },
    hasIdentity: true,
    evidence: 'documented',
  },
  // https://www.backblaze.com/apidocs/assumerole lists what it takes, how it is spelled, and what it does not take.
  b2: {
    title: 'Backblaze B2',
    path: '/',
    accepts: { AssumeRole: ['policy', 'tags', 'sourceIdentity'], AssumeRoleWithWebIdentity: nothing },
    tags: 'Tag',
    hasIdentity: true,
    evidence: 'documented',
  },
  // https://www.seagate.com/manuals/lyve-cloud/lyve-cloud-2-api/credential-management: role and session name are required
  // and ignored, and there is no policy.
  lyve: {
    title: 'Seagate Lyve Cloud',
    path: '/',
    accepts: { GetSessionToken: nothing },
    seconds: { GetSessionToken: { min: 900, default: 900, max: 43_200 } },
    hasIdentity: false,
    ignoresRole: true,
    evidence: 'documented',
  },
  // https://docs.vultr.com, how to assume a role: AssumeRole takes an API key as a bearer token, which is not ours to send.
  vultr: {
    title: 'Vultr',
    path: '/',
    accepts: { AssumeRoleWithWebIdentity: nothing },
    hasIdentity: false,
    evidence: 'documented',
  },
} as const satisfies Readonly<Record<string, Profile>>;

/** The profile of a name; undefined if there is none. */
export const profileOf = (name: string): Profile | undefined =>
  Object.hasOwn(profiles, name) ? (profiles as Readonly<Record<string, Profile>>)[name] : undefined;

/** For how long a product gives credentials by an operation that it has. */
export const secondsOf = (operation: MintOperation, profile?: Profile): DurationRange =>
  profile?.seconds?.[operation] ?? seconds[operation];
