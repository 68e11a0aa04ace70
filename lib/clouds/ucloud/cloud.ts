import type { Cloud } from '../../sts/cloud.ts';
import { dialect } from './dialect.ts';
import { naming } from './naming.ts';
import { provider } from './provider.ts';
import { variables } from './variables.ts';

/** UCloud's STS: AssumeRole, signed by SHA-1. */
export const ucloud: Cloud = { id: 'ucloud', provider, dialect, naming, variables };
