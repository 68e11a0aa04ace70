import type { Cloud } from '../../core/cloud.ts';
import { dialect } from './dialect.ts';
import { naming } from './naming.ts';
import { ucloudUpstream } from './upstream.ts';

const { id, provider, checkPolicy, variables } = ucloudUpstream;

/** UCloud's STS: AssumeRole, signed by SHA-1. Both ways. */
export const ucloud: Cloud = { id, provider, checkPolicy, variables, dialect, naming };
