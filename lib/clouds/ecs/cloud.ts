import type { Cloud } from '../../core/cloud.ts';
import { dialect } from './dialect.ts';
import { naming } from './naming.ts';
import { ecsUpstream } from './upstream.ts';

const { id, provider, checkPolicy, variables } = ecsUpstream;

/** Dell ECS and ObjectScale: STS behind a login, or signed by SigV4. Both ways. */
export const ecs: Cloud = { id, provider, checkPolicy, variables, dialect, naming };
