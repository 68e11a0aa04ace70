import type { Cloud } from '../../core/cloud.ts';
import { dialect } from './dialect.ts';
import { naming } from './naming.ts';
import { awsUpstream } from './upstream.ts';

const { id, provider, checkPolicy, variables } = awsUpstream;

/** AWS STS, version 2011-06-15; as a provider also Ceph RGW and MinIO. Both ways. */
export const aws: Cloud = { id, provider, checkPolicy, variables, dialect, naming };
