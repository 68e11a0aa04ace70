import type { Cloud } from '../../sts/cloud.ts';
import { dialect } from './dialect.ts';
import { naming } from './naming.ts';
import { provider } from './provider.ts';
import { variables } from './variables.ts';

/** AWS STS, version 2011-06-15; as a provider also Ceph RGW and MinIO. */
export const aws: Cloud = { id: 'aws', provider, dialect, naming, variables };
