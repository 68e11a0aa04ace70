import type { Cloud } from '../../sts/cloud.ts';
import { dialect } from './dialect.ts';
import { naming } from './naming.ts';
import { provider } from './provider.ts';
import { variables } from './variables.ts';

/** Dell ECS and ObjectScale: STS behind a login, or signed by SigV4. */
export const ecs: Cloud = { id: 'ecs', provider, dialect, naming, variables };
